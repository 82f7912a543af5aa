"""The encoder: labels and data to the bytes that a meter would send."""

from collections.abc import Iterable

from linkytui.tic.checksum import checksum
from linkytui.tic.groups import Group
from linkytui.tic.labels import Mode


def encode_group(group: Group, mode: Mode) -> bytes:
    """The bytes of a group, from its line feed to its carriage return, with the checksum of its mode.

    Raises:
        ValueError: a historic group with a horodate, which that mode cannot carry, or text outside ASCII.

    Source: Enedis-NOI-CPT_54E, 5.3.6, tables 6 and 7.
    """
    try:
        if mode is Mode.STANDARD:
            fields = [group.label, group.data] if group.horodate is None else [group.label, group.horodate, group.data]
            zone = "".join(f"{field}\t" for field in fields).encode("ascii")
            return b"\n%b%c\r" % (zone, checksum(zone))
        if group.horodate is not None:
            raise ValueError(f"historic mode has no horodates: {group.label}")
        zone = f"{group.label} {group.data}".encode("ascii")
        return b"\n%b %c\r" % (zone, checksum(zone))
    except UnicodeEncodeError as error:
        raise ValueError(f"not ASCII: {group.label} {group.data!r}") from error


def encode_frame(groups: Iterable[Group], mode: Mode) -> bytes:
    """The bytes of a whole frame, from STX to ETX.

    Raises:
        ValueError: as `encode_group`.

    Source: Enedis-NOI-CPT_54E, 5.3.6, table 5.
    """
    return b"\x02%b\x03" % b"".join(encode_group(group, mode) for group in groups)
