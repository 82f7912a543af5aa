"""Whether this machine's clock is kept right by a time server."""

import ctypes
from pathlib import Path
from typing import Final

_TIMESYNCD: Final = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd makes it once it has set the clock

_ERROR: Final = 5  # TIME_ERROR: the clock is not synchronised (adjtimex(2))

_TIMEX_BYTES: Final = 512  # more than any system's struct timex


def synchronised(mark: Path = _TIMESYNCD) -> bool | None:
    """True once a time server (systemd-timesyncd, chrony, ntpd) has set it; None where the system does not say.

    chrony and ntpd tell the kernel; systemd-timesyncd does too, and leaves a mark.
    """
    if mark.exists():
        return True
    try:
        # Modes are 0: it only asks, which everyone may.
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _ERROR
