"""What one column of a grid is, from the words over it: subscription or price, of which register, with taxes or
without, the offer's or another's."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from linkytui.reading.contracts import Contract
from linkytui.tariffs.grid.periods import HOURS, own_period
from linkytui.wording.plain import bare

_SUBSCRIPTION: Final = re.compile(r"\babonnement|\babo\b|prime fixe|part fixe|/ ?(?:mois|an|jour)\b|par (?:mois|an)\b")
_PRICE: Final = re.compile(r"[km]wh|\bconsommation\b|prix (?:de l.)?energie")
_ENERGY: Final = re.compile(r"\benergie\b")
_TAX: Final = re.compile(r"\bttc|toutes taxes comprises|\bhtt?(?![a-z])|\bhors (?:toutes )?(?:taxes?|tva)")
_REGULATED: Final = re.compile(r"reglement|\btrv|tarif bleu\b|prix barre|tarif barre")
_COMPARED: Final = re.compile(
    r"identique|indexe|index[ée] sur|remise sur|par rapport|\bvs\b|sur le|inferieur|moins cher"
)
_LIST: Final = re.compile(r"\bbruts?\b|hors remise|avant remise|sans remise|\bcatalogue\b|prix public|tarif public")
_PAID: Final = re.compile(r"\bremises?\b|remisee?s?\b|apres remise|avec remise|\bpromo|\bnets?\b|reduit")
_DISCOUNT: Final = re.compile(r"(?:montant de la |montant |taux de )?(?:remise|reduction)s?(?: %| \(%\))?|% de remise")
_CEILING: Final = re.compile(r"maxim|plafond")
_EXTRA: Final = re.compile(r"option (?:vert|elec|energie verte|100)|vertelec|supplement|\bbudget\b|estimation|\bcout\b")
_OF_NAMES: Final = re.compile(r"\bbudget\b(?! (?:annuel|mensuel|estime|moyen|indicatif|type))")
"""What is an extra over one column, and over all of them may be an offer's name."""
_SUM: Final = re.compile(r"\btotal\b|\btout compris\b")

_Words = Sequence[tuple[str, re.Pattern[str]]]

_EJP: Final[_Words] = (("HN", re.compile(r"normales?\b|\bhn\b")), ("PM", re.compile(r"pointe\b|\bpm\b")))
_COLOURS: Final[_Words] = (
    ("JB", re.compile(r"(?<!tarif )\bbleue?s?\b|\bh[pc]jb\b")),
    ("JW", re.compile(r"\bblanc(?:he)?s?\b|\bh[pc]jw\b")),
    ("JR", re.compile(r"\brouges?\b|\bh[pc]jr\b")),
)
_OPTIONS: Final[Sequence[tuple[Contract, re.Pattern[str]]]] = (
    (Contract.TEMPO, re.compile(r"\btempo\b")),
    (Contract.EJP, re.compile(r"\bejp\b")),
    (
        Contract.HPHC,
        re.compile(r"creuses?\b|pleines?\b|\bhp\b|\bhc\b|hp ?/? ?hc|\bhphc\b|\bdouble\b|\bbi-?horaire|\b2 plages"),
    ),
    (Contract.BASE, re.compile(r"\bbase\b|\bsimple\b|\bunique\b|sans differenciation|\bmono-?horaire")),
)
_PARTS: Final[_Words] = (
    ("fourniture", re.compile(r"\bfourniture\b")),
    ("acheminement", re.compile(r"\bacheminement\b|\bturpe\b|\breseaux?\b")),
    ("obligation", re.compile(r"\bobligations?\b|\bcee\b|\bcapacite\b")),
    (
        "taxes",
        re.compile(r"\bcta\b|\baccise\b|\bcspe\b|\bticfe\b|\btva\b|\btaxes et contributions\b|\bcontributions?\b"),
    ),
)


class PricePart(StrEnum):
    """What a figure is a part of."""

    SUBSCRIPTION = "subscription"
    PRICE = "price"


class Tax(StrEnum):
    """Without taxes, or with all of them."""

    HT = "HT"
    TTC = "TTC"


class Whose(StrEnum):
    """Who asks that price."""

    OFFER = "offer"
    LIST = "list"
    """The offer's, before its discount."""
    STRUCK = "struck"
    """Struck out: another price takes its place, or it is closed to new customers."""
    REGULATED = "regulated"
    """The regulated tariff's, printed beside it."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the words over a column say of its figures; None where they do not say it."""

    part: PricePart | None
    tax: Tax | None
    hours: str | None
    """HP or HC, or HN or PM of EJP."""
    colour: str | None
    """The colour of Tempo's day, as the registers write it."""
    own: str | None
    """The period of the supplier's own calendar that it is."""
    option: Contract | None
    """The option that the words name."""
    whose: Whose
    discounted: bool
    """They say that it is the price after a discount."""
    component: str | None
    """Which part of the whole it is, where a price is given in parts."""
    ignored: bool
    """It is no price that one pays: a ceiling, a discount in percent, an extra."""

    @property
    def register(self) -> str:
        """The register whose price it is, or the period of an own calendar; BASE where no hours are named."""
        return self.own or f"{self.hours or ''}{self.colour or ''}" or "BASE"


def meaning_of(texts: Sequence[str], wide: Sequence[bool]) -> Meaning:
    """What a column is.

    Args:
        texts: the words over it, from top to bottom.
        wide: of each, whether it stands over all columns with figures: such words say nothing of one of them alone.
    """
    narrow = [text for text, is_wide in zip(texts, wide, strict=True) if not is_wide]
    return Meaning(
        part=part_of(texts),
        tax=tax_of(texts),
        hours=only(narrow, _EJP) or only(narrow, HOURS),
        colour=only(narrow, _COLOURS),
        own=own_period(narrow),
        option=option_of(texts),
        whose=_whose(narrow),
        discounted=any(_PAID.search(bare(text)) and not _LIST.search(bare(text)) for text in narrow),
        component=only(texts, _PARTS) if not any(_SUM.search(bare(text)) for text in narrow) else None,
        ignored=any(_CEILING.search(bare(text)) for text in narrow)
        or any(_EXTRA.search(bare(text)) for text in narrow)
        or any(_EXTRA.search(_OF_NAMES.sub("", bare(text))) for text in texts)
        or any(_DISCOUNT.fullmatch(bare(text).strip(" *:")) for text in narrow),
    )


def only(texts: Sequence[str], words: _Words) -> str | None:
    """What the last of the texts that names exactly one of the words names."""
    for text in reversed(texts):
        named = [name for name, pattern in words if pattern.search(bare(text))]
        if len(named) == 1:
            return named[0]
    return None


def part_of(texts: Sequence[str]) -> PricePart | None:
    """What the words over a column, the last first, say its figures are part of; None when they say neither."""
    for text in reversed(texts):
        words = bare(text)
        subscription, price = _SUBSCRIPTION.search(words), _PRICE.search(words)
        if subscription and not price:
            return PricePart.SUBSCRIPTION
        if (price and not subscription) or (not subscription and _ENERGY.search(words)):
            return PricePart.PRICE
    return None


def tax_of(texts: Sequence[str]) -> Tax | None:
    """What the last of the texts that names exactly one of HT and TTC names."""
    for text in reversed(texts):
        named = set(taxes_in(text))
        if len(named) == 1:
            return named.pop()
    return None


def taxes_in(text: str) -> list[Tax]:
    """HT and TTC in the order in which a text names them; HTT is HT."""
    return [Tax.TTC if found.group().startswith("t") else Tax.HT for found in _TAX.finditer(bare(text))]


def option_of(texts: Sequence[str]) -> Contract | None:
    """The option that the last of the texts names that names exactly one."""
    for text in reversed(texts):
        words = bare(text)
        named = [option for option, pattern in _OPTIONS if pattern.search(words)]
        if named and named[0] in (Contract.TEMPO, Contract.EJP):
            return named[0]
        if len(named) == 1:
            return named[0]
    return None


def _whose(texts: Sequence[str]) -> Whose:
    for text in reversed(texts):
        words = bare(text)
        if _LIST.search(words):
            return Whose.LIST
        if _PAID.search(words):
            return Whose.OFFER
        if _REGULATED.search(words) and not _COMPARED.search(words):
            return Whose.REGULATED
    return Whose.OFFER
