#!/usr/bin/env bash
# enedis_tic 0.2.0 parses the frames of a historic meter. The checksum of a group may be any character from space to
# underscore; one in 64 is the space itself. A guess: such a group is read like others. Seen: the group is split at each
# space into four parts, the second is taken for a time, and a TypeError loses the whole frame. With a current that
# wanders, that happens at the same value again and again: "IINST 009" is such a group.
#
# Output seen:
#   IINST 008 -> {'ADCO': '012345678901', 'IINST': '008'}
#   IINST 009 -> TypeError
#   IINST 010 -> {'ADCO': '012345678901', 'IINST': '010'}
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check enedis-tic==0.2.0
venv/bin/python - <<'PYTHON'
from enedis_tic.link_layer import FrameFactory


def group(label: str, data: str) -> str:
    text = f"{label} {data}"
    return f"\n{text} {chr((sum(map(ord, text)) & 0x3F) + 0x20)}\r"


def said(current: str) -> str:
    frame = "\x02" + group("ADCO", "012345678901") + group("IINST", current) + "\x03"
    try:
        return str({label: value["data"] for label, value in FrameFactory(frame).to_dict().items()})
    except TypeError:
        return "TypeError"


assert group("IINST", "009").endswith("  \r")
seen = {current: said(current) for current in ("008", "009", "010")}
for current, what in seen.items():
    print(f"IINST {current} -> {what}")
good = "{{'ADCO': '012345678901', 'IINST': '{}'}}"
assert seen == {"008": good.format("008"), "009": "TypeError", "010": good.format("010")}
PYTHON
