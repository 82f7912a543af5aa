"""The colour of each Tempo day as reported by the meter; the colour reported most often wins."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from datetime import date

from linkytui.civil.tempo import tempo_day
from linkytui.civil.times import Timestamp
from linkytui.history.samples import Sample
from linkytui.tic.status import Colour


class ColourCount:
    """Counts what was said of each day."""

    def __init__(self) -> None:
        self._seen: Counter[tuple[int, Colour]] = Counter()
        self._announced: Counter[tuple[int, Colour]] = Counter()

    def hear(self, sample: Sample, at: Timestamp) -> None:
        """Take a sample's colours in; `at` is its time in seconds since 1970."""
        if sample.today is None and sample.tomorrow is None:
            return
        day = tempo_day(at).toordinal()
        if sample.today is not None:
            self._seen[day, sample.today] += 1
        if sample.tomorrow is not None:
            # Announced in the evening for the day that begins at 06:00; said after midnight it is still that day.
            self._announced[day + 1, sample.tomorrow] += 1

    def write(self, connection: sqlite3.Connection) -> None:
        """Add to what is kept, in the transaction that is open."""
        for key in self._seen.keys() | self._announced.keys():
            day, colour = key
            connection.execute(
                "INSERT INTO colours VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
                " seen = seen + excluded.seen, announced = announced + excluded.announced",
                (day, int(colour), self._seen[key], self._announced[key]),
            )
        self._seen.clear()
        self._announced.clear()


def read_colours(connection: sqlite3.Connection, start: date, end: date) -> dict[date, Colour]:
    """The colour of each Tempo day from `start` to the one before `end`, where it is known."""
    rows: Iterable[tuple[int, int]] = connection.execute(
        "SELECT day, colour FROM colours WHERE day >= ? AND day < ? ORDER BY day, seen, announced",
        (start.toordinal(), end.toordinal()),
    )
    return {date.fromordinal(day): Colour(colour) for day, colour in rows}
