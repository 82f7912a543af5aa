"""EDF: the regulated Tarif Bleu, and its own offers Vert Électrique and Zen."""

import re
from typing import Final

from linkytui.tariffs.suppliers.base import GridAddress, Supplier

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
"""Tarif Bleu last, because the others compare themselves to it."""

EDF: Final = Supplier(
    name="EDF",
    mark=re.compile(r"\bEDF\b|[Gg]rille de prix de l['’]offre"),
    offers=_OFFERS,
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
