"""The contract by the day, as the meter said it: option, the calendar's name and the subscribed power.

A day ends with what was said last on it; what was said less than three times that day is noise.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, TypeVar

from linkytui.civil.days import local
from linkytui.civil.times import Timestamp
from linkytui.history.results import DayContract
from linkytui.history.samples import Sample
from linkytui.reading.contracts import Contract

_Value = TypeVar("_Value", str, float)

_BELIEVED: Final = 3  # times that a thing must be said on one day


class _Said(NamedTuple):
    """What a meter says of its contract; None is "not said"."""

    day: int  # proleptic ordinal of the day in France
    contract: str | None
    calendar: str | None
    kva: float | None


@dataclass(slots=True)
class _Count:
    seen: int = 0
    last_at: Timestamp = 0.0


class ContractCount:
    """Counts what was said on each day."""

    def __init__(self) -> None:
        self._said: dict[_Said, _Count] = defaultdict(_Count)

    def hear(self, sample: Sample, at: Timestamp) -> None:
        """Take in what a sample says of the contract; `at` is its time in seconds since 1970."""
        if sample.contract is None and sample.subscribed_kva is None and sample.calendar is None:
            return
        contract = sample.contract.value if sample.contract is not None else None
        day = local(at).toordinal()
        count = self._said[_Said(day, contract, sample.calendar, sample.subscribed_kva)]
        count.seen += 1
        count.last_at = max(count.last_at, at)

    def write(self, connection: sqlite3.Connection) -> None:
        """Add to what is kept, in the transaction that is open."""
        for said, count in self._said.items():
            connection.execute(
                "INSERT INTO contracts (day, contract, calendar, kva, seen, last_at)"
                " VALUES (?, coalesce(?, ''), coalesce(?, ''), coalesce(?, 0), ?, ?) ON CONFLICT DO UPDATE SET"
                " seen = seen + excluded.seen, last_at = max(last_at, excluded.last_at)",
                (*said, count.seen, round(count.last_at * 1000)),
            )
        self._said.clear()


def read_contracts(connection: sqlite3.Connection) -> list[DayContract]:
    """What held at the end of each day of which the meter said anything, by day."""
    rows: Iterable[tuple[int, str, str, float, int]] = connection.execute(
        "SELECT day, contract, calendar, kva, seen FROM contracts ORDER BY day, last_at"
    )
    days: dict[int, list[tuple[str, str, float, int]]] = defaultdict(list)
    for day, *said in rows:
        days[day].append(tuple(said))  # type: ignore[arg-type]
    found = []
    for day, facts in days.items():
        contract = _last((fact[0], fact[3]) for fact in facts)
        calendar = _last((fact[1], fact[3]) for fact in facts)
        kva = _last((fact[2], fact[3]) for fact in facts)
        if contract or calendar or kva:
            found.append(
                DayContract(
                    day=date.fromordinal(day),
                    contract=Contract(contract) if contract else None,
                    calendar=calendar or None,
                    subscribed_kva=kva or None,
                )
            )
    return found


def _last(said: Iterable[tuple[_Value, int]]) -> _Value | None:
    """The value that was said last, of those that were said often enough; `said` by time, with how often."""
    counts: dict[_Value, int] = {}
    for value, seen in said:
        if value:
            counts[value] = counts.pop(value, 0) + seen
    return next((value for value in reversed(counts) if counts[value] >= _BELIEVED), None)
