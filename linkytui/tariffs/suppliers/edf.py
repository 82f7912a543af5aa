"""EDF: the regulated Tarif Bleu, and its own offers Vert Électrique and Zen."""

import re
from typing import Final

from linkytui.tariffs.grid.document import Document
from linkytui.tariffs.suppliers.base import GridAddress, Supplier, titled
from linkytui.wording.plain import plain

_FOLDER: Final = "https://particulier.edf.fr/content/dam/2-Actifs/Documents/Offres/"

_OFFERS: Final = (
    "Zen Week-End Plus",
    "Zen Week-End",
    "Zen Online",
    "Zen Fixe",
    "Zen Estival",
    "Zen Flex",
    "Vert Électrique Auto",
    "Vert Électrique Régional",
    "Vert Électrique Week-End",
    "Vert Électrique",
    "Tarif Bleu",
)
"""The longer name first where one begins with another; Tarif Bleu last, because the others compare themselves to it."""

_HEAD: Final = 600  # characters in which a document names its offer


def _offer(document: Document) -> str:
    head = plain(document.text[:_HEAD])
    return next((name for name in _OFFERS if plain(name) in head), None) or titled(document)


EDF: Final = Supplier(
    name="EDF",
    mark=re.compile(r"\bEDF\b|[Gg]rille de prix de l['’]offre"),
    offer=_offer,
    addresses=(
        GridAddress("Tarif Bleu", _FOLDER + "Grille_prix_Tarif_Bleu.pdf"),
        GridAddress("Tarif Bleu EJP", _FOLDER + "Grille_prix_EJP.pdf"),
        GridAddress("Vert Électrique", _FOLDER + "grille-prix-vert-electrique.pdf"),
        GridAddress("Vert Électrique Auto", _FOLDER + "grille-prix-vert-electrique-auto.pdf"),
        GridAddress("Vert Électrique Régional", _FOLDER + "grille-prix-vert-electrique-regional.pdf"),
        GridAddress("Zen Fixe", _FOLDER + "Grille-prix-zen-fixe.pdf"),
        GridAddress("Zen Online", _FOLDER + "grille-prix-zen-online.pdf"),
    ),
)
