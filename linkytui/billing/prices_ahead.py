"""The prices from now on: the periods ahead and what each costs, as far as both are known."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from linkytui.billing.account import Account
from linkytui.billing.energy import contract_of_register
from linkytui.billing.plan import Plan, why_no_price
from linkytui.billing.split import why_own_calendar
from linkytui.billing.when import Priced
from linkytui.civil.days import HOUR, ONE_DAY, local, midnight
from linkytui.civil.times import Timestamp
from linkytui.i18n import _
from linkytui.reading.ahead import DAYS_AHEAD, Origin, Outlook
from linkytui.reading.contracts import Contract
from linkytui.reading.outlook import Hours
from linkytui.tariffs.calendars.calendar import CalendarClock, Span
from linkytui.tariffs.calendars.regulated import CALENDARS


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesAhead:
    """Prices in the order of time."""

    pieces: tuple[Priced, ...]  # without a gap; none where the price of now is not known
    origin: Origin | None  # who says the hours; None where they do not matter, or the offer says them
    trouble: str = ""  # why they end, or why there are none: what to do about it, in one line

    @property
    def known_until(self) -> Timestamp:
        """The end of the last price."""
        return self.pieces[-1].end


def prices_ahead(account: Account, plan: Plan, ahead: Outlook | None, hours: Hours, now: Timestamp) -> PricesAhead:
    """What energy costs from now until the end of tomorrow, or until the hours, the colours or the prices are no longer
    known.
    """
    spans, origin = _spans(plan, ahead, hours, account, now)
    prices = plan.prices(account.book)
    pieces: list[Priced] = []
    trouble = ""
    for span in spans:
        contract = contract_of_register(span.register)
        day = local(span.start, account.zone).date()
        offer = None if contract is None else prices(contract, day)
        price = None if offer is None else offer.prices.get(span.register)
        if price is None:
            trouble = why_no_price(plan, account.book, contract or plan.contract, day)
            break
        before = pieces[-1] if pieces else None
        if before is not None and (before.register, before.price) == (span.register, price):
            pieces[-1] = before._replace(end=span.end)
        else:
            pieces.append(Priced(span.start, span.end, span.register, price))
    if not pieces and not trouble:
        trouble = _why_unknown(plan)
    return PricesAhead(pieces=tuple(pieces), origin=origin, trouble=trouble)


def _why_unknown(plan: Plan) -> str:
    match plan.contract:
        case Contract.TEMPO:
            return _("The colour or the hours of today are not known yet: read the meter for a while.")
        case Contract.EJP:
            return _("An EJP peak day is told only half an hour before: there is nothing to plan by.")
        case Contract.OTHER:
            return why_own_calendar()
    return _("Your off-peak hours are not known yet: set off_peak in [tariff], or read the meter for three days.")


def _spans(
    plan: Plan, ahead: Outlook | None, hours: Hours, account: Account, now: Timestamp
) -> tuple[list[Span], Origin | None]:
    """The registers that count from now on, cut at each midnight, and who says so."""
    if ahead is not None and not ahead.from_tomorrow:
        registers = [stretch.period.register for stretch in ahead.stretches]
        if registers[0] is not None and contract_of_register(registers[0]) is plan.contract:
            return list(_told(ahead, account, now)), ahead.origin
    calendar = plan.calendar if plan.contract is Contract.OTHER else CALENDARS.get(plan.contract)
    if calendar is None:
        return [], None
    off_peak = hours.settings or hours.learned
    clock = CalendarClock(calendar, account.zone, off_peak, dict(hours.colours))
    origin = None if off_peak is None else Origin.SETTINGS if hours.settings else Origin.LEARNED
    matters = any(period.off_peak for period in calendar.periods)
    return list(_by_clock(clock, account, now)), origin if matters else None


def _told(ahead: Outlook, account: Account, now: Timestamp) -> Iterator[Span]:
    for stretch in ahead.stretches:
        if stretch.period.register is None:
            return
        start = max(now, stretch.start)
        while start < stretch.end:
            day = local(start, account.zone).date()
            end = min(stretch.end, midnight(day + ONE_DAY, account.zone))
            yield Span(start, end, stretch.period.register)
            start = end


def _by_clock(clock: CalendarClock, account: Account, now: Timestamp) -> Iterator[Span]:
    """Hour by hour, since the clock must not change within what is asked."""
    last = midnight(local(now, account.zone).date() + timedelta(days=DAYS_AHEAD), account.zone)
    start = now
    while start < last:
        end = min(last, start - start % HOUR + HOUR)
        spans = clock.spans(start, end)
        if not isinstance(spans, list):
            return
        yield from spans
        start = end
