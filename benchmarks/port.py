"""A simulated meter on a pseudo-terminal: whole frames at once, or in the pieces in which a USB dongle has them."""

import contextlib
import os
import pty
import threading
import time
import tty
from typing import Final

from linkytui.reading import Contract
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import FrameReader, Mode, encode_frame

PIECE: Final = {Mode.HISTORIC: 2, Mode.STANDARD: 16}
"""Bytes that an FTDI chip has gathered after `EVERY`: 1,200 and 9,600 baud."""

EVERY: Final = 0.016  # seconds between two pieces
_GAP: Final = 0.033
"""Seconds between two frames at most (Enedis-NOI-CPT_54E, 5.3.6)."""

_START: Final = 1_770_315_000.0


class FakePort:
    """A serial port on which a simulated meter speaks."""

    def __init__(
        self, *, every: float = 1.5, mode: Mode = Mode.HISTORIC, sliced: bool = False, jumps: bool = False
    ) -> None:
        """Begin to speak.

        `every`: seconds between two frames that come whole; `sliced`: in pieces, one frame after the other as a meter
        speaks; `jumps`: another power at every frame.
        """
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self._slave = slave
        self.path = os.ttyname(slave)
        self.frames = 0  # sent so far
        self._stop = threading.Event()
        self._every = every
        self._piece = PIECE[mode] if sliced else None
        self._jumps = jumps
        self._meter = SimulatedMeter(Contract.HPHC, mode, start=_START)
        self._mode = mode
        self._thread = threading.Thread(target=self._speak, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._stop.set()
        self._thread.join()
        os.close(self._master)
        os.close(self._slave)

    def _speak(self) -> None:
        os.set_blocking(self._master, False)
        due = begun = time.monotonic()
        while not self._stop.is_set():
            frame = self._frame(_START + due - begun)
            size = self._piece or len(frame)
            for first in range(0, len(frame), size):
                with contextlib.suppress(BlockingIOError):  # nobody reads
                    os.write(self._master, frame[first : first + size])
                due += EVERY if self._piece else self._every
                if self._stop.wait(max(0.0, due - time.monotonic())):
                    return
            self.frames += 1
            due += _GAP if self._piece else 0.0

    def _frame(self, at: float) -> bytes:
        frame = self._meter.frame(at)
        return with_power(frame, self._mode, 400 + self.frames * 977 % 8600) if self._jumps else frame


def with_power(frame: bytes, mode: Mode, power: int) -> bytes:
    """The same frame with another power, in VA."""
    (read,) = FrameReader().feed(frame)
    label = {Mode.HISTORIC: "PAPP", Mode.STANDARD: "SINSTS"}[mode]
    groups = [group._replace(data=f"{power:05}") if group.label == label else group for group in read.groups]
    return encode_frame(groups, mode)
