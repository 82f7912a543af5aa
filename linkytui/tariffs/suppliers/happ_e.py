"""happ-e, the online brand of Engie: supply on one page, the network's tariff on the next ones."""

import re
from typing import Final

from linkytui.tariffs.grid.document import Document
from linkytui.tariffs.suppliers.base import Supplier, titled
from linkytui.tariffs.suppliers.sums import summed

_TITLE: Final = re.compile(r"^happ-e (?P<name>.+)$", re.MULTILINE)


def _offer(document: Document) -> str:
    match = _TITLE.search(document.text)
    return match["name"].strip() if match else titled(document)


HAPP_E: Final = Supplier(name="happ-e", mark=re.compile(r"\bhapp-e\b"), offer=_offer, tables=summed)
