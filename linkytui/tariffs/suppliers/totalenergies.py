"""TotalEnergies, once Total Direct Énergie: indexed and fixed offers. The offer's name stands over its prices."""

import re
from typing import Final

from linkytui.tariffs.grid.document import Document
from linkytui.tariffs.suppliers.base import GridAddress, Supplier, titled

_SITE: Final = "https://www.totalenergies.fr/fileadmin/Digital/"
_FOLDER: Final = _SITE + "Groupe/PDF/Documents_contractuels/Particuliers/Tarifs_TotalEnergies/fr/"

_OVER_PRICES: Final = re.compile(r"Offre (?P<name>\S.*?)\s*(?:\(\d\))?")


def _offer(document: Document) -> str:
    over = (_OVER_PRICES.fullmatch(cell) for cell in document.cells)
    return next((match["name"] for match in over if match), None) or titled(document)


TOTALENERGIES: Final = Supplier(
    name="TotalEnergies",
    mark=re.compile(r"Total ?Energies|Total ?Direct ?[EÉ]nergie"),
    offer=_offer,
    addresses=(
        GridAddress("Heures Eco", _FOLDER + "grille-tarifaire-heures-eco-particuliers.pdf"),
        GridAddress("Standard Fixe", _FOLDER + "grille-tarifaire-standard-fixe-particuliers.pdf"),
        GridAddress("Charge'Heures", _FOLDER + "grille-tarifaire-charge-heures-particuliers.pdf"),
        GridAddress("Verte Fixe", _SITE + "Documents-contractuels/GT/grille-tarifaire-verte-fixe-particuliers.pdf"),
    ),
)
