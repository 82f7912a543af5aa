"""A collector that is killed at random moments, again and again, loses no more than what was not flushed yet."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from linkytui.history import HistoryReader
from tests.collector.processes import BASE_WH, Collector, CountingMeter
from tests.line.relay.visitors import Listening
from tests.lines import wait_until

LIVES = 11


def test_killed_ten_times_every_register_is_right_and_only_the_last_moments_are_lost(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(1200)  # noqa: S311 -- the same moments each time
    history = HistoryReader(tmp_path / "history")
    killed: list[tuple[int, set[int]]] = []
    with CountingMeter(tmp_path / "meter") as meter:
        for life in range(LIVES):
            with Collector(tmp_path, meter.port) as collector, Listening(collector.place.socket) as guest:
                wait_until(lambda: meter.heard)
                assert collector.report, "who asks later than the guest came is answered when the guest is let in"
                for _ in range(chance.randrange(15, 40)):
                    # Frames that come in one read have one moment, and the history keeps one of them.
                    guest.hear(meter.send(pace=0.002))
                if life == LIVES - 1:
                    assert collector.stop() == 0
                    assert "Traceback" not in collector.log
                    break
                if life % 3 == 0:
                    wait_until(lambda: meter.frames in _kept(history))
                collector.kill()
                killed.append((meter.frames, _kept(history)))
    reader = HistoryReader(tmp_path / "history")
    samples = reader.samples(0, 1_000_000)
    kept = [sample.power or 0 for sample in samples]
    assert kept == sorted(set(kept)), "a frame is there twice, or they are out of order"
    assert kept[-1] == meter.frames, "a polite end loses nothing"

    first = 0
    for life, (last, written) in enumerate(killed):
        lived = [number for number in kept if first < number <= last]
        assert lived == list(range(first + 1, first + 1 + len(lived))), "there is a hole within a life"
        assert set(lived) == {number for number in written if number > first}, "what was written is not there any more"
        if life % 3 == 0:
            assert lived[-1] == last, "what was flushed is lost"
        first = last

    for sample in samples:
        assert sample.registers["HP"] == meter.registers[(sample.power or 0) - 1]
    assert reader.registers_at(time.time())["HP"].wh == meter.registers[-1] >= BASE_WH
    assert reader.registers_at(time.time())["HC"].wh == 723392
    zone = ZoneInfo("Europe/Paris")
    recorded = reader.recorded()
    assert recorded is not None
    hours = reader.hours(
        datetime.fromtimestamp(recorded[0], zone), datetime.fromtimestamp(recorded[1], zone) + timedelta(hours=1)
    )
    booked = sum(hour.wh.get("HP", 0) for hour in hours)
    assert booked == meter.registers[-1] - meter.registers[kept[0] - 1]
    record_property("tries", len(killed))
    record_property("frames", meter.frames - len(kept))
    record_property("wh", meter.registers[-1] - meter.registers[kept[0] - 1] - booked)


def _kept(history: HistoryReader) -> set[int]:
    """The numbers of the frames that are written."""
    return {sample.power or 0 for sample in history.samples(0, 1_000_000)}
