"""A collector that is killed at random moments, again and again, loses no more than what was not flushed yet."""

import random
import time
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from linkytui.history import HistoryReader
from tests.collector.processes import BASE_WH, Collector, CountingMeter
from tests.lines import wait_until

LIVES = 11
FLUSH = 1.0
TOGETHER = 2.0
"""Seconds of frames that a busy machine may take in one read."""
LATE = 6.0
"""Seconds that a busy machine may need for what should take none."""


def test_killed_ten_times_every_register_is_right_and_only_the_last_moments_are_lost(tmp_path: Path) -> None:
    chance = random.Random(1200)  # noqa: S311 -- the same moments each time
    killed: list[tuple[int, float]] = []
    with CountingMeter(tmp_path / "meter") as meter:
        for life in range(LIVES):
            with Collector(tmp_path, meter.port) as collector:
                wait_until(lambda: meter.heard)
                meter.send(chance.randrange(40, 90), pace=0.015)
                if life < LIVES - 1:
                    collector.kill()
                    killed.append((meter.frames, time.monotonic()))
                else:
                    collector.reads(1)
                    wait_until(lambda: _newest(collector) == meter.frames)
                    meter.send()  # alone in its read, so that the history keeps it
                    wait_until(lambda: _newest(collector) == meter.frames)
                    assert collector.stop() == 0
                    assert "Traceback" not in collector.log
    reader = HistoryReader(tmp_path / "history")
    samples = reader.samples(0, 1_000_000)
    kept = [sample.power or 0 for sample in samples]
    assert kept == sorted(set(kept)), "a frame is there twice, or they are out of order"
    assert kept[-1] == meter.frames, "a polite end loses nothing"

    first = 0
    for last, moment in killed:
        lived = [number for number in kept if first < number <= last]
        for one, after in pairwise(lived):
            # Frames that came in one read have one moment, and the history keeps one of them.
            assert meter.sent_at[after - 1] - meter.sent_at[one - 1] < TOGETHER, "there is a hole within a life"
        lost = [
            number for number in range(first + 1, last + 1) if number not in lived and number > max(lived, default=0)
        ]
        if lost:
            assert moment - meter.sent_at[lost[0] - 1] < FLUSH + LATE
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
    assert sum(hour.wh.get("HP", 0) for hour in hours) == meter.registers[-1] - meter.registers[kept[0] - 1]


def _newest(collector: Collector) -> int:
    """The number of the last frame that the collector has read."""
    report = collector.report
    return (report.reading.power or 0) if report is not None and report.reading is not None else 0
