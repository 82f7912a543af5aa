"""A table of prices by power, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from linkytui.reading.contracts import Contract
from linkytui.tariffs.grid.columns import Tax
from linkytui.tariffs.grid.page import Box


@dataclass(frozen=True, slots=True)
class RowFigures:
    """What a table says for one power."""

    subscription: Mapping[Tax, Decimal] = field(default_factory=dict)
    """EUR a year."""
    prices: Mapping[Tax, Mapping[str, Decimal]] = field(default_factory=dict)
    """EUR/kWh by register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridTable:
    """What a table says of one option."""

    page: int
    """From 1."""
    box: Box
    """Where it stands, its header included."""
    first_row: float
    """Where its first row stands."""
    option: Contract | None
    """What its registers make; OTHER for a supplier's own calendar, None when they make no option."""
    rows: Mapping[int, RowFigures]
    """By power, kVA."""
    words: str
    """Everything over its figures, in lower case, without accents and punctuation."""
    titles: tuple[str, ...] = ()
    """The words that stand over all its columns, from top to bottom."""
    heads: tuple[str, ...] = ()
    """All the words over its columns, cell by cell."""
    left_out: Mapping[int, str] = field(default_factory=dict)
    """Powers without prices that are certain, and why, for a person."""
    offer: str = ""
    """What stands over its columns where those of several offers share the powers."""
    summed: bool = False
    """The parts of its prices stand beside their sum, which counts."""
    told: tuple[str, ...] = ()
    """What a person should know of it, one line each."""

    @property
    def whole(self) -> bool:
        """True when it holds subscriptions and prices, and not one part of them."""
        return bool(self.rows) and all(row.subscription and row.prices for row in self.rows.values())
