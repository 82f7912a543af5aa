"""The suppliers that are known by name. A grid of any other is read all the same."""

from typing import Final

from linkytui.tariffs.suppliers.edf import EDF
from linkytui.tariffs.suppliers.engie import ENGIE
from linkytui.tariffs.suppliers.happ_e import HAPP_E
from linkytui.tariffs.suppliers.others import OTHERS
from linkytui.tariffs.suppliers.totalenergies import TOTALENERGIES

SUPPLIERS: Final = (EDF, TOTALENERGIES, ENGIE, HAPP_E, *OTHERS)
