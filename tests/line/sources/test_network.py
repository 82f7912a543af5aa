"""Ports on the network: bridges that are restarted without a word, and RFC 2217 by a real ser2net."""

import os
import pty
import shutil
import socket
import subprocess
import threading
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from linkytui.line.sources.network import SILENT_FOR
from linkytui.line.sources.serial_port import SerialSource
from linkytui.link import LinkError, LinkState
from tests.lines import Clock, TcpMeter, historic_frame, wait_until

FRAME = historic_frame()


def test_after_silence_a_connection_is_made_anew() -> None:
    """A bridge that lost its power says no farewell: to us the connection lasts for ever."""
    with TcpMeter() as meter:
        clock = Clock()
        source = SerialSource(meter.port, monotonic=clock)
        assert source.read() == b""
        meter.accept()
        meter.say(b"before")
        assert gather(source, 6) == b"before"
        dead, meter._client = meter._client, None
        clock.now += SILENT_FOR - 1
        assert source.read() == b""
        clock.now += 2
        assert source.read() == b""
        assert source.read() == b""
        meter.accept()
        meter.say(b"after")
        assert gather(source, 5) == b"after"
        assert dead is not None
        dead.close()
        source.close()


def test_the_other_end_is_asked_whether_it_is_still_there() -> None:
    with TcpMeter() as meter:
        source = SerialSource(meter.port)
        source.read()
        connection = source._port._socket  # type: ignore[union-attr]
        assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        asked_within = sum(
            connection.getsockopt(socket.IPPROTO_TCP, option) for option in (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL)
        )
        assert asked_within < 60
        source.close()


def gather(source: SerialSource, count: int) -> bytes:
    """So many bytes, however they come."""
    data = bytearray()

    def enough() -> bool:
        data.extend(source.read())
        return len(data) >= count

    wait_until(enough)
    return bytes(data)


@contextmanager
def ser2net(folder: Path, device: str) -> Iterator[str]:
    """A real ser2net that offers a device by RFC 2217 on a port of this machine."""
    program = shutil.which("ser2net") or shutil.which("ser2net", path="/usr/sbin")
    if program is None:
        pytest.skip("ser2net is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "ser2net.yaml"
    settings.write_text(
        f"""%YAML 1.1
---
connection: &meter
  accepter: telnet(rfc2217),tcp,127.0.0.1,{port}
  connector: serialdev,{device},1200e71,local
  options:
    kickolduser: true
""",
        encoding="ascii",
    )
    server = subprocess.Popen(
        [program, "-n", "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_until(lambda: _answers(port))
        yield f"rfc2217://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def wire() -> Iterator[tuple[str, Callable[[bytes], object]]]:
    """A pseudo-terminal: its name, and what says something on it."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    try:
        yield os.ttyname(slave), lambda data: os.write(master, data)
    finally:
        os.close(master)
        os.close(slave)


def test_a_meter_behind_ser2net_is_read(tmp_path: Path) -> None:
    with wire() as (device, say), ser2net(tmp_path, device) as address:
        source = SerialSource(f"{address}?ign_set_control")
        source.read()
        say(FRAME)
        assert gather(source, len(FRAME)) == FRAME
        source.close()


def test_a_server_that_does_not_answer_the_control_is_told_in_one_line(tmp_path: Path) -> None:
    """A pseudo-terminal has no lines to control, and ser2net says nothing."""
    with wire() as (device, _say), ser2net(tmp_path, device) as address:
        source = SerialSource(address)
        with pytest.raises(LinkError, match=r"add \?ign_set_control"):
            source.read()
        source.close()


def test_a_server_without_its_device_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[object] = []
    monkeypatch.setattr(threading, "excepthook", failed.append)
    with ser2net(tmp_path, "/dev/ttyNOWHERE") as address:
        source = SerialSource(f"{address}?ign_set_control")
        for _attempt in range(3):
            with pytest.raises(LinkError) as caught:
                source.read()
            assert caught.value.state is LinkState.FAILED
            assert "\n" not in caught.value.detail
            assert address in caught.value.detail
        source.close()
    assert failed == []


def test_a_server_that_goes_and_comes_back_is_read_again(tmp_path: Path) -> None:
    with wire() as (device, say):
        with ser2net(tmp_path, device) as address:
            source = SerialSource(f"{address}?ign_set_control")
            source.read()
            say(FRAME)
            assert gather(source, len(FRAME)) == FRAME
        with pytest.raises(LinkError):
            gather(source, 1)
        source.close()
