"""The offer in force: the one in the settings, else the regulated tariff for the meter's contract and power."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import ceil
from typing import Final

from linkytui.billing.course import Run, Terms, terms_of
from linkytui.billing.split import Target
from linkytui.civil.days import ONE_DAY
from linkytui.i18n import _, long_date, number
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.settings.model import TariffSettings
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.calendars.calendar import Calendar
from linkytui.tariffs.calendars.own import OwnCalendars, by_register, why_unclear
from linkytui.tariffs.names import find_key
from linkytui.tariffs.offers import HandPrices, Offer, OfferKey, PricesOn
from linkytui.tariffs.regulated import OFFER, PROVIDER, is_local
from linkytui.wording.plain import plain
from linkytui.wording.terms import contract_name

UNKNOWN_POWER: Final = 0  # stands for a subscribed power that nobody told: only prices by hand hold at it


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The offer with which a bill is worked out."""

    keys: Mapping[Contract, OfferKey] = field(hash=False)
    """The offer in each option: who changes the option keeps the supplier."""
    contract: Contract  # the option that holds now
    option: Contract | None  # the option that the person set; None follows the registers that the meter counts
    power_kva: int  # kVA whose prices are paid
    subscribed_kva: float | None  # kVA as the meter or the settings say
    assumed: bool  # nothing was set: this is the regulated tariff, which is not necessarily what the person pays
    hand: HandPrices | None  # prices by hand; they win
    target: Target | None = None
    """How energy is counted anew for these days; None leaves it as the meter counted it."""
    calendar: Calendar | None = None
    """The supplier's own that the offer has, whoever counts it; None in other options, and where it is not known."""
    calendars: OwnCalendars = field(default_factory=OwnCalendars)  # those of suppliers' own that are known
    power_set: bool = False  # the person set the power for these days; else it is the meter's
    noted: date | None = None  # the day on which the settings changed, where they give no days themselves
    local: str | None = None  # a local supplier, for whose regulated tariff EDF's stands
    first: date = date.min  # the day from which it holds
    course: tuple["Plan", ...] = field(default=(), hash=False)
    """What held, holds and will hold, in the order of the days; empty where nothing ever changes. This one is in it."""
    runs: tuple[Run, ...] = ()  # what the meter said of its contract, by the day

    def on(self, day: date) -> "Plan":
        """What held on a day."""
        place = bisect_right(self.course, day, key=lambda plan: plan.first)
        return self.course[place - 1] if place else self

    def between(self, first: date, end: date) -> tuple["Plan", ...]:
        """All that held on some days, up to the one before `end`, in their order."""
        later = (plan for plan in self.course if first < plan.first < end)
        return (self.on(first), *later)

    @property
    def key(self) -> OfferKey:
        """The offer that holds now."""
        return self.keys[self.contract]

    @property
    def power_wanted(self) -> int | None:
        """kVA, whole, that an offer must at least have; None when the subscribed power is not known."""
        return None if self.subscribed_kva is None else ceil(self.subscribed_kva)

    @property
    def title(self) -> str:
        """The offer's name, for a person."""
        return self.key.title

    def prices(self, book: PriceBook) -> PricesOn:
        """What is asked on a day, by option: by what held then."""
        return lambda contract, day: self.on(day)._price(book, contract, day)

    def called(self, book: PriceBook, day: date) -> Mapping[str, str]:
        """What the meter and the offer of a day call the registers of the supplier's own calendar, for people."""
        offer = self.prices(book)(Contract.OTHER, day)
        return self.calendars.called if offer is None else offer.called

    def _price(self, book: PriceBook, contract: Contract, day: date) -> Offer | None:
        offer = self._asked(book, contract, day)
        if offer is None or contract is not Contract.OTHER or not self.calendars.called:
            return offer
        return replace(offer, said=self.calendars.called)

    def _asked(self, book: PriceBook, contract: Contract, day: date) -> Offer | None:
        key = self.keys[contract]
        offer = book.price_at(key, self.power_kva, day)
        if offer is not None and contract is Contract.OTHER:
            calendar = self.calendars.of(offer, own=True)
            unclear = calendar is not None and why_unclear(calendar, offer.prices) is not None
            offer = None if unclear else by_register(offer, calendar)
        if self.hand is not None and self.hand.concerns(key, self.power_kva):
            offer = self.hand.over(offer, self.power_kva)
            if offer is not None and contract is Contract.OTHER and not offer.names:
                offer = by_register(offer, self.calendars.for_key(key))
        return offer


def find_plan(
    tariff: TariffSettings,
    book: PriceBook,
    contract: Contract,
    subscribed_kva: float | None,
    day: date,
    runs: Sequence[Run] = (),
    texts: Mapping[str, str] | None = None,
    terms: Sequence[Terms] | None = None,
) -> Plan:
    """What a person pays, now and on every other day.

    The option that the person set wins over the meter's contract; `day` is today, for the powers that exist. The
    subscribed kVA are the meter's or the settings'; None when neither says them. `runs` is what the meter said of its
    contract by the day: it holds on its days, and before the first one it is as it was then. `texts` is what it calls
    the period that each register of a supplier's own calendar counts. `terms` is what was set from which day on; None
    takes what the settings of now say of it.
    """
    calendars = OwnCalendars(tariff.calendars, texts or {})
    terms = terms_of(tariff) if terms is None else terms
    told = any(run.subscribed_kva for run in runs)
    said = _with_today(runs, contract, subscribed_kva, day)
    firsts = sorted({each.first for each in terms} | {run.first for run in said[1:]})
    course = []
    for place, first in enumerate(firsts):
        end = firsts[place + 1] if place + 1 < len(firsts) else date.max
        held = next(each for each in reversed(terms) if each.first <= first)
        run = next((each for each in reversed(said) if each.first <= first), said[0])
        known = run.contract or contract
        if not first <= day < end and not any(run.first <= first for run in runs):
            known = _named(held.tariff) or known
        kva = held.power_kva or (None if told else held.stands_in) or run.subscribed_kva or subscribed_kva
        course.append(_terms_plan(held, book, known, kva, min(max(day, first), end - ONE_DAY), calendars))
        course[-1] = replace(course[-1], first=first)
    now = course[bisect_right(firsts, day) - 1]
    if len(terms) > 1 and not tariff.contracts:
        now = replace(now, noted=terms[-1].first)
    return now if len(course) == 1 and not runs else replace(now, course=tuple(course), runs=tuple(runs))


def _with_today(runs: Sequence[Run], contract: Contract, subscribed_kva: float | None, day: date) -> tuple[Run, ...]:
    """What the meter said, with what it says now where that differs."""
    now = Run(day, day, contract, subscribed_kva)
    if not runs:
        return (now,)
    last = runs[-1]
    if (last.contract or contract, last.subscribed_kva or subscribed_kva) == (contract, subscribed_kva):
        return tuple(runs)
    return (*runs, now) if day > last.first else (*runs[:-1], now._replace(first=last.first))


def _terms_plan(
    terms: Terms, book: PriceBook, contract: Contract, subscribed_kva: float | None, day: date, calendars: OwnCalendars
) -> Plan:
    """What holds as long as nothing changes."""
    tariff = terms.tariff
    keys = {each: _key(tariff, book, each) for each in Contract}
    option = Contract(tariff.option) if tariff.option else _only_own(tariff, book, keys, contract)
    holds = option or contract
    calendar = (
        _calendar(book, keys[Contract.OTHER], subscribed_kva, day, calendars) if holds is Contract.OTHER else None
    )
    hand = None
    if tariff.prices.registers or tariff.prices.subscription is not None:
        if not tariff.provider and not tariff.offer and _complete(tariff, holds):
            # Prices that are all by hand are a person's own, and the regulated tariff stays there to compare with.
            keys[holds] = OfferKey("", "", holds)
        power = _power(book, keys[holds], subscribed_kva, day)
        hand = HandPrices(
            key=keys[holds], power_kva=power, prices=tariff.prices.registers, subscription=tariff.prices.subscription
        )
    local = tariff.provider if keys[holds] == OfferKey(PROVIDER, OFFER, holds) and is_local(tariff.provider) else None
    few = tariff.provider and (local or len(_sold(book, keys[holds])) <= 1)
    return Plan(
        keys=keys,
        contract=holds,
        option=option,
        target=_target(option, calendar),
        calendar=calendar,
        calendars=calendars,
        power_kva=_power(book, keys[holds], subscribed_kva, day),
        subscribed_kva=subscribed_kva,
        assumed=not tariff.offer and hand is None and not few,
        hand=hand,
        power_set=terms.power_kva is not None,
        local=local,
    )


def _only_own(
    tariff: TariffSettings, book: PriceBook, keys: Mapping[Contract, OfferKey], contract: Contract
) -> Contract | None:
    """A supplier's own calendar, where the offer that was set is sold with no other one."""
    named = tariff.offer and contract is not Contract.OTHER
    return Contract.OTHER if named and keys[contract] not in book.keys and keys[Contract.OTHER] in book.keys else None


def _calendar(
    book: PriceBook, key: OfferKey, subscribed_kva: float | None, day: date, calendars: OwnCalendars
) -> Calendar | None:
    """The calendar of an offer; None where it is not clear."""
    offer = book.price_at(key, _power(book, key, subscribed_kva, day), day)
    if offer is None:
        return calendars.for_key(key)
    calendar = calendars.of(offer, own=True)
    return None if calendar is None or why_unclear(calendar, offer.prices) is not None else calendar


def _target(option: Contract | None, calendar: Calendar | None) -> Target | None:
    """How energy is counted anew; None where the meter counts as the offer does."""
    if option is None:
        # By a meter's registers where it is known which of them counts which period, else by the clock.
        return None if calendar is None or calendar.is_counted else Target(Contract.OTHER, calendar)
    return Target(option, calendar)


def _named(tariff: TariffSettings) -> Contract | None:
    """The option whose registers have prices by hand, all of them."""
    named = [each for each in Contract if each is not Contract.OTHER and _complete(tariff, each)]
    return named[0] if len(named) == 1 else None


def why_no_price(plan: Plan, book: PriceBook, contract: Contract, day: date) -> str:
    """Why a plan has no price on a day, and what to do about it, in one line."""
    key = plan.keys[contract]
    name = f"{key.title}, {contract_name(contract)}"
    if contract is Contract.OTHER:
        offer = book.price_at(key, plan.power_kva, day)
        calendar = plan.calendars.of(offer, own=True) if offer is not None else None
        if offer is not None and calendar is not None and (reason := why_unclear(calendar, offer.prices)):
            return reason
        return _(
            "Which of your meter's registers counts which hours of this offer is not known: set the prices by hand in "
            "[tariff.prices], with the subscription and a price for each register in use (EASF01, …)."
        )
    if plan.subscribed_kva is None:
        return _("Subscribed power unknown: set power_kva in [meter].")
    known = [each for each in book.in_force(day) if each.key == key]
    if known:
        powers = ", ".join(str(each.power_kva) for each in known)
        return _(
            "No price of {offer} is known for {power} kVA, only for {powers} kVA: set power_kva in [meter]."
        ).format(offer=name, power=_kva(plan.subscribed_kva), powers=powers)
    sold = ", ".join(_sold(book, key))
    if sold and not key.offer:
        return _("Your offer from {supplier} is not known: set offer in [tariff] to one of {offers}.").format(
            supplier=key.provider, offers=sold
        )
    if any(each.key == key for each in book.ahead(day)):
        return _("The known prices of {offer} start after {day}.").format(offer=name, day=long_date(day))
    if sold and key not in book.keys:
        return _(
            "No price of {offer} is known, only of {offers}: set offer in [tariff] to one of them, or read its grid "
            "with linkytui prices FILE.pdf."
        ).format(offer=name, offers=sold)
    return _(
        "No price of {offer} is known on {day}: read its grid with linkytui prices FILE.pdf, or set the prices by hand "
        "in [tariff.prices]."
    ).format(offer=name, day=long_date(day))


def _key(tariff: TariffSettings, book: PriceBook, contract: Contract) -> OfferKey:
    """The offer in one option, by the book's name for it where the book has one."""
    provider, offer = tariff.provider or "", tariff.offer or ""
    if not provider and not offer:
        return OfferKey(PROVIDER, OFFER, contract)
    if provider:
        found = find_key(book.keys, provider, offer, contract)
        if found is None and not offer and plain(provider) == plain(PROVIDER):
            # EDF alone is its regulated tariff, as long as nobody says which of its other offers it is.
            return OfferKey(PROVIDER, OFFER, contract)
        if found is None and plain(offer) in ("", plain(OFFER)) and is_local(provider):
            # Local suppliers sell the regulated tariff, too, each in its own area; the law sets the same prices.
            return OfferKey(PROVIDER, OFFER, contract)
    else:
        found = next((key for key in book.keys if key.option is contract and plain(key.offer) == plain(offer)), None)
    return found or OfferKey(provider, offer, contract)


def _sold(book: PriceBook, key: OfferKey) -> list[str]:
    """The offers that the supplier of one is known to sell with the same option."""
    mine = plain(key.provider)
    return [each.offer for each in book.keys if each.option is key.option and plain(each.provider) == mine]


def _complete(tariff: TariffSettings, contract: Contract) -> bool:
    prices = tariff.prices.registers
    names = REGISTERS[contract]
    priced = any(name in prices for name in names) if contract is Contract.OTHER else prices.keys() >= set(names)
    return priced and tariff.prices.subscription is not None


def _power(book: PriceBook, key: OfferKey, subscribed_kva: float | None, day: date) -> int:
    """The power whose price is paid: the next one that the offer has."""
    if subscribed_kva is None:
        return UNKNOWN_POWER
    wanted = ceil(subscribed_kva)
    powers = [offer.power_kva for offer in book.in_force(day) if offer.key == key]
    return min((power for power in powers if power >= wanted), default=wanted)


def _kva(power: float) -> str:
    return number(power, 0 if power == int(power) else 1)
