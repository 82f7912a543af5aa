"""Answers beside the labels: what a household asks, in one message. Pure.

Of each: a value, None where it is not known now; attributes that say more; for money that is summed up, since when.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from linkytui.billing.rate import price_now
from linkytui.civil.days import local
from linkytui.civil.times import Timestamp
from linkytui.link import Link
from linkytui.outputs.callbacks.mqtt.answer_entities import ALL_COSTS, COST_OF
from linkytui.outputs.callbacks.mqtt.figures import Figures
from linkytui.reading.active_power import ActivePower
from linkytui.reading.ahead import Outlook
from linkytui.reading.contracts import Contract
from linkytui.reading.model import Reading
from linkytui.tic.status import Colour
from linkytui.wording.terms import colour_name, period_name, state_name
from linkytui.wording.until import period_words


class Answer(NamedTuple):
    """One answer."""

    value: float | int | str | None = None
    attributes: Mapping[str, Any] = {}
    since: datetime | None = None  # from when on money is summed up


def answers_of(
    latest: Reading,
    link: Link,
    figures: Figures | None = None,
    *,
    active: ActivePower | None = None,
    ahead: Outlook | None = None,
    now: Timestamp | None = None,
    old: bool = False,
) -> dict[str, Answer]:
    """All that can be answered for this meter, by name; those that do not concern it are left out.

    `figures`: None where there is no account, or it cannot be read; `ahead`: the periods from now on; `now`: None is
    the moment of the meter's last word; `old`: what it said is no longer of now.
    """
    answers = {"link": Answer(state_name(link))}
    answers["active_power"] = _active(None if old else active)
    answers["period"] = Answer()
    if latest.period and not old:
        called = {} if figures is None else figures.called
        answers["period"] = Answer(period_name(latest, called), {"register": latest.period})
    if ahead is not None:
        answers["period_until"] = Answer() if old else _until(ahead)
    if latest.contract is Contract.TEMPO:
        for day, colour in (("today", latest.today), ("tomorrow", latest.tomorrow)):
            answers[f"tempo_{day}"] = Answer(None if old or colour is None else colour_name(colour))
    if figures is not None:
        answers |= _tempo_left(figures)
        answers |= _money(latest, figures, ahead, latest.at if now is None else now, old=old)
    return answers


def answers_payload(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """The message: `{"price": {"value": 0.2146, "attributes": {…}}, …}`."""
    return {name: dict(_entry(answer)) for name, answer in answers.items()}


def _entry(answer: Answer) -> Iterator[tuple[str, Any]]:
    yield "value", answer.value
    if answer.since is not None:
        yield "since", answer.since.isoformat()
    if answer.attributes:
        yield "attributes", dict(answer.attributes)


def _active(active: ActivePower | None) -> Answer:
    if active is None:
        return Answer()
    return Answer(round(active.watts), {"margin": round(active.error)})


def _until(ahead: Outlook) -> Answer:
    """When the running period ends, and what follows; nothing where a change of the clocks leaves it open."""
    here = ahead.stretches[0]
    if ahead.from_tomorrow or not here.ends or not here.sure:
        return Answer()
    after = ahead.stretches[1:2]
    following = {"next": period_words(after[0].period, ahead.names)} if after else {}
    return Answer(
        local(here.end, ahead.zone).isoformat(timespec="seconds"), following | {"known_from": ahead.origin.value}
    )


def _paid_register(latest: Reading, figures: Figures, ahead: Outlook | None, now: Timestamp) -> str | None:
    """The register whose price is paid now: the meter's, or the one that would count by the offer's own hours.

    Where the person did not set their hours, those that the record showed stand for them.
    """
    paid = figures.paid(latest.period, now)
    if paid is not None or figures.hours.option in (None, latest.contract):
        return paid
    return None if ahead is None or ahead.from_tomorrow else ahead.stretches[0].period.register


def _tempo_left(figures: Figures) -> dict[str, Answer]:
    return {
        f"tempo_{colour.name.lower()}_left": Answer(figures.days_left[colour])
        for colour in Colour
        if colour in figures.days_left
    }


def _money(latest: Reading, figures: Figures, ahead: Outlook | None, now: Timestamp, *, old: bool) -> dict[str, Answer]:
    """Prices and costs; nothing as long as no price is known."""
    answers: dict[str, Answer] = {}
    price = price_now(figures.prices, _paid_register(latest, figures, ahead, now), figures.day)
    if price is not None:
        offer = {"offer": price.offer.key.title, "register": price.register}
        answers["price"] = Answer() if old else Answer(float(price.eur), offer)
    if figures.month is None:
        return answers
    began = figures.month_began
    said: dict[str, Any] = {"complete": figures.whole}
    if figures.counts_from is not None:
        said["recorded_since"] = figures.counts_from.isoformat(timespec="minutes")
    if figures.remarks:
        said["remarks"] = list(figures.remarks)
    answers["month_cost"] = Answer(_cents(figures.month), said, began)
    bounds = {name: _cents(value) for name, value in (("low", figures.low), ("high", figures.high))}
    answers["month_estimate"] = Answer(_cents(figures.estimate), bounds if figures.estimate is not None else {})
    answers["yesterday_cost"] = Answer(_cents(figures.yesterday))
    for register, amount in figures.energy.items():
        answers[f"{COST_OF}{register.lower()}"] = Answer(float(amount), since=began)
    if len(figures.energy) > 1:
        answers[ALL_COSTS] = Answer(float(sum(figures.energy.values(), Decimal(0))), since=began)
    if figures.income is not None:
        answers["income"] = Answer(_cents(figures.income), since=began)
    return answers


def _cents(amount: Decimal | None) -> float | None:
    return None if amount is None else float(round(amount, 2))
