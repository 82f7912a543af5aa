"""Which calendar an offer has, and its prices by the registers that count its periods."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from linkytui.civil.off_peak import Season, windows_of
from linkytui.i18n import _
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.settings.model import CALENDAR_DAYS, LOCAL_HOURS, CalendarPeriod, TariffCalendar
from linkytui.tariffs.calendars.calendar import MOST, Calendar, Period
from linkytui.tariffs.calendars.said import calendar_said
from linkytui.tariffs.grid.periods import period_named
from linkytui.tariffs.offers import Offer, OfferKey
from linkytui.tic.status import Colour
from linkytui.wording.plain import plain
from linkytui.wording.terms import called_by_meter

_COLOURS = {"blue": Colour.BLUE, "white": Colour.WHITE, "red": Colour.RED}


@dataclass(frozen=True, slots=True)
class OwnCalendars:
    """The calendars that are known: those of the settings, else what a grid says."""

    tables: tuple[TariffCalendar, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What the meter calls the period that each of its registers counts (LTARF)."""

    @property
    def called(self) -> Mapping[str, str]:
        """The same for people."""
        return called_by_meter(self.texts)

    def of(self, offer: Offer, *, own: bool) -> Calendar | None:
        """The calendar of an offer; None where its prices go by registers already, the meter's or those of an option.

        `own`: it is the offer of the meter, whose registers count its periods.
        """
        if offer.option is not Contract.OTHER:
            return None
        set_by_hand = self._table(offer.key)
        if is_by_register(offer):
            return calendar_set(set_by_hand) if set_by_hand is not None else None
        calendar = calendar_set(set_by_hand) if set_by_hand else calendar_said(tuple(offer.prices), offer.hours)
        return counted_by(calendar, self.texts) if own else calendar

    def for_key(self, key: OfferKey) -> Calendar | None:
        """The calendar that is set for an offer without a grid, whose prices are by hand."""
        table = self._table(key)
        return calendar_set(table) if table is not None else None

    def _table(self, key: OfferKey) -> TariffCalendar | None:
        return next((each for each in self.tables if _is_of(each, key)), None)


def is_by_register(offer: Offer) -> bool:
    """True where prices of an own calendar go by the meter's registers, not by what its grid calls its hours."""
    return bool(offer.prices.keys() & set(REGISTERS[Contract.OTHER]))


def _is_of(table: TariffCalendar, key: OfferKey) -> bool:
    return (table.provider is None or plain(table.provider) == plain(key.provider)) and (
        table.offer is None or plain(table.offer) == plain(key.offer)
    )


def calendar_set(table: TariffCalendar) -> Calendar:
    """The calendar of a table of the settings."""
    return Calendar(tuple(map(_period_set, table.periods[:MOST])))


def _period_set(table: CalendarPeriod) -> Period:
    stated = [text for text in table.hours if text != LOCAL_HOURS]
    return Period(
        name=table.name,
        register=table.register,
        days=frozenset(number for name in table.days for number in CALENDAR_DAYS[name]),
        dates=frozenset(map(date.fromisoformat, table.dates)),
        seasons=(Season.of(table.first or "01-01", table.last or "12-31"),) if table.first or table.last else (),
        hours=tuple(window for text in stated for window in windows_of(text)),
        off_peak=LOCAL_HOURS in table.hours,
        colours=frozenset(_COLOURS[name] for name in table.colours),
    )


def counted_by(calendar: Calendar, texts: Mapping[str, str]) -> Calendar:
    """The calendar with the register of each period whose name the meter tells."""
    known = {period.register for period in calendar.periods if period.register}
    found: dict[str, str] = {}
    for register, text in texts.items():
        fitting = [period.name for period in calendar.periods if _is_named(period.name, text)]
        if register not in known and len(fitting) == 1 and fitting[0] not in found:
            found[fitting[0]] = register
    periods = [replace(period, register=period.register or found.get(period.name)) for period in calendar.periods]
    return Calendar(tuple(periods), calendar.unclear)


def _is_named(period: str, text: str) -> bool:
    return plain(period) == plain(text) or plain(period) == plain(period_named(text))


def by_register(offer: Offer, calendar: Calendar | None) -> Offer:
    """The offer with its prices by the registers that count the periods of its calendar."""
    if calendar is None or is_by_register(offer):
        return offer if calendar is None else replace(offer, names={r: name for name, r in calendar.registers.items()})
    names = {plain(name): register for name, register in calendar.registers.items()}
    prices = {names[plain(name)]: price for name, price in offer.prices.items() if plain(name) in names}
    called = {names[plain(name)]: name for name in offer.prices if plain(name) in names}
    return replace(offer, prices=dict(sorted(prices.items())), names=dict(sorted(called.items())))


def why_unclear(calendar: Calendar, names: Iterable[str]) -> str | None:
    """Why energy cannot be split by a calendar, and what to do about it; None when it can.

    `names`: what the prices of the offer are called.
    """
    if calendar.unclear:
        return _("The grid does not say when {periods} is: describe it in [[tariff.calendars]].").format(
            periods=", ".join(calendar.unclear)
        )
    known = {plain(period.name) for period in calendar.periods}
    missing = [name for name in names if plain(name) not in known]
    if missing:
        return _("The calendar in [[tariff.calendars]] has no period named {periods}.").format(
            periods=", ".join(missing)
        )
    return None
