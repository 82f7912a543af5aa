"""TotalEnergies, once Total Direct Énergie: indexed and fixed offers. The offer's name stands over its prices."""

import re
from typing import Final

from linkytui.tariffs.suppliers.base import GridAddress, Supplier

_SITE: Final = "https://www.totalenergies.fr/fileadmin/Digital/"
_FOLDER: Final = _SITE + "Groupe/PDF/Documents_contractuels/Particuliers/Tarifs_TotalEnergies/fr/"

TOTALENERGIES: Final = Supplier(
    name="TotalEnergies",
    mark=re.compile(r"Total ?Energies|Total ?Direct ?[EÉ]nergie"),
    title=re.compile(r"Offre (?P<name>[^-–\s].*?)\s*(?:\(\d\))?"),
    addresses=(
        GridAddress("Heures Eco", _FOLDER + "grille-tarifaire-heures-eco-particuliers.pdf"),
        GridAddress("Standard Fixe", _FOLDER + "grille-tarifaire-standard-fixe-particuliers.pdf"),
        GridAddress("Charge'Heures", _FOLDER + "grille-tarifaire-charge-heures-particuliers.pdf"),
        GridAddress("Verte Fixe", _SITE + "Documents-contractuels/GT/grille-tarifaire-verte-fixe-particuliers.pdf"),
    ),
)
