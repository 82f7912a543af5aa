"""The one-character checksum that closes each information group."""

from typing import Final

_SUM_MASK: Final = 0x3F
_SUM_BASE: Final = 0x20


def checksum(zone: bytes) -> int:
    """The checksum character of a controlled zone.

    The zone of a historic group goes from the label to the last character of the data (one space counted); that of
    a standard group includes every tab, the one before the checksum too. Parity bits must be cleared before.

    Args:
        zone: the bytes that the sum covers, 0x00 to 0x7F.

    Returns:
        An ASCII code from 0x20 to 0x5F. It can be 0x20: a checksum may be a space.

    Source: Enedis-NOI-CPT_54E, 5.3.6 (tables 6 and 7); the zone of historic groups: ERDF-NOI-CPT_02E, 1.5.2.
    """
    return (sum(zone) & _SUM_MASK) + _SUM_BASE
