"""Whether the machine says that its clock is synchronised with the network's."""

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Final

_MARK: Final = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd makes it once it has set the clock
_CHRONY: Final = Path("/run/chrony/chronyd.pid")

_ERROR: Final = 5  # TIME_ERROR of adjtimex(2)
_UNSYNCHRONISED: Final = 0x40  # STA_UNSYNC

_ANSWER: Final = 1.0  # seconds for chrony to say how it fares


def synchronised(mark: Path = _MARK, chrony: Path = _CHRONY) -> bool:
    """Whether the kernel, systemd-timesyncd or chrony says so. May wait for chrony, where that runs, for a second."""
    return mark.exists() or _kernel_says_so() or (chrony.exists() and _chrony_says_so())


class _Timex(ctypes.Structure):
    """The beginning of `struct timex`, with room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def _kernel_says_so() -> bool:
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
    except (AttributeError, OSError):
        return False  # another system than Linux
    timex = _Timex()  # no modes: nothing is set
    state = adjtimex(ctypes.byref(timex))
    return 0 <= state < _ERROR and not timex.status & _UNSYNCHRONISED


def _chrony_says_so() -> bool:
    """Whether chrony follows a source, which it may do without the right to set the kernel's flag."""
    program = shutil.which("chronyc")
    if program is None:
        return False
    try:
        done = subprocess.run(  # noqa: S603 -- no words from outside
            [program, "-c", "tracking"], capture_output=True, timeout=_ANSWER, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.decode("ascii", "replace").strip().endswith(",Normal")
