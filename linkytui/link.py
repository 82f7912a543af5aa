"""The state of the meter's line: the words that the whole program, plugins included, shares."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.errors import LinkytuiError
from linkytui.tic.groups import Reason
from linkytui.tic.labels import Mode

STALE_AFTER: Final = 5.0
"""Seconds without a good frame after which the values on the screen are old.

The longest period of a legal frame is 4.2 s (tri-phase producer; Enedis-NOI-CPT_54E, 5.3.6 and 6.2.2)."""

SILENT_AFTER: Final = 10.0
"""Seconds without any byte after which the meter counts as silent (Enedis-NOI-CPT_54E, 9.3, for a receiver's LED)."""

NOISE_AFTER: Final = 6.0  # seconds of bytes without one good group, at both speeds, after which they count as noise


class LinkState(StrEnum):
    """What the line does now."""

    WAITING = "waiting"  # the source is open; no whole frame yet
    LIVE = "live"
    STALE = "stale"  # frames came, and stopped or are all bad; the values are older than `STALE_AFTER`
    SILENT = "silent"  # the source is open and sends no byte at all
    NOISE = "noise"  # bytes come but no good group: wrong speed, wrong parity, or a bad connection
    NO_PORT = "no port"  # no port is configured and none was recognised; or the configured one does not exist
    UNPLUGGED = "unplugged"  # the port was there and is gone
    NO_PERMISSION = "no permission"
    BUSY = "busy"  # another program holds the port
    FAILED = "failed"  # the port cannot be opened for another reason, which the detail tells
    NO_READER = "no reader"
    """The process that read the meter for this one, such as a collector, has ended or does not answer."""
    ENDED = "ended"  # the recording is over

    @property
    def down(self) -> bool:
        """True when no byte can come."""
        return self in (
            LinkState.NO_PORT,
            LinkState.UNPLUGGED,
            LinkState.NO_PERMISSION,
            LinkState.BUSY,
            LinkState.FAILED,
            LinkState.NO_READER,
            LinkState.ENDED,
        )


class LinkError(LinkytuiError):
    """A source cannot be opened or read. The text is for a person; `state` says which case it is."""

    def __init__(self, state: LinkState, detail: str) -> None:
        super().__init__(detail)
        self.state = state
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The line at one moment: its state and its counters since the source was first opened."""

    state: LinkState = LinkState.WAITING
    source: str = ""  # where the bytes come from, as a person knows it: a port, a file, "simulated meter"
    detail: str = ""
    """For the down states: the process that holds the port, the group to join, the system's words. For noise: that
    only one mode is listened for, where that is so."""
    mode: Mode | None = None  # the mode that the meter speaks, once a good group told it
    baudrate: int | None = None  # speed at which the port listens now; None where there is no speed
    mode_changed_at: Timestamp | None = None  # when the meter last changed its mode while the program ran
    frames: int = 0
    accepted: int = 0  # groups
    rejected: Mapping[Reason, int] = field(default_factory=Counter)  # groups by reason
    bytes_read: int = 0
    last_frame_at: Timestamp | None = None

    @property
    def rejected_total(self) -> int:
        """Groups rejected for whatever reason."""
        return sum(self.rejected.values())

    @property
    def error_rate(self) -> float | None:
        """Share of the groups that were rejected, 0 to 1; None before the first group."""
        groups = self.accepted + self.rejected_total
        return self.rejected_total / groups if groups else None
