"""The suppliers known by name. Any other grid is read all the same, under its file's name."""

import re
from typing import Final

from linkytui.tariffs.grid.document import Document
from linkytui.tariffs.suppliers.base import Supplier
from linkytui.tariffs.suppliers.edf import EDF
from linkytui.tariffs.suppliers.engie import ENGIE
from linkytui.tariffs.suppliers.happ_e import HAPP_E
from linkytui.tariffs.suppliers.others import OTHERS
from linkytui.tariffs.suppliers.totalenergies import TOTALENERGIES

SUPPLIERS: Final = (EDF, TOTALENERGIES, ENGIE, HAPP_E, *OTHERS)


def supplier_of(document: Document) -> Supplier:
    """Who published a document."""
    text = document.text
    counts = {supplier.name: len(supplier.mark.findall(text)) for supplier in SUPPLIERS}
    best = max(SUPPLIERS, key=lambda supplier: counts[supplier.name])
    if counts[best.name]:
        return best
    stem = document.file.rpartition("/")[2].rpartition(".")[0]
    return Supplier(name=stem or document.file, mark=re.compile("$^"))
