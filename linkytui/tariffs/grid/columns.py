"""What one column of a grid is, from the words over it: subscription or price, of which register, with taxes or
without, in which unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.wording.plain import bare, plain

_SUBSCRIPTION: Final = re.compile(r"\babonnement|\babo\b|prime fixe|/ ?mois\b|/ ?an\b")
_PRICE: Final = re.compile(r"kwh|\benergie\b")
_YEAR: Final = re.compile(r"/ ?an\b|par an\b|annuel")
_MONTH: Final = re.compile(r"/ ?mois\b|par mois\b|mensuel")
_CENTS: Final = re.compile(r"\bcts?\b|\bc ?€|centimes?|\bcents?\b")
_EUROS: Final = re.compile(r"€|\beur")
_TAX: Final = re.compile(r"\bttc|toutes taxes comprises|\bhtt?(?![a-z])|\bhors (?:toutes )?taxes?")
_REGULATED: Final = re.compile(r"reglement|\btrv")
_CEILING: Final = re.compile(r"maxim|plafond")
_OWN: Final = re.compile(
    r"week|\bwe\b|semaine|saison|\bhaute\b|\bbasse\b|hiver|\bete\b|sobriete|super|\bh[pc][hb]\b|jours? eco"
)
"""Calendars that are a supplier's own or the network's: seasons, week-ends, hours cheaper than off-peak."""

_Words = Sequence[tuple[str, re.Pattern[str]]]

HOURS: Final[_Words] = (("HP", re.compile(r"pleines?\b|\bhp\b")), ("HC", re.compile(r"creuses?\b|\bhc\b")))
_EJP: Final[_Words] = (("HN", re.compile(r"normales?\b|\bhn\b")), ("PM", re.compile(r"pointe\b|\bpm\b")))
_COLOURS: Final[_Words] = (
    ("JB", re.compile(r"(?<!tarif )\bbleue?s?\b")),
    ("JW", re.compile(r"\bblanc(?:he)?s?\b")),
    ("JR", re.compile(r"\brouges?\b")),
)


class PricePart(StrEnum):
    """What a figure is a part of."""

    SUBSCRIPTION = "subscription"
    PRICE = "price"


class Tax(StrEnum):
    """Without taxes, or with all of them."""

    HT = "HT"
    TTC = "TTC"


@dataclass(frozen=True, slots=True)
class PriceColumn:
    """What the figures of one column are."""

    part: PricePart
    tax: Tax
    register: str
    """The register that has the price, the grid's own words where its calendar is its own; empty for a subscription."""
    factor: Decimal  # what turns the figure into EUR a year (subscription) or EUR/kWh (price)
    own: bool = False  # True where the register is of a supplier's own calendar
    regulated: bool = False  # True where it is the regulated tariff's, printed beside the offer's
    shared: Decimal | None = None  # the figure itself where the header holds it, for all powers


def only(texts: Sequence[str], words: _Words) -> str | None:
    """What the last of the texts that names exactly one of the words names."""
    for text in reversed(texts):
        named = [name for name, pattern in words if pattern.search(bare(text))]
        if len(named) == 1:
            return named[0]
    return None


def colour_named(text: str | None) -> str | None:
    """The colour of Tempo that some words name, and no other, as the registers write it: JB, JW or JR."""
    return only((text or "",), _COLOURS)


def part_of(texts: Sequence[str]) -> PricePart | None:
    """What the words over a column, top down, say its figures are part of; None when they say neither."""
    if any(_CEILING.search(bare(text)) for text in texts):
        return None
    named = only(texts, ((PricePart.SUBSCRIPTION, _SUBSCRIPTION), (PricePart.PRICE, _PRICE)))
    return PricePart(named) if named else None


def names_subscription(text: str) -> bool:
    """True when some words name a subscription, whatever else they name."""
    return bool(_SUBSCRIPTION.search(bare(text)))


def names_price(text: str) -> bool:
    """True when some words name a price per kWh, whatever else they name."""
    return bool(_PRICE.search(bare(text)))


def is_own_calendar(texts: Sequence[str | None]) -> bool:
    """True when some words name a calendar that is a supplier's own or the network's."""
    return any(_OWN.search(bare(text)) for text in texts if text)


def taxes_in(text: str) -> list[Tax]:
    """HT and TTC in the order in which a text names them; HTT is HT."""
    return [Tax.TTC if found.group().startswith("t") else Tax.HT for found in _TAX.finditer(bare(text))]


@dataclass(frozen=True, slots=True)
class Around:
    """Words that hold for a whole table."""

    page: str
    above: str  # those just above it


def column(part: PricePart, tax: Tax, texts: Sequence[str], around: Around, register: str | None = None) -> PriceColumn:
    """The column over which these words stand.

    `texts`: the words over it, the widest first; `register`: whose price it is, where the words alone do not tell.
    Raises GridError: the words do not say for how long a subscription is.
    """
    regulated = any(_REGULATED.search(bare(text)) for text in texts)
    if part is PricePart.SUBSCRIPTION:
        return PriceColumn(part, tax, "", _months([around.page, around.above, *texts]), regulated=regulated)
    factor = _euros(texts, around.above)
    if is_own_calendar(texts):
        named = (plain(text) for text in reversed(texts) if not taxes_in(text))
        return PriceColumn(part, tax, next(named, plain(texts[-1])), factor, own=True, regulated=regulated)
    return PriceColumn(part, tax, register or _register(texts), factor, regulated=regulated)


def _register(texts: Sequence[str]) -> str:
    hours = only(texts, HOURS)
    if hours and (colour := only(texts, _COLOURS)):
        return hours + colour
    return only(texts, _EJP) or hours or "BASE"


def _euros(texts: Sequence[str], above: str) -> Decimal:
    """EUR in one unit of a price: the words over it say cents or EUR, else those above the table."""
    said = " ".join(bare(text) for text in texts)
    if not _CENTS.search(said) and not _EUROS.search(said):
        said = bare(above)
    return Decimal("0.01") if _CENTS.search(said) else Decimal(1)


def _months(texts: Sequence[str]) -> Decimal:
    """What makes a year of a subscription."""
    for text in reversed(texts):
        found = [times for times, pattern in ((12, _MONTH), (1, _YEAR)) if pattern.search(bare(text))]
        if len(found) == 1:
            return Decimal(found[0])
    raise GridError(_("it does not say whether the subscription is for a month or a year"))
