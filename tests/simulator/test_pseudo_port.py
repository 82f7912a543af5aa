"""The port that the simulated meter offers behaves as a serial port with a meter behind it."""

import fcntl
import os
import select
import sys
import termios
from io import FileIO
from pathlib import Path

import pytest

from linkytui.errors import LinkytuiError
from linkytui.simulator.pseudo_port import PseudoPort
from tests.lines import PATIENCE, wait_until


def waiting(slave: FileIO) -> int:
    """How many bytes wait for a reader."""
    return int.from_bytes(fcntl.ioctl(slave, termios.FIONREAD, bytes(4)), sys.byteorder)


def open_and_write(port: PseudoPort, data: bytes) -> bytes:
    """What a program reads, up to the bytes that are sent while it has the port open."""
    reader = os.open(port.path, os.O_RDONLY | os.O_NOCTTY)
    heard = b""
    try:
        port.write(data)
        while not heard.endswith(data) and select.select([reader], [], [], PATIENCE)[0]:
            heard += os.read(reader, 65536)
        return heard
    finally:
        os.close(reader)


def test_bytes_arrive_as_they_were_sent() -> None:
    every_byte = bytes(range(256))
    with PseudoPort() as port:
        assert open_and_write(port, every_byte) == every_byte


def test_nobody_has_to_read() -> None:
    with PseudoPort() as port:
        for number in range(2000):
            port.write(b"%04d " % number * 40)


def test_who_comes_late_hears_of_now() -> None:
    with PseudoPort() as port, Path(port.device).open("rb", buffering=0) as slave:
        for number in range(200):
            before = waiting(slave)
            after = before + 200 if before + 200 < 4096 else 200
            port.write(b"%04d " % number * 40)
            # The system takes it through in its own time, as it does with what a meter says.
            wait_until(lambda: waiting(slave) == after)  # noqa: B023
        heard = open_and_write(port, b"the end")
        assert heard.endswith(b"0199 the end")
        assert len(heard) < 4096


def test_readers_come_and_go() -> None:
    with PseudoPort() as port:
        for text in (b"first", b"second", b"third"):
            assert open_and_write(port, text) == text


def test_a_path_of_its_own_leads_to_it_and_goes_with_it(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    with PseudoPort(link) as port:
        assert port.path == str(link)
        assert os.path.realpath(link) == port.device
        assert open_and_write(port, b"hello") == b"hello"
    assert not link.is_symlink()
    port.close()


def test_a_path_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(LinkytuiError, match="choose another path"):
        PseudoPort(taken)
    assert taken.read_text() == "mine"


def test_a_path_in_a_folder_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(LinkytuiError, match="No such file") as error:
        PseudoPort(tmp_path / "nowhere" / "meter")
    assert "\n" not in str(error.value)


def test_a_link_that_someone_has_replaced_is_not_removed(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    with PseudoPort(link):
        link.unlink()
        link.symlink_to("elsewhere")
    assert link.is_symlink()


def test_the_path_of_one_that_was_killed_is_taken_over(tmp_path: Path) -> None:
    link = tmp_path / "meter"
    link.symlink_to("/dev/pts/of-a-program-that-was-killed")
    with PseudoPort(link) as port:
        assert os.path.realpath(link) == port.device
    assert not link.is_symlink()
