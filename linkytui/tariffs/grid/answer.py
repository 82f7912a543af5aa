"""What the process that reads a PDF answers."""

import msgspec

from linkytui.tariffs.offers import Offer


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Offers and notes, or the reason why there are none."""

    offers: tuple[Offer, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""
