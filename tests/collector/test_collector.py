"""The collector as a process: how it begins and ends, who listens to it, and what it survives."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import serial

from linkytui.history import HistoryReader
from linkytui.line.relay.report import Delivery
from linkytui.line.relay.subscription import DROP_BACKLOG, request
from linkytui.tic import FrameReader
from tests.collector.processes import Collector, CountingMeter
from tests.line.relay.visitors import Listening
from tests.lines import PATIENCE, wait_until
from tests.servers import free_port


@pytest.fixture
def meter(tmp_path: Path) -> Iterator[CountingMeter]:
    """A meter that nobody reads yet."""
    with CountingMeter(tmp_path / "meter") as made:
        yield made


def state(collector: Collector) -> str:
    """The state of its line."""
    report = collector.report
    return report.link.state if report is not None else ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_polite_end_writes_what_came_at_once(tmp_path: Path, meter: CountingMeter, number: int) -> None:
    with Collector(tmp_path, meter.port, LINKYTUI_HISTORY_FLUSH_SECONDS="3600") as collector:
        wait_until(lambda: meter.heard)
        meter.send(12)
        collector.reads(12)
        meter.send()  # alone in its read, so that the history keeps it
        collector.reads(13)
        assert collector.stop(number) == 0
        assert not collector.place.socket.exists()
    kept = [sample.power for sample in HistoryReader(tmp_path / "history").samples()]
    assert (kept[0], kept[-1]) == (1, 13)
    assert collector.log.count("\n") == 2, "one line for the line, one for the history"


def test_with_nohup_it_outlives_its_terminal(tmp_path: Path, meter: CountingMeter) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as a process that is started inherits it
    try:
        collector = Collector(tmp_path, meter.port).start()
    finally:
        signal.signal(signal.SIGHUP, before)
    assert collector.process is not None
    collector.process.send_signal(signal.SIGHUP)
    wait_until(lambda: meter.heard)
    meter.send(5)
    collector.reads(4)
    assert collector.stop() == 0


def test_a_second_collector_is_refused_in_one_line(tmp_path: Path, meter: CountingMeter) -> None:
    with Collector(tmp_path, meter.port) as first:
        assert first.process is not None
        second = Collector(tmp_path, meter.port)
        second._log = tmp_path / "second log"
        with second._log.open("w") as log:
            done = subprocess.run(
                [sys.executable, "-m", "linkytui", "collect"],
                stderr=log,
                env=second.environment,
                timeout=PATIENCE,
                check=False,
            )
        assert done.returncode == 1
        assert second.log == f"linkytui: A collector is already running (process {first.process.pid}): stop it first.\n"
        assert state(first)


def test_screens_see_the_callbacks_of_a_collector_and_have_it_drop_its_backlog(
    tmp_path: Path, meter: CountingMeter
) -> None:
    nobody = {"LINKYTUI_INFLUXDB_HOST": "127.0.0.1", "LINKYTUI_INFLUXDB_PORT": str(free_port())}
    with Collector(tmp_path, meter.port, LINKYTUI_INFLUXDB_ENABLED="true", **nobody) as collector:

        def delivery() -> Delivery | None:
            report = collector.report
            return next((one.delivery for one in report.callbacks if one.delivery), None) if report else None

        wait_until(lambda: meter.heard)
        meter.send(20)
        wait_until(lambda: (told := delivery()) and told.waiting and told.error)
        told = delivery()
        assert told is not None
        assert "Nothing listens at 127.0.0.1" in str(told.error)
        assert request(collector.place, DROP_BACKLOG)
        wait_until(lambda: (told := delivery()) and told.waiting == 0)
        assert "what waited is dropped" in collector.log
        report = collector.report
        assert report is not None
        assert Path(str(report.settings)).name == "config.toml"
        assert collector.stop() == 0


def test_systemd_hears_when_it_is_ready_that_it_lives_and_when_it_stops(tmp_path: Path, meter: CountingMeter) -> None:
    name = f"linkytui-test-{os.getpid()}-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0{name}")
        systemd.settimeout(PATIENCE)
        heard: list[str] = []

        def hear_until(words: str) -> None:
            while words not in heard:
                heard.append(systemd.recv(4096).decode())

        variables = {"NOTIFY_SOCKET": f"@{name}", "WATCHDOG_USEC": "300000"}
        with Collector(tmp_path, meter.port, **variables) as collector:
            hear_until("READY=1")
            wait_until(lambda: meter.heard)
            meter.send(5)
            hear_until("WATCHDOG=1")
            hear_until(f"STATUS={meter.port}, live")
            assert collector.process is not None
            heard.clear()
            hear_until("WATCHDOG=1")
            assert collector.stop() == 0
            hear_until("STOPPING=1")


def test_a_collector_without_a_port_is_there_and_begins_when_the_port_comes(
    tmp_path: Path, meter: CountingMeter
) -> None:
    meter.unplug()
    with Collector(tmp_path, meter.port) as collector:
        wait_until(lambda: state(collector) == "no port")
        meter.plug()
        wait_until(lambda: meter.heard)
        meter.send(5)
        collector.reads(4)
        meter.unplug()
        wait_until(lambda: state(collector) == "unplugged")
        meter.plug()
        wait_until(lambda: meter.heard)
        meter.send(5)
        wait_until(lambda: state(collector) == "live")
        assert collector.stop() == 0
    states = [line.split()[3].rstrip(":") for line in collector.log.splitlines() if "meter" in line]
    assert states == ["no", "live", "unplugged", "live"] or states == ["no", "waiting", "live", "unplugged", "live"]


def test_other_programs_read_the_meter_by_tcp(tmp_path: Path, meter: CountingMeter) -> None:
    port = free_port()
    with Collector(tmp_path, meter.port, LINKYTUI_RELAY_TCP=f"127.0.0.1:{port}") as collector:
        wait_until(lambda: meter.heard)
        reader, frames = FrameReader("historic"), 0

        def reachable() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0

        wait_until(reachable)
        with serial.serial_for_url(f"socket://127.0.0.1:{port}", timeout=1) as line:
            while frames < 5:
                meter.send()
                frames += sum(frame.complete for frame in reader.feed(line.read(line.in_waiting or 1)))
        assert not reader.rejected
        assert collector.stop() == 0


def test_a_history_that_cannot_be_kept_does_not_keep_it_from_reading(tmp_path: Path, meter: CountingMeter) -> None:
    (tmp_path / "history").write_text("a file where the folder should be")
    with Collector(tmp_path, meter.port) as collector, Listening(collector.place.socket) as client:
        wait_until(lambda: meter.heard)
        meter.send(20)
        collector.reads(10)
        assert client.hear(1) == b"\x02"
        assert collector.stop() == 0
    assert "Traceback" not in collector.log


def test_a_change_of_the_settings_file_is_in_effect_at_once(tmp_path: Path, meter: CountingMeter) -> None:
    config = tmp_path / "config.toml"
    config.write_text("")
    with Collector(tmp_path, meter.port, "--config", str(config)) as collector:
        wait_until(lambda: meter.heard)
        meter.send(5)
        report = collector.report
        assert report is not None
        assert report.backlog is None
        port = free_port()
        config.write_text(f'[influxdb]\nenabled = true\nhost = "127.0.0.1"\nport = {port}\n')
        wait_until(lambda: (report := collector.report) and report.backlog is not None, meter.send)
        config.write_text("[influxdb]\nenabled = perhaps\n")
        wait_until(lambda: "the previous settings stay in effect" in collector.log)
