"""A port that is opened, taken away, given back, taken by others and forbidden."""

import errno
import fcntl
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import serial
import serial.rfc2217

from linkytui.line.sources.base import EndOfSource
from linkytui.line.sources.serial_port import OpenPort, SerialSource, open_port
from linkytui.link import LinkError, LinkState
from linkytui.tic import FrameReader
from tests.lines import PATIENCE, Clock, FakeMeter, TcpMeter, historic_frame, wait_until


class Group:
    """A group of users."""

    def __init__(self, name: str, members: list[str]) -> None:
        self.gr_name, self.gr_mem = name, members


def forbidden(port: str, baudrate: int) -> NoReturn:
    """Opens nothing: the system says no."""
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), port)


def read_until(source: SerialSource, wanted: bytes) -> bytes:
    """What a source gives until the wanted bytes are in it, trouble on the way aside."""
    data = b""
    deadline = time.monotonic() + PATIENCE
    while wanted not in data:
        assert time.monotonic() < deadline, data
        try:
            data += source.read()
        except LinkError:
            threading.Event().wait(0.02)
    return data


def trouble(source: SerialSource) -> LinkError:
    """The first trouble that reading meets."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            source.read()
        except LinkError as error:
            return error
    raise AssertionError("reading went well")


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less for a silent line than a meter deserves."""
    monkeypatch.setattr("linkytui.line.sources.serial_port.READ_TIMEOUT", 0.05)


@pytest.fixture
def meter(tmp_path: Path) -> Iterator[FakeMeter]:
    with FakeMeter(tmp_path / "usb-meter") as meter:
        yield meter


@pytest.fixture
def source(meter: FakeMeter) -> Iterator[SerialSource]:
    source = SerialSource(meter.port)
    source.read()
    yield source
    source.close()


def test_the_bytes_come_as_they_were_sent(meter: FakeMeter, source: SerialSource) -> None:
    every_byte = bytes(range(256))
    meter.say(every_byte)
    assert read_until(source, every_byte[-1:]) == every_byte


def test_much_is_read_in_few_pieces(meter: FakeMeter, source: SerialSource) -> None:
    frames = historic_frame() * 200
    sender = threading.Thread(target=meter.say, args=(frames,))
    sender.start()
    data, reads = b"", 0
    while len(data) < len(frames):
        data += source.read()
        reads += 1
    sender.join()
    assert data == frames
    assert reads < len(frames) / 20


def test_eight_bits_with_the_parity_in_the_top_one_are_understood(meter: FakeMeter, source: SerialSource) -> None:
    frame = historic_frame()
    with_parity = bytes(code | (code.bit_count() % 2) << 7 for code in frame)
    meter.say(with_parity)
    (heard,) = FrameReader().feed(read_until(source, b"\x03" if b"\x03" in with_parity else b"\x83"))
    assert heard.complete
    assert len(heard.groups) == 11


def test_a_silent_line_gives_nothing_in_time(meter: FakeMeter, source: SerialSource) -> None:
    assert source.read() == b""


def test_the_time_is_that_of_the_bytes(meter: FakeMeter) -> None:
    clock = Clock(1_780_000_000.0)
    source = SerialSource(meter.port, clock=clock)
    source.read()
    meter.say(b"x")
    clock.now += 5
    read_until(source, b"x")
    clock.now += 5
    assert source.now() == 1_780_000_005.0
    source.close()


def test_the_speed_can_change_while_the_port_is_open(meter: FakeMeter, source: SerialSource) -> None:
    for speed in (9600, 1200, 1200, 9600):
        source.listen_at(speed)
        source.read()
        assert source.baudrate == speed
    meter.say(b"still here")
    assert read_until(source, b"here") == b"still here"


def test_the_same_pseudo_terminal_can_be_opened_again(meter: FakeMeter) -> None:
    for _ in range(3):
        source = SerialSource(meter.port)
        assert source.read() == b""
        source.close()


def test_a_port_that_was_never_there(tmp_path: Path) -> None:
    error = trouble(SerialSource(str(tmp_path / "nothing")))
    assert error.state is LinkState.NO_PORT
    assert error.detail == f"There is no {tmp_path}/nothing: plug in the dongle, or choose another port."


def test_a_port_plugged_in_later_is_read(tmp_path: Path) -> None:
    with FakeMeter(tmp_path / "usb-meter", plugged=False) as meter:
        source = SerialSource(meter.port)
        assert trouble(source).state is LinkState.NO_PORT
        meter.plug()
        source.read()
        meter.say(b"hello")
        assert read_until(source, b"hello") == b"hello"
        source.close()


def test_unplugged_and_plugged_in_again_as_another_device(meter: FakeMeter, source: SerialSource) -> None:
    first = meter.device
    meter.unplug()
    error = trouble(source)
    assert error.state is LinkState.UNPLUGGED
    assert meter.port in error.detail
    assert trouble(source).state is LinkState.UNPLUGGED
    with FakeMeter(meter.link.with_name("takes-the-old-device")):
        meter.plug()
        assert meter.device != first
        source.read()
        meter.say(b"again")
        assert read_until(source, b"again") == b"again"


def test_a_link_that_leads_elsewhere_is_followed(meter: FakeMeter, source: SerialSource, tmp_path: Path) -> None:
    with FakeMeter(tmp_path / "other") as other:
        meter.link.unlink()
        meter.link.symlink_to(other.device)
        assert trouble(source).state is LinkState.UNPLUGGED
        source.read()
        other.say(b"over here")
        assert read_until(source, b"here") == b"over here"


def test_a_port_in_use_names_who_uses_it(meter: FakeMeter) -> None:
    with Path(meter.device).open("rb+", buffering=0) as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        source = SerialSource(meter.port)
        error = trouble(source)
        assert error.state is LinkState.BUSY
        assert f"(process {os.getpid()})" in error.detail
    assert source.read() == b""
    source.close()


def test_two_sources_do_not_share_a_port(meter: FakeMeter, source: SerialSource) -> None:
    assert trouble(SerialSource(meter.port)).state is LinkState.BUSY


class Rfc2217Server:
    """A port offered over the network with its speed, as ser2net's telnet mode does."""

    def __init__(self) -> None:
        self.port = serial.serial_for_url("loop://", baudrate=300)
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"rfc2217://127.0.0.1:{self._server.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Called by pyserial to answer the client."""
        self._client.sendall(data)

    def say(self, data: bytes) -> None:
        """Send bytes to the client, as the protocol wants them."""
        self.write(b"".join(self._manager.escape(data)))

    def _serve(self) -> None:
        self._client, _address = self._server.accept()
        self._manager = serial.rfc2217.PortManager(self.port, self)
        with self._client:
            while data := self._client.recv(1024):
                list(self._manager.filter(data))

    def close(self) -> None:
        """Stop, once the client is gone."""
        self._thread.join(PATIENCE)
        self._server.close()


# pyserial 3.5 starts its thread by names that Python has renamed.
@pytest.mark.filterwarnings("ignore:set:DeprecationWarning")
def test_a_remote_port_is_told_the_speed() -> None:
    server = Rfc2217Server()
    source = SerialSource(server.url, 1200)
    assert source.baudrate == 1200
    source.read()
    assert (server.port.baudrate, server.port.bytesize, server.port.parity) == (1200, 7, "E")
    source.listen_at(9600)
    source.read()
    assert server.port.baudrate == 9600
    server.say(historic_frame())
    assert read_until(source, b"\x03") == historic_frame()
    source.close()
    server.close()


class SharedPort:
    """A port on which somebody else was quicker to read."""

    baudrate = 1200
    in_waiting = 0

    def read(self, size: int) -> bytes:  # noqa: ARG002
        raise serial.SerialException("device reports readiness to read but returned no data")

    def fileno(self) -> int:
        return -1

    def close(self) -> None: ...


def test_a_program_that_reads_the_same_port_is_named_until_it_stops(meter: FakeMeter) -> None:
    opened = []

    def opener(port: str, baudrate: int) -> OpenPort:
        opened.append(port)
        return SharedPort() if len(opened) == 1 else open_port(port, baudrate)

    source = SerialSource(meter.port, opener=opener)
    with Path(meter.device).open("rb", buffering=0):
        for _ in range(3):
            error = trouble(source)
            assert error.state is LinkState.BUSY
            assert f"(process {os.getpid()})" in error.detail
        assert len(opened) == 1
    assert source.read() == b""
    source.close()


def test_a_program_that_has_a_real_port_open_without_a_lock_is_named(
    meter: FakeMeter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linkytui.line.sources.serial_port.is_pseudo_terminal", lambda _port: False)
    source = SerialSource(meter.port, opener=lambda _port, _baudrate: pytest.fail("opened"))
    with Path(meter.device).open("rb", buffering=0):
        error = trouble(source)
    assert error.state is LinkState.BUSY
    assert f"(process {os.getpid()})" in error.detail


def test_a_port_that_fails_without_a_reason_names_both_causes(meter: FakeMeter) -> None:
    error = trouble(SerialSource(meter.port, opener=lambda _port, _baudrate: SharedPort()))
    assert error.state is LinkState.UNPLUGGED
    assert "another program" in error.detail


def test_a_forbidden_port_says_which_group_to_join(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    port = tmp_path / "port"
    port.touch()
    port.chmod(0o660)
    monkeypatch.setattr("linkytui.line.sources.trouble.grp.getgrgid", lambda _gid: Group("dialout", []))
    monkeypatch.setattr("linkytui.line.sources.trouble._user", lambda: "marie")
    monkeypatch.setattr(Path, "stat", lambda _path: os.stat_result((0o660, 0, 0, 1, 0, 20, 0, 0, 0, 0)))
    error = trouble(SerialSource(str(port), opener=forbidden))
    assert error.state is LinkState.NO_PERMISSION
    assert "“sudo usermod -aG dialout marie”" in error.detail
    assert "log in again" in error.detail


def test_who_has_just_joined_the_group_only_logs_in_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkytui.line.sources.trouble.grp.getgrgid", lambda _gid: Group("dialout", ["marie"]))
    monkeypatch.setattr("linkytui.line.sources.trouble._user", lambda: "marie")
    monkeypatch.setattr("linkytui.line.sources.trouble.os.getgroups", lambda: [1000])
    monkeypatch.setattr(Path, "stat", lambda _path: os.stat_result((0o660, 0, 0, 1, 0, 20, 0, 0, 0, 0)))
    error = trouble(SerialSource(str(tmp_path / "port"), opener=forbidden))
    assert error.state is LinkState.NO_PERMISSION
    assert "usermod" not in error.detail
    assert "log in again" in error.detail


def test_a_port_that_a_console_keeps_for_root_names_the_console(tmp_path: Path) -> None:
    port = tmp_path / "ttyAMA0"
    port.touch(0o600)
    error = trouble(SerialSource(str(port), opener=forbidden))
    assert error.state is LinkState.NO_PERMISSION
    assert "raspi-config" in error.detail


@pytest.mark.parametrize("make", [Path.touch, Path.mkdir])
def test_what_is_no_serial_port_is_called_so(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "thing")
    error = trouble(SerialSource(str(tmp_path / "thing")))
    assert error.state is LinkState.FAILED
    assert error.detail == f"{tmp_path}/thing is not a serial port."


def test_an_unknown_kind_of_address_is_one_line(tmp_path: Path) -> None:
    error = trouble(SerialSource("carrier-pigeon://home"))
    assert error.state is LinkState.FAILED
    assert "carrier-pigeon" in error.detail
    assert "\n" not in error.detail


def test_the_port_is_looked_for_at_each_attempt(meter: FakeMeter) -> None:
    found = [None, meter.port]

    def find() -> str:
        port = found.pop(0)
        if port is None:
            raise LinkError(LinkState.NO_PORT, "none yet")
        return port

    source = SerialSource(find)
    assert trouble(source).state is LinkState.NO_PORT
    assert source.read() == b""
    assert source.name == meter.port
    source.close()


def test_a_dongle_that_is_gone_was_unplugged(meter: FakeMeter) -> None:
    ports = [meter.port]

    def find() -> str:
        if not ports:
            raise LinkError(LinkState.NO_PORT, "none")
        return ports[0]

    source = SerialSource(find)
    source.read()
    ports.clear()
    meter.unplug()
    assert trouble(source).state is LinkState.UNPLUGGED
    assert trouble(source).state is LinkState.UNPLUGGED
    source.close()


def test_closing_wakes_a_read_and_ends_the_source(meter: FakeMeter, source: SerialSource) -> None:
    started, got = threading.Event(), []

    def read_on() -> None:
        try:
            while True:
                started.set()
                got.append(source.read())
        except EndOfSource:
            got.append(b"end")

    reader = threading.Thread(target=read_on, daemon=True)
    reader.start()
    assert started.wait(PATIENCE)
    source.close()
    source.close()
    reader.join(PATIENCE)
    assert got[-1] == b"end"
    wait_until(lambda: not meter.heard)


def test_closing_before_the_first_read_opens_nothing(meter: FakeMeter) -> None:
    source = SerialSource(meter.port)
    source.close()
    with pytest.raises(EndOfSource):
        source.read()
    assert not meter.heard


def test_an_address_is_read_dropped_and_read_again() -> None:
    with TcpMeter() as meter:
        source = SerialSource(meter.port)
        assert source.baudrate is None
        source.read()
        meter.accept()
        meter.say(historic_frame(1230))
        assert read_until(source, b"\x03") == historic_frame(1230)
        meter.drop()
        error = trouble(source)
        assert error.state is LinkState.UNPLUGGED
        assert error.detail == f"{meter.port} closed the connection."
        source.read()
        meter.accept()
        meter.say(historic_frame(4560))
        assert read_until(source, b"\x03") == historic_frame(4560)
        source.close()


@pytest.mark.parametrize("port", ["socket://", "socket://somewhere", "socket://somewhere:port", "rfc2217://:7000"])
def test_half_an_address_says_what_a_whole_one_is(port: str) -> None:
    error = trouble(SerialSource(port))
    assert error.state is LinkState.FAILED
    assert error.detail == f"{port} is not a complete address: write it as socket://host:port."


def test_an_address_where_nobody_listens_says_so() -> None:
    with TcpMeter() as meter:
        port = meter.port
    error = trouble(SerialSource(port))
    assert error.state is LinkState.FAILED
    assert error.detail == f"Cannot reach {port}: Connection refused."


def resting(source: SerialSource) -> tuple[threading.Thread, list[object]]:
    """A thread that reads a source which rests for longer than any test takes, and what it got."""
    got: list[object] = []

    def read_on() -> None:
        try:
            got.append(source.read())
        except (LinkError, EndOfSource) as error:
            got.append(error)

    source.rest(PATIENCE * 2)
    reader = threading.Thread(target=read_on, daemon=True)
    reader.start()
    return reader, got


def test_who_rests_hears_of_an_unplugged_port_at_once(meter: FakeMeter, source: SerialSource) -> None:
    reader, got = resting(source)
    meter.unplug()
    reader.join(PATIENCE)
    (error,) = got
    assert isinstance(error, LinkError)
    assert error.state is LinkState.UNPLUGGED


def test_who_rests_is_woken_by_the_end(source: SerialSource) -> None:
    reader, got = resting(source)
    source.close()
    reader.join(PATIENCE)
    assert not reader.is_alive()
    assert len(got) == 1


def test_a_rest_holds_for_the_port_that_is_open_alone(meter: FakeMeter, source: SerialSource) -> None:
    source.rest(PATIENCE * 2)
    meter.unplug()
    assert trouble(source).state is LinkState.UNPLUGGED
    meter.plug()
    source.read()
    meter.say(b"at once")
    assert read_until(source, b"once") == b"at once"


def test_an_address_rests_too_and_hears_that_it_was_closed() -> None:
    with TcpMeter() as meter:
        source = SerialSource(meter.port)
        source.read()
        meter.accept()
        reader, got = resting(source)
        meter.drop()
        reader.join(PATIENCE)
        (error,) = got
        assert isinstance(error, LinkError)
        assert error.state is LinkState.UNPLUGGED
        source.close()
