#!/usr/bin/env bash
# serial-teleinfo 1.0.1 matches groups separated by tabs, the form of a Linky's standard mode, and cites the specification
# that has it. A guess: it reads that mode. Seen: it adds up the checksum as historic mode does, without the separator
# before it, so that every good group of a standard frame raises InvalidChecksumException, and the same group with the
# historic sum is taken.
#
# Output seen:
#   historic, its own sum: ('PAPP', '01020', False)
#   standard, its own sum: InvalidChecksumException
#   standard, the historic sum: ('SINSTS', '01020', False)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check serial-teleinfo==1.0.1
venv/bin/python - <<'PYTHON'
from serial_teleinfo.exception import InvalidChecksumException
from serial_teleinfo.parser import parse_line


def total(data: bytes) -> bytes:
    return bytes([(sum(data) & 0x3F) + 0x20])


def said(line: bytes) -> str:
    try:
        return str(parse_line(line + b"\r\n"))
    except InvalidChecksumException:
        return "InvalidChecksumException"


historic, standard = b"PAPP 01020", b"SINSTS\t01020"
seen = [
    said(historic + b" " + total(historic)),
    said(standard + b"\t" + total(standard + b"\t")),  # chapter 6.2.2 of the specification: the last tab counts
    said(standard + b"\t" + total(standard)),
]
for name, line in zip(("historic, its own sum", "standard, its own sum", "standard, the historic sum"), seen, strict=True):
    print(f"{name}: {line}")
assert seen == ["('PAPP', '01020', False)", "InvalidChecksumException", "('SINSTS', '01020', False)"]
PYTHON
