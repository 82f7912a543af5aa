"""Meters that are not there: on a pseudo-terminal, behind a TCP port, or played turn by turn by a test."""

import contextlib
import fcntl
import os
import pty
import select
import socket
import struct
import termios
import threading
import time
import tty
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from linkytui.line.sources.base import EndOfSource, Source
from linkytui.tic import Group, Mode, encode_frame

if TYPE_CHECKING:
    from textual.pilot import Pilot

PATIENCE = 300.0
"""Seconds after which a test gives up; only a broken program needs them, however slow the machine is."""


def historic_frame(power: int = 460, meter_id: str = "012345678901", *more: Group) -> bytes:
    """A frame of a single-phase meter with off-peak hours, in historic mode."""
    groups = [
        Group("ADCO", meter_id),
        Group("OPTARIF", "HC.."),
        Group("ISOUSC", "45"),
        Group("HCHC", "000723392"),
        Group("HCHP", "001049103"),
        Group("PTEC", "HP.."),
        Group("IINST", f"{power // 230:03}"),
        Group("IMAX", "090"),
        Group("PAPP", f"{power:05}"),
        Group("HHPHC", "A"),
        Group("MOTDETAT", "000000"),
        *more,
    ]
    return encode_frame(groups, Mode.HISTORIC)


def standard_frame(power: int = 460, meter_id: str = "012345678901") -> bytes:
    """The essentials of a frame of a single-phase meter with the base option, in standard mode."""
    groups = [
        Group("ADSC", meter_id),
        Group("VTIC", "02"),
        Group("DATE", "", "H261124120000"),
        Group("NGTF", "      BASE      "),
        Group("LTARF", "      BASE      "),
        Group("EAST", "001772495"),
        Group("EASF01", "001772495"),
        Group("IRMS1", "002"),
        Group("URMS1", "231"),
        Group("PREF", "09"),
        Group("PCOUP", "09"),
        Group("SINSTS", f"{power:05}"),
        Group("STGE", "003A0001"),
        Group("NTARF", "01"),
    ]
    return encode_frame(groups, Mode.STANDARD)


def wait_until(condition: Callable[[], object], meanwhile: Callable[[], object] = lambda: None) -> None:
    """Wait for something that another thread brings about, doing something again and again meanwhile."""
    deadline = time.monotonic() + PATIENCE
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        meanwhile()
        pause.wait(0.01)


async def until(pilot: "Pilot[Any]", condition: Callable[[], object]) -> None:
    """Let an application go on until a condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await pilot.pause(0.02)


class FakeMeter:
    """A meter on a pseudo-terminal, reached by a link that stays the same, as under /dev/serial/by-id."""

    def __init__(self, link: Path, *, plugged: bool = True) -> None:
        self.link = link
        self._master: int | None = None
        self._emptied = False
        self._talk: threading.Thread | None = None
        self._quiet = threading.Event()
        if plugged:
            self.plug()

    @property
    def port(self) -> str:
        """The path to configure."""
        return str(self.link)

    @property
    def device(self) -> str:
        """The device that the link leads to now."""
        return os.path.realpath(self.link)

    def plug(self) -> None:
        """Appear, most likely as another device than before."""
        master, slave = pty.openpty()
        tty.setraw(slave)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(os.ttyname(slave))
        os.close(slave)
        os.set_blocking(master, False)
        # From now on the master hears what is done to the other end.
        fcntl.ioctl(master, termios.TIOCPKT, struct.pack("i", 1))
        self._master, self._emptied = master, False

    def unplug(self) -> None:
        """Disappear with the device and the link."""
        self.hush()
        self.link.unlink(missing_ok=True)
        if self._master is not None:
            os.close(self._master)
            self._master = None

    @property
    def heard(self) -> bool:
        """Whether a program has the port open, and has thrown away what came before: what is said now is read."""
        assert self._master is not None
        poll = select.poll()
        poll.register(self._master, select.POLLIN | select.POLLPRI)
        event = sum(event for _fd, event in poll.poll(0))
        if event & select.POLLHUP:
            self._emptied = False
        elif event:
            with contextlib.suppress(BlockingIOError):
                told = os.read(self._master, 1024)
                self._emptied |= bool(told and told[0] & termios.TIOCPKT_FLUSHREAD)
        return self._emptied

    def say(self, data: bytes) -> None:
        """Send bytes as fast as they are read."""
        assert self._master is not None
        deadline = time.monotonic() + PATIENCE
        while data:
            assert time.monotonic() < deadline, "nobody reads the port"
            with contextlib.suppress(BlockingIOError):
                data = data[os.write(self._master, data) :]
            if data:
                select.select([], [self._master], [], 0.05)

    def talk(self, data: bytes, *, baudrate: int) -> None:
        """Send bytes at the pace of a real line, over and over, until `hush`."""
        self._quiet.clear()
        self._talk = threading.Thread(target=self._repeat, args=(data, baudrate), daemon=True)
        self._talk.start()

    def hush(self) -> None:
        """Stop talking."""
        self._quiet.set()
        if self._talk is not None:
            self._talk.join(PATIENCE)
            self._talk = None

    def _repeat(self, data: bytes, baudrate: int) -> None:
        step = 12
        while not self._quiet.is_set():
            for start in range(0, len(data), step):
                if self._quiet.wait(step * 10 / baudrate) or self._master is None:
                    return
                with contextlib.suppress(OSError):  # a full buffer, or nobody there: a meter does not mind
                    os.write(self._master, data[start : start + step])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()


class TcpMeter:
    """A meter behind a TCP port of this machine, as ser2net or a relay offers it."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(PATIENCE)
        self._client: socket.socket | None = None

    @property
    def port(self) -> str:
        """The address to configure."""
        return f"socket://127.0.0.1:{self._server.getsockname()[1]}"

    def accept(self) -> None:
        """Wait for a program to connect."""
        self._client, _address = self._server.accept()

    def say(self, data: bytes) -> None:
        """Send bytes to the program that is connected."""
        assert self._client is not None
        self._client.sendall(data)

    def drop(self) -> None:
        """Close the connection, and be there for the next one."""
        assert self._client is not None
        self._client.close()
        self._client = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()
        self._server.close()


class Clock:
    """A clock that a test sets."""

    def __init__(self, now: float = 1000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class ScriptedSource(Source):
    """Plays turns: bytes to give, an exception to raise, a function to call; or seconds that pass before an empty read.

    Its time is the test's clock, so a test of hours takes milliseconds.
    """

    def __init__(
        self, turns: Iterable[bytes | float | Exception | Callable[[], bytes]], *, baudrate: int | None = None
    ) -> None:
        self.clock = Clock()
        """Seconds on a clock that never jumps."""
        self.wall = Clock(1_780_000_000.0)
        """Seconds since 1970."""
        self.closed = 0
        self.jumps = 0
        self.speed = 1.0
        self.asked: list[int] = []
        """The speeds that were asked for, in order."""
        self._turns: Iterator[bytes | float | Exception | Callable[[], bytes]] = iter(turns)
        self._baudrate = baudrate

    @property
    def name(self) -> str:
        return "script"

    @property
    def baudrate(self) -> int | None:
        return self._baudrate

    @property
    def generation(self) -> int:
        return self.jumps

    @property
    def pace(self) -> float:
        return self.speed

    def read(self) -> bytes:
        turn = next(self._turns, None)
        if turn is None:
            raise EndOfSource
        if isinstance(turn, Exception):
            raise turn
        if isinstance(turn, bytes):
            return turn
        if callable(turn):
            return turn()
        self.clock.now += turn
        self.wall.now += turn
        return b""

    def now(self) -> float:
        return self.wall.now

    def listen_at(self, baudrate: int) -> None:
        self.asked.append(baudrate)
        if self._baudrate is not None:
            self._baudrate = baudrate

    def close(self) -> None:
        self.closed += 1
