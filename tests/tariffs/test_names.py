"""Names of suppliers and offers, as people and linkypy write them."""

import pytest

from linkytui.reading import Contract
from linkytui.tariffs.names import find_key, linkypy_names
from linkytui.tariffs.offers import OfferKey

BLEU = OfferKey("EDF", "Tarif Bleu", Contract.HPHC)
VERT = OfferKey("EDF", "Vert Électrique", Contract.HPHC)
ONLINE = OfferKey("TotalEnergies", "Online", Contract.HPHC)
MINT = OfferKey("Mint", "Online & Green", Contract.HPHC)
KEYS = (BLEU, BLEU._replace(option=Contract.BASE), VERT, ONLINE, MINT)


def test_the_tags_of_linkypys_dashboard_continue() -> None:
    assert linkypy_names(BLEU) == ("EDF", "bleu")
    assert linkypy_names(VERT) == ("EDF", "vert")
    assert linkypy_names(ONLINE) == ("Total Direct Energie", "online")
    assert linkypy_names(MINT) == ("Mint", "online_green")


@pytest.mark.parametrize(
    ("provider", "offer", "found"),
    [
        ("EDF", "Tarif Bleu", BLEU),
        ("edf", "tarif bleu", BLEU),
        ("EDF", "bleu", BLEU),
        ("EDF", "VERT ELECTRIQUE", VERT),
        ("Total Direct Energie", "online", ONLINE),
        ("mint", "", MINT),
        ("EDF", "", None),
        ("Mint", "Classic", None),
        ("", "", None),
    ],
)
def test_an_offer_is_found_however_it_is_written(provider: str, offer: str, found: OfferKey | None) -> None:
    assert find_key(KEYS, provider, offer, Contract.HPHC) == found


def test_the_option_must_be_the_contracts() -> None:
    assert find_key(KEYS, "Mint", "Online & Green", Contract.BASE) is None
