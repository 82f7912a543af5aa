"""What older records are, wherever they come from: samples of the meter, or hours that somebody else counted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from linkytui.civil.times import Timestamp
from linkytui.errors import LinkytuiError
from linkytui.history.importing import HourOfEnergy
from linkytui.history.samples import Sample


class SourceError(LinkytuiError):
    """Older records cannot be read, or are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """What a meter said, in the order of time."""

    start: Timestamp
    """Seconds since 1970 at which it begins."""
    end: Timestamp
    """Seconds since 1970 at which it ends, as well as it can be told before all is read."""
    read: Callable[[], Iterator[Sample]]
    """Reads them, each time anew and piece by piece."""
    gap_seconds: float = 120.0
    """Between two samples, more is a gap."""
    meter: str | None = None
    """Serial number of the meter, where the records tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Energy by the hour, as somebody else counted it."""

    meter: str
    """Whose it is."""
    hours: Sequence[HourOfEnergy]
    """In the order of time; one at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Older:
    """Older records."""

    name: str
    """Where they come from, for a person; holds no password."""
    parts: tuple[Samples | Hours, ...]
    """In the order in which they are to be taken in."""
    notes: tuple[str, ...] = ()
    """What a person should know of them, a line each."""
