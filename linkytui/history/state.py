"""The state of the history writer, in words for the screen and the log."""

from dataclasses import dataclass
from enum import StrEnum

from linkytui.civil.times import Timestamp


class Condition(StrEnum):
    """What the writer does now."""

    STARTING = "starting"  # nothing was written yet
    WRITING = "writing"  # all is well
    WAITING = "waiting"  # the machine's clock is not to be trusted yet; samples wait in memory
    FAILING = "failing"  # the disk is full, or refuses for another reason; it is tried again at every flush
    REFUSED = "refused"  # the file is not ours to write: a newer linkytui made it, or another program
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryState:
    """The writer at one moment."""

    condition: Condition = Condition.STARTING
    text: str = ""  # one line for a person: what is wrong and what to do; empty when all is well
    waiting: int = 0  # samples in memory that are not on the disk yet, at the last attempt
    dropped: int = 0
    """Samples that no longer found room in memory. Their energy is not lost: the registers tell it later."""
    written_at: Timestamp | None = None  # of the newest sample on the disk
    set_aside: str | None = None  # where a damaged file was put by this run
