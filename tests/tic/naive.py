"""A second, naive reading of the protocol, for the tests to compare the real one with.

It shares no code with `linkytui.tic`: it cuts a whole stream at once, sums by hand, and takes widths and kinds of data
from a table that it is given.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

CODES = {
    "OPTARIF": r"BASE|HC\.\.|EJP\.|BBR.",
    "PTEC": r"TH\.\.|HC\.\.|HP\.\.|HN\.\.|PM\.\.|HCJB|HPJB|HCJW|HPJW|HCJR|HPJR",
    "DEMAIN": r"----|BLEU|BLAN|ROUG",
    "PPOT": r"0[02468ACE]",
}
KINDS = {"id": r"\d*", "int": r"\d*", "index": r"\d*", "register": r"[0-9A-F]*"}


@dataclass(frozen=True)
class Row:
    """One label of a mode."""

    mode: str
    name: str
    width: int
    unit: str
    kind: str
    horodated: bool
    phases: str
    producer: bool


def table(path: Path) -> dict[tuple[str, str], Row]:
    """The labels by mode and name, from the table of the specification."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (row["mode"], row["label"]): Row(
                row["mode"],
                row["label"],
                int(row["chars"]),
                row["unit"],
                row["kind"],
                row["horodated"] == "1",
                row["phases"],
                row["producer"] == "1",
            )
            for row in csv.DictReader(file)
        }


def groups(stream: bytes, rows: dict[tuple[str, str], Row]) -> list[tuple[str, str | None, str]]:
    """Every right group of a stream: label, horodate, data."""
    stream = bytes(byte & 0x7F for byte in stream)
    found = []
    for piece in re.split(rb"[\x02\x03\x04\n\r]", stream):
        clean = bytes(byte for byte in piece if byte)
        while clean and (clean[-1] < 0x20 or clean[-1] == 0x7F):
            clean = clean[:-1]
        while clean and (clean[0] < 0x20 or clean[0] == 0x7F):
            clean = clean[1:]
        if group := _group(clean, rows):
            found.append(group)
    return found


def _group(piece: bytes, rows: dict[tuple[str, str], Row]) -> tuple[str, str | None, str] | None:
    if len(piece) < 4 or any(byte < 0x20 and byte != 0x09 for byte in piece):
        return None
    total, horodate = sum(piece[:-2]), None
    if piece[-2] == 0x20:
        mode = "historic"
        label, _, data = piece[:-2].decode("ascii").partition(" ")
    elif piece[-2] == 0x09:
        mode = "standard"
        total += 0x09
        fields = piece[:-2].decode("ascii").split("\t")
        if len(fields) not in (2, 3):
            return None
        label, data = fields[0], fields[-1]
        horodate = fields[1] if len(fields) == 3 else None
    else:
        return None
    if chr(total % 64 + 32) != chr(piece[-1]) or not re.fullmatch(r"[A-Z][A-Z0-9+-]+", label):
        return None
    row = rows.get((mode, label))
    if row is None:
        return label, horodate, data
    if len(data) != row.width or (horodate is not None) != row.horodated:
        return None
    if not re.fullmatch(CODES.get(label) or KINDS.get(row.kind, ".*"), data):
        return None
    if horodate is not None and not re.fullmatch(r"[EHeh ]\d{12}", horodate):
        return None
    return label, horodate, data
