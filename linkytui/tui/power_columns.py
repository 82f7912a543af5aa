"""Columns of the live strip: the last minutes of power, a few seconds each. No widgets."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from linkytui.tui.messages import PowerSample

_KEPT: Final = 2048  # columns remembered; more than the widest terminal shows

_STEPS: Final = (1, 1.5, 2, 3, 4, 6, 9)


@dataclass(slots=True)
class Column:
    """What happened in the seconds of one column."""

    highest: int = 0  # VA; the peak, since a mean would hide the kettle
    injected: int = 0  # VA given to the grid at most
    period: str | None = None  # the register that counted last
    total: int = 0  # sum of the samples, VA
    samples: int = 0


class PowerColumns:
    """Columns of power by time. Column n holds the seconds from n × width on."""

    def __init__(self, seconds: float = 5.0) -> None:
        """Args: seconds: width of a column."""
        self.seconds = seconds
        self.columns: dict[int, Column] = {}
        self.last: int | None = None  # the newest column; None while there is none

    def add(self, samples: Iterable[PowerSample]) -> set[int]:
        """Take samples in and return the columns that look different now."""
        changed: set[int] = set()
        for sample in samples:
            number = int(sample.at // self.seconds)
            if self.last is not None and number < self.last - 1:
                # The clock was put back: what it said before lies in a future that has not come.
                ahead = [known for known in self.columns if known > number]
                for known in ahead:
                    del self.columns[known]
                changed.update(ahead)
                self.last = number
            column = self.columns.get(number)
            if column is None:
                column = self.columns[number] = Column()
                changed.add(number)
            before = (column.highest, column.injected, column.period)
            column.highest = max(column.highest, sample.power)
            column.injected = max(column.injected, sample.injected or 0)
            column.period = sample.period or column.period
            column.total += sample.power
            column.samples += 1
            if before != (column.highest, column.injected, column.period):
                changed.add(number)
            if self.last is None or number > self.last:
                self.last = number
        if self.last is not None and len(self.columns) > 2 * _KEPT:
            for number in sorted(self.columns)[:-_KEPT]:
                del self.columns[number]
        return changed

    def clear(self) -> None:
        """Forget everything: another moment, or another meter."""
        self.columns.clear()
        self.last = None

    def stretch(self, seconds: float) -> None:
        """Give the columns another width. What they held stays where columns become wider."""
        old, self.columns, self.last = self.columns, {}, None
        if seconds >= self.seconds:
            for number, column in sorted(old.items()):
                target = int(number * self.seconds // seconds)
                merged = self.columns.setdefault(target, Column())
                merged.highest = max(merged.highest, column.highest)
                merged.injected = max(merged.injected, column.injected)
                merged.period = column.period or merged.period
                merged.total += column.total
                merged.samples += column.samples
                self.last = target
        self.seconds = seconds

    def window(self, width: int) -> range:
        """The numbers of the newest `width` columns."""
        last = -1 if self.last is None else self.last
        return range(last - width + 1, last + 1)

    def summary(self, width: int) -> tuple[int, float, int] | None:
        """Highest and mean power drawn and highest given, VA, of the newest `width` columns; None while empty."""
        columns = [column for number in self.window(width) if (column := self.columns.get(number))]
        count = sum(column.samples for column in columns)
        if not count:
            return None
        mean = sum(column.total for column in columns) / count
        return max(column.highest for column in columns), mean, max(column.injected for column in columns)


def scale_for(highest: float, lowest: int = 600) -> int:
    """A round number of VA that the highest value fits under: 600, 900, 1,000, 1,500, 2,000, 3,000, ..."""
    top = max(highest, lowest)
    unit = 100
    while True:
        for step in _STEPS:
            if step * unit >= top:
                return int(step * unit)
        unit *= 10


def column_seconds(speed: float | None) -> float:
    """Seconds of a column when time runs `speed` times faster (None: as fast as it can), so that few columns pass."""
    wanted = 5 * (3600 if speed is None else max(speed, 1))
    return next((seconds for seconds in (5, 10, 30, 60, 120, 300, 600, 1800) if seconds >= wanted), 3600)
