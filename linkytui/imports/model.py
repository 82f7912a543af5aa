"""What older records are, wherever they come from: samples of the meter, or energy that somebody else counted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from linkytui.civil.times import Timestamp
from linkytui.errors import LinkytuiError
from linkytui.history.samples import Sample
from linkytui.history.told import Told


class SourceError(LinkytuiError):
    """Older records cannot be read, or are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """What a meter said, in the order of time."""

    start: Timestamp  # seconds since 1970 at which it begins
    end: Timestamp  # seconds since 1970 at which it ends, as well as it can be told before all is read
    read: Callable[[], Iterator[Sample]]  # reads them, each time anew and piece by piece
    gap_seconds: float = 120.0  # between two samples, more is a gap
    meter: str | None = None  # serial number of the meter, where the records tell it


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Energy by the hour or the day, as somebody else counted it."""

    meter: str
    """Whose it is."""
    told: Sequence[Told]
    """In the order of time; one at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    """Older records."""

    name: str
    """Where they come from, for a person; holds no password."""
    parts: tuple[Samples | Hours, ...]
    """In the order in which they are to be taken in."""
    what: tuple[str, ...] = ()
    """What they are, for a person: a line for each table of a file."""
    notes: tuple[str, ...] = ()
    """What a person should know of them, a line each."""
