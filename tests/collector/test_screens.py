"""Real screens in terminals of their own, beside a collector and without one."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from linkytui.history import HistoryReader
from linkytui.line.relay.place import Place
from linkytui.line.relay.subscription import query_report
from tests.collector.processes import Collector, CountingMeter
from tests.line.relay.visitors import Listening
from tests.lines import PATIENCE, wait_until
from tests.terminal import Terminal

SCREEN = [sys.executable, "-m", "linkytui"]


@pytest.fixture
def meter(tmp_path: Path) -> Iterator[CountingMeter]:
    """A meter that nobody reads yet."""
    with CountingMeter(tmp_path / "meter") as made:
        yield made


@pytest.fixture
def collector(tmp_path: Path, meter: CountingMeter, monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that may be started; screens opened here are of the same user and have the same settings."""
    made = Collector(tmp_path, meter.port)
    for name, value in made.environment.items():
        if name.startswith("LINKYTUI_"):
            monkeypatch.setenv(name, value)
    # Somebody who has set something is not asked for it.
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    yield made
    if made.process is not None and made.process.poll() is None:
        made.kill()


def shows(screen: Terminal, meter: CountingMeter, pattern: str) -> None:
    """Let the meter talk until a screen shows this."""
    deadline = time.monotonic() + PATIENCE
    while True:
        meter.send(2)
        if screen.shows(pattern):
            return
        assert time.monotonic() < deadline, f"{pattern} never came:\n{screen.text}"


def test_neither_stopped_screens_nor_clients_that_never_read_slow_the_reading(
    meter: CountingMeter, collector: Collector
) -> None:
    with ExitStack() as stack:
        collector.start()
        wait_until(lambda: meter.heard)
        watching, stopped = (stack.enter_context(Terminal(SCREEN)) for _ in range(2))
        lazy = stack.enter_context(Listening(collector.place.socket))
        for screen in (watching, stopped):
            shows(screen, meter, r"live.*collector")
        os.kill(stopped.pid, signal.SIGSTOP)
        before = meter.frames
        meter.send(4000)
        collector.reads(meter.frames - 10)
        report = collector.report
        assert report is not None
        assert report.link.rejected == 0
        assert lazy.is_sent_away()
        shows(watching, meter, r"live.*collector")
        assert meter.frames - before >= 4000
        (frames,) = re.findall(r"([\d,]+) frames", stopped.text)
        os.kill(stopped.pid, signal.SIGCONT)
        shows(stopped, meter, rf"live.*(?<![\d,])(?!{frames} )[\d,]+ frames.*collector")
        watching.press("q")
        assert watching.ended() == 0
        assert collector.stop() == 0


def test_a_screen_reads_hands_over_to_a_collector_and_comes_back_to_it(
    tmp_path: Path, meter: CountingMeter, collector: Collector
) -> None:
    place = Place(collector.place.socket.with_name("screen.sock"))
    with Terminal(SCREEN) as first, Terminal(SCREEN) as second:
        wait_until(lambda: meter.heard)
        shows(first, meter, r"live")
        shows(second, meter, r"live")
        names = sorted("another screen" in screen.text for screen in (first, second))
        assert names == [False, True], "one reads, the other listens to it"
        report = query_report(place)
        assert report is not None
        assert report.kind == "screen"

        collector.start()
        for screen in (first, second):
            shows(screen, meter, r"live.*collector")
        collector.reads(1)
        assert query_report(place) is None
        before = HistoryReader(tmp_path / "history").newest_sample()
        assert before > 0, "the screen kept what it read"

        collector.kill()
        for screen in (first, second):
            screen.wait_for(r"Nothing is reading the meter")
        collector.start()
        wait_until(lambda: meter.heard)
        for screen in (first, second):
            shows(screen, meter, r"live.*collector")
        assert collector.stop() == 0
        assert HistoryReader(tmp_path / "history").newest_sample() > before
        for screen in (first, second):
            screen.press("q")
            assert screen.ended() == 0


def test_a_suspended_screen_leaves_the_port_to_the_next_one(meter: CountingMeter, collector: Collector) -> None:
    place = Place(collector.place.socket.with_name("screen.sock"))
    with Terminal(SCREEN) as first:
        wait_until(lambda: meter.heard)
        shows(first, meter, r"live")
        first.press("\x1a")
        wait_until(lambda: f"{Path(f'/proc/{first.pid}/stat').read_text().split()[2]}" == "T", lambda: first.shows("x"))
        assert query_report(place) is None
        with Terminal(SCREEN) as second:
            wait_until(lambda: meter.heard)
            shows(second, meter, r"live")
            first.wipe()
            os.kill(first.pid, signal.SIGCONT)
            shows(first, meter, r"live.*another screen")
            shows(first, meter, r"Power now(?s:.*)q Quit")


def test_a_damaged_history_is_told_by_the_screen_that_reads_and_by_others(
    meter: CountingMeter, collector: Collector
) -> None:
    collector.history.mkdir(parents=True)
    (collector.history / "history.db").write_bytes(b"no database" * 1000)
    with Terminal(SCREEN) as first, Terminal(SCREEN) as second:
        wait_until(lambda: meter.heard)
        for screen in (first, second):
            shows(screen, meter, r"The history was damaged")


@pytest.mark.parametrize(
    "end",
    [Terminal.interrupt, Terminal.hang_up, Terminal.vanish],
    ids=["ended", "its terminal gone", "its terminal gone without a signal"],
)
def test_a_screen_that_is_ended_from_outside_writes_what_came_at_once(
    end: Callable[[Terminal], int], meter: CountingMeter, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKYTUI_HISTORY_FLUSH_SECONDS", "3600")
    history = HistoryReader(collector.history)
    with Terminal(SCREEN) as screen:
        wait_until(lambda: meter.heard)
        shows(screen, meter, r"live")
        written = history.newest_sample()
        shows(screen, meter, r"kWh")
        assert end(screen) == 0
    assert history.newest_sample() > written
