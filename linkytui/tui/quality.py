"""How good the line was: what was rejected, minute by minute, over the last day. Pure."""

from itertools import pairwise
from typing import Final

from linkytui.civil.days import MINUTE
from linkytui.civil.times import Timestamp
from linkytui.link import Link

MINUTES: Final = 24 * 60
"""Minutes that are remembered."""


class QualityLog:
    """Counts what came since the screen was opened. Feed it the line; ask `rates`."""

    def __init__(self) -> None:
        self._minutes: dict[int, tuple[int, int]] = {}  # groups accepted and rejected in each minute
        self._seen: tuple[int, int] | None = None

    def hear(self, link: Link, at: Timestamp) -> None:
        """Take in the counters of the line. They begin anew when another process reads."""
        accepted, rejected = link.accepted, link.rejected_total
        seen, self._seen = self._seen, (accepted, rejected)
        if seen is None:
            return
        if accepted < seen[0] or rejected < seen[1]:
            seen = (0, 0)
        minute = int(at // MINUTE)
        before = self._minutes.get(minute, (0, 0))
        self._minutes[minute] = (before[0] + accepted - seen[0], before[1] + rejected - seen[1])
        for old in [known for known in self._minutes if not minute - MINUTES < known <= minute]:
            del self._minutes[old]

    def rates(self, now: Timestamp, minutes: int, columns: int) -> list[float | None]:
        """The share of the groups that was rejected in each of so many parts of the last minutes, the newest last.

        None where no group came.
        """
        end = int(now // MINUTE) + 1
        borders = [end - minutes + minutes * column // columns for column in range(columns + 1)]
        return [
            _share([self._minutes[minute] for minute in range(begin, until) if minute in self._minutes])
            for begin, until in pairwise(borders)
        ]

    def rate(self, now: Timestamp, minutes: int) -> float | None:
        """That share over all of the last minutes."""
        return self.rates(now, minutes, 1)[0]


def _share(counts: list[tuple[int, int]]) -> float | None:
    rejected = sum(count for _accepted, count in counts)
    total = rejected + sum(count for count, _rejected in counts)
    return rejected / total if total else None
