"""What the settings said of the contract without a day, by the day, in a file beside the history.

Whoever reads the meter notes it, as it notes what the meter says: a setting that is changed holds from that day on.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec
from msgspec.structs import replace

from linkytui.billing.course import Terms, terms_of
from linkytui.settings.model import Prices, Settings, TariffSettings
from linkytui.tariffs.whole import write_whole

_NAME: Final = "tariff.json"


class KeptTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was set from a day on."""

    first: date | None = None  # None for what was set when the first note was taken: nothing else is known of before
    provider: str | None = None
    offer: str | None = None
    option: str | None = None
    power_kva: float | None = None  # stands in for a meter that does not say it
    prices: Mapping[str, Decimal] = {}  # by hand, the subscription among them


def read_terms(folder: Path) -> tuple[KeptTerms, ...]:
    """What was noted, in the order of the days; nothing where there is no file, or none that can be read."""
    try:
        return msgspec.json.decode((folder / _NAME).read_bytes(), type=tuple[KeptTerms, ...])
    except (OSError, msgspec.MsgspecError):
        return ()


def note_terms(folder: Path, settings: Settings, today: date) -> None:
    """Note what is set now, where it is not what was noted last. Raises OSError: the disk does not take it."""
    kept = read_terms(folder)
    noted = with_today(kept, settings, today)
    if noted != kept:
        write_whole(folder / _NAME, [msgspec.json.encode(noted)])


def with_today(kept: Sequence[KeptTerms], settings: Settings, today: date) -> tuple[KeptTerms, ...]:
    """The same with what is set now.

    It begins today, but for what only completes what was set: a supplier without an offer, or nothing at all, was not
    yet told. What was noted today is replaced. Where the settings give days themselves, they say all there is to say.
    """
    if settings.tariff.contracts:
        return tuple(kept)
    now = _set(settings)
    if not kept:
        return (now,)
    *before, last = kept
    if _completes(last, now) or last.first == today:
        now = replace(now, first=last.first)
        return (*before, now) if not before or not _alike(before[-1], now) else tuple(before)
    return (*kept, replace(now, first=today))


def course_of_settings(kept: Sequence[KeptTerms], settings: Settings) -> tuple[Terms, ...]:
    """What holds by the settings, in the order of its days.

    What was noted counts as long as it ends with what is set: else it is another person's, who records the same meter.
    """
    tariff = settings.tariff
    if tariff.contracts or len(kept) < 2 or not _alike(kept[-1], _set(settings)):
        return terms_of(tariff)
    return tuple(Terms(each.first or date.min, _tariff_then(tariff, each), None, each.power_kva) for each in kept)


def _set(settings: Settings) -> KeptTerms:
    tariff = settings.tariff
    prices = dict(tariff.prices.registers)
    if tariff.prices.subscription is not None:
        prices["subscription"] = tariff.prices.subscription
    return KeptTerms(
        provider=tariff.provider or None,
        offer=tariff.offer or None,
        option=tariff.option,
        power_kva=settings.meter.power_kva,
        prices=prices,
    )


def _tariff_then(tariff: TariffSettings, then: KeptTerms) -> TariffSettings:
    return replace(tariff, provider=then.provider, offer=then.offer, option=then.option, prices=Prices(**then.prices))


def _alike(one: KeptTerms, other: KeptTerms) -> bool:
    return replace(one, first=None) == replace(other, first=None)


def _completes(before: KeptTerms, now: KeptTerms) -> bool:
    """Whether all that was set still is."""
    facts = ("provider", "offer", "option", "power_kva")
    return all(getattr(before, name) in (None, getattr(now, name)) for name in facts) and (
        before.prices.items() <= now.prices.items()
    )
