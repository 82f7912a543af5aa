"""Engie: prices in parts, per year, on the last pages of a descriptive sheet."""

import re
from typing import Final

from linkytui.tariffs.suppliers.base import GridAddress, Supplier

_FOLDER: Final = "https://particuliers.engie.fr/content/dam/pdf/fiches-descriptives/"

ENGIE: Final = Supplier(
    name="Engie",
    mark=re.compile(r"\bENGIE\b|\bEngie\b"),
    addresses=(GridAddress("Elec Référence 3 ans", _FOLDER + "fiche-descriptive-elec-reference-3-ans.pdf"),),
)
