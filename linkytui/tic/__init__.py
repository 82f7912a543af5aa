"""The meter's protocol, télé-information client (TIC): bytes to checked frames and back.

Pure: no clock, no file, no thread, and nothing of the rest of linkytui. The specification is Enedis-NOI-CPT_54E
(Linky meters), completed by ERDF-NOI-CPT_02E for what it takes over from older meters.
"""

from linkytui.tic.checksum import checksum
from linkytui.tic.encoder import encode_frame, encode_group
from linkytui.tic.frames import BAUDRATES, Frame
from linkytui.tic.groups import Group, Reason, Rejected, parse_group
from linkytui.tic.horodate import PARIS, Horodate
from linkytui.tic.labels import LABELS, Kind, Label, Mode
from linkytui.tic.profiles import Contact, DayProfile, Slot
from linkytui.tic.reader import FrameReader
from linkytui.tic.status import (
    Breaker,
    Colour,
    Euridis,
    PowerLine,
    Status,
    absent_phases,
    closed_relays,
    load_programmes,
)

__all__ = [
    "BAUDRATES",
    "LABELS",
    "PARIS",
    "Breaker",
    "Colour",
    "Contact",
    "DayProfile",
    "Euridis",
    "Frame",
    "FrameReader",
    "Group",
    "Horodate",
    "Kind",
    "Label",
    "Mode",
    "PowerLine",
    "Reason",
    "Rejected",
    "Slot",
    "Status",
    "absent_phases",
    "checksum",
    "closed_relays",
    "encode_frame",
    "encode_group",
    "load_programmes",
    "parse_group",
]
