"""What the account says beside the meter: prices, what the month costs, Tempo's days left."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from linkytui.civil.times import Timestamp
from linkytui.reading.meter_hours import KnownHours
from linkytui.reading.model import Reading
from linkytui.reading.outlook import Hours
from linkytui.tariffs.offers import PricesOn
from linkytui.tic.status import Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The account at one moment. None is "not known"."""

    day: date
    prices: PricesOn  # what is paid, by option and day
    month_began: datetime  # from when month and energy count, by the clock of the household
    month: Decimal | None = None  # EUR so far, subscription included
    whole: bool = False  # all of the month so far is recorded and has a price
    counts_from: datetime | None = None  # the first moment that is recorded of the month
    estimate: Decimal | None = None  # EUR that the month will have cost
    low: Decimal | None = None  # EUR; eight results out of ten lie between this and `high`
    high: Decimal | None = None  # EUR
    yesterday: Decimal | None = None  # EUR, a day of the subscription included
    energy: Mapping[str, Decimal] = field(default_factory=dict)
    """EUR by register since the month began, without subscription, to a hundredth of a cent."""
    income: Decimal | None = None  # EUR for energy given to the grid since the month began; None where it is not sold
    remarks: tuple[str, ...] = ()  # what must be known of these figures, the weightiest first
    hours: Hours = field(default_factory=Hours)  # what is known of the hours beside the meter's word
    kept_hours: KnownHours = field(default_factory=KnownHours)  # what was kept of the meter's word
    called: Mapping[str, str] = field(default_factory=dict)
    """What meter and offer call the registers of a supplier's own calendar."""
    paid: Callable[[str | None, Timestamp], str | None] = lambda counted, _at: counted
    """The register whose price is paid at a moment at which the meter counts one."""
    days_left: Mapping[Colour, int] = field(default_factory=dict)  # Tempo: after today, as far as that is known


class FiguresFeed(Protocol):
    """Knows the account."""

    def at(self, now: Timestamp, latest: Reading, /) -> Figures:
        """The account at a moment, at which the meter says this. Raises HistoryError: the history cannot be read."""
