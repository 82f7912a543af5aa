"""What the meter calls the period that each register of a supplier's own calendar counts (LTARF).

Another name than the one that is known counts when it was said three times running.
"""

import sqlite3
from typing import Final

from linkytui.history.samples import Sample
from linkytui.reading.contracts import Contract
from linkytui.reading.steady import Steady

_NAME: Final = "period "
"""Before the register, in the table of the state."""


class PeriodTexts:
    """Learns the names."""

    def __init__(self) -> None:
        self._heard: dict[str, Steady[str]] = {}
        self._new: dict[str, str] = {}

    def hear(self, sample: Sample) -> None:
        """Take in what a sample says of the period that runs."""
        if sample.contract is not Contract.OTHER or sample.period is None or not sample.period_text:
            return
        known = self._heard.setdefault(sample.period, Steady(None))
        before = known.value
        if known.hear(sample.period_text) and known.value is not None and known.value != before:
            self._new[sample.period] = known.value

    def write(self, connection: sqlite3.Connection) -> None:
        """Keep what was learned, in the transaction that is open."""
        connection.executemany(
            "INSERT OR REPLACE INTO state VALUES (?, ?)",
            [(_NAME + register, text) for register, text in self._new.items()],
        )
        self._new.clear()


def read_period_texts(connection: sqlite3.Connection) -> dict[str, str]:
    """The name of each register's period, by register, as far as the meter said them."""
    rows = connection.execute("SELECT name, value FROM state WHERE substr(name, 1, ?) = ?", (len(_NAME), _NAME))
    return {name.removeprefix(_NAME): value for name, value in rows}
