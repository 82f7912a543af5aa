"""What a document without a grid is, so that a person is told the true reason."""

import re
from collections.abc import Sequence
from typing import Final

from linkytui.i18n import _
from linkytui.tariffs.grid.page import GridPage
from linkytui.tariffs.grid.tokens import tokens_of
from linkytui.wording.plain import bare

_GAS: Final = re.compile(r"\bgaz\b")
_GAS_ONLY: Final = re.compile(
    r"\bgaz naturel|\bticgn\b|\bpce\b|\bgrdf\b|\bzone [1-6a-k]\b|\bforfait cuisine\b|\bpitd\b|\bclasse de consommation"
)
_ELECTRICITY: Final = re.compile(r"\belectricite|\bkva\b|\benedis\b|\blinky\b")
_POWERS: Final = re.compile(r"\bkva\b|puissance souscrite")
_CONDITIONS: Final = re.compile(r"conditions (?:generales|particulieres)|\bcgv\b|\barticle \d|fiche standardisee")
_SERVICES: Final = re.compile(r"catalogue (?:de|des) prestations|mise en service")

_PRICE: Final = re.compile(r"\d[.,]\d{2,}")
_SOME: Final = 6
"""Prices, from which on a page may hold a table of them."""
_PICTURED: Final = 0.08
"""Share of a page that pictures cover, from which on its table may be one."""
_WORDY: Final = 2500
"""Words, from which on a document with conditions is nothing else."""


def is_dark(page: GridPage) -> bool:
    """True for a page without a table that could be understood, although it holds powers, kWh and prices."""
    text = bare(page.text)
    return len(_PRICE.findall(text)) >= _SOME and "kwh" in text and bool(_POWERS.search(text))


def why_no_grid(pages: Sequence[GridPage]) -> str:
    """Why there is no table of electricity prices, for a person."""
    text = bare("\n".join(page.text for page in pages))
    head = bare("\n".join(page.text[:600] for page in pages[:2]))
    gas, electricity = len(_GAS.findall(text)) + len(_GAS_ONLY.findall(text)), len(_ELECTRICITY.findall(text))
    if gas > electricity:
        return _("it is a gas grid, not one of electricity")
    figures = sum(len(tokens_of(page).figures) for page in pages)
    if _CONDITIONS.search(text) and (len(text.split()) > _WORDY or (_CONDITIONS.search(head) and figures < 6)):
        return _("it holds terms and conditions, not prices by power")
    if figures < 6 and max((page.pictured for page in pages), default=0.0) > _PICTURED:
        return _("its table is a picture, which cannot be read")
    if figures >= 6 and _POWERS.search(text) and "kwh" in text:
        return _("its table of prices could not be understood")
    return _("it has no table of electricity prices by power")
