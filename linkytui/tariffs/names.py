"""The names of suppliers and offers: how people write them, and how linkypy and its dashboard call them."""

from collections.abc import Iterable
from typing import Final

from linkytui.reading.contracts import Contract
from linkytui.tariffs.offers import OfferKey
from linkytui.wording.plain import plain

_LINKYPY: Final = {
    ("EDF", "Tarif Bleu"): ("EDF", "bleu"),
    ("EDF", "Vert Électrique"): ("EDF", "vert"),
    ("TotalEnergies", "Classique"): ("Total Direct Energie", "classique"),
    ("TotalEnergies", "Online"): ("Total Direct Energie", "online"),
    ("Engie", "Elec Énergie Garantie"): ("Engie", "elec_energie"),
}
"""Supplier and offer as the grids name them, and the tags `provider` and `offer_name` that linkypy wrote for them."""


def linkypy_names(key: OfferKey) -> tuple[str, str]:
    """The provider and the name of the offer under which linkypy's database and dashboard know it, or would."""
    known = _LINKYPY.get((key.provider, key.offer))
    return known or (key.provider, plain(key.offer).replace(" ", "_"))


def find_key(keys: Iterable[OfferKey], provider: str, offer: str, option: Contract) -> OfferKey | None:
    """The offer that a person means, whatever the case and the accents, by its own name or by linkypy's.

    `offer`: as written in the settings, empty takes the supplier's only offer with that option.
    """
    wanted = (plain(provider), plain(offer))
    mine = []
    for key in keys:
        if key.option is not option:
            continue
        names = ((key.provider, key.offer), linkypy_names(key))
        if any((plain(name), plain(title)) == wanted for name, title in names):
            return key
        if plain(key.provider) == wanted[0]:
            mine.append(key)
    return mine[0] if not wanted[1] and len(mine) == 1 else None
