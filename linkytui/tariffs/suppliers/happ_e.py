"""happ-e, the online brand of Engie: supply on one page, the network's tariff on the next ones."""

import re
from typing import Final

from linkytui.tariffs.suppliers.base import Supplier

HAPP_E: Final = Supplier(
    name="happ-e",
    mark=re.compile(r"\bhapp-e\b"),
    title=re.compile(r"(?:Offre )?(?:[ÉE]lectricité )?happ-e (?P<name>\d.+)"),
)
