#!/usr/bin/env bash
# A Linky in standard mode marks each time with the season its clock is in: H, E, or a space where the meter knows none
# (chapter 6.2.1.1 of Enedis-NOI-CPT_54E), as on a meter whose clock was never set; small letters where the clock may be
# wrong. A guess: a reader of standard mode takes all. Seen with enedis_tic 0.2.0: small letters pass without a word, so a
# time that the meter itself doubts looks like any other; with the space a TypeError loses the whole frame.
#
# Output seen:
#   'H251130120000' -> 2025-11-30 12:00:00+01:00
#   'h251130120000' -> 2025-11-30 12:00:00+01:00
#   ' 251130120000' -> TypeError
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check enedis-tic==0.2.0
venv/bin/python - <<'PYTHON'
from enedis_tic.link_layer import FrameFactory


def group(*parts: str) -> str:
    text = "\t".join(parts) + "\t"
    return f"\n{text}{chr((sum(map(ord, text)) & 0x3F) + 0x20)}\r"


def said(moment: str) -> str:
    frame = "\x02" + group("ADSC", "012345678901") + group("DATE", moment, "") + "\x03"
    try:
        return str(FrameFactory(frame).to_dict()["DATE"]["datetime"])
    except TypeError:
        return "TypeError"


seen = [said(f"{season}251130120000") for season in "Hh "]
for season, what in zip("Hh ", seen, strict=True):
    print(f"'{season}251130120000' -> {what}")
assert seen == ["2025-11-30 12:00:00+01:00", "2025-11-30 12:00:00+01:00", "TypeError"]
PYTHON
