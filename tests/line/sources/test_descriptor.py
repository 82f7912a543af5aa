"""Who rests is woken by an end and by a call, and not by bytes."""

import os
import pty
import socket
import threading
import time
import tty
from collections.abc import Callable, Iterator

import pytest

from linkytui.line.sources.descriptor import PortReader
from tests.lines import PATIENCE

_FOR_EVER = PATIENCE * 2


@pytest.fixture
def line() -> Iterator[tuple[int, int]]:
    """A pseudo-terminal: the meter's end and ours."""
    meter, ours = pty.openpty()
    tty.setraw(ours)
    yield meter, ours
    os.close(ours)


@pytest.fixture
def resting(line: tuple[int, int]) -> Iterator[tuple[PortReader, threading.Thread]]:
    reader = PortReader(line[1])
    thread = threading.Thread(target=reader.rest, args=(_FOR_EVER,), daemon=True)
    thread.start()
    yield reader, thread
    reader.wake()
    thread.join(PATIENCE)
    reader.close()


def test_bytes_gather_while_it_rests_and_come_in_one_piece(line: tuple[int, int]) -> None:
    meter, ours = line
    reader = PortReader(ours)
    for number in range(200):
        os.write(meter, bytes([number]))
    begun = time.monotonic()
    reader.rest(0.05)
    assert time.monotonic() - begun >= 0.05
    assert reader.wait(_FOR_EVER)
    assert reader.read() == bytes(range(200))
    assert not reader.wait(0.0)
    reader.close()
    os.close(meter)


def test_the_other_ends_going_wakes_it(line: tuple[int, int], resting: tuple[PortReader, threading.Thread]) -> None:
    reader, thread = resting
    os.write(line[0], b"last words")
    os.close(line[0])
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert reader.wait(0.0)


def test_it_can_be_woken(line: tuple[int, int], resting: tuple[PortReader, threading.Thread]) -> None:
    reader, thread = resting
    reader.wake()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert not reader.wait(_FOR_EVER)
    os.close(line[0])


@pytest.mark.parametrize("end", [socket.socket.close, lambda other: other.shutdown(socket.SHUT_WR)])
def test_the_end_of_a_connection_wakes_it_and_is_an_error(end: Callable[[socket.socket], None]) -> None:
    ours, other = socket.socketpair()
    reader = PortReader(ours.fileno())
    end(other)
    reader.rest(_FOR_EVER)
    assert reader.wait(0.0)
    with pytest.raises(ConnectionError):
        reader.read()
    reader.close()
    ours.close()
    other.close()


def test_closing_twice_and_waking_afterwards_do_nothing(line: tuple[int, int]) -> None:
    reader = PortReader(line[1])
    reader.close()
    reader.close()
    reader.wake()
    os.close(line[0])


def test_what_is_no_descriptor_is_an_error() -> None:
    with pytest.raises(ValueError, match="negative"):
        PortReader(-1)
