"""The cases of other readers' tests, as collected beside the captures, and how their inputs are read."""

import json
from pathlib import Path
from typing import Any

from linkytui.tic import LABELS, Frame, FrameReader, Group, Kind, Mode, Rejected, parse_group

FOLDER = Path(__file__).parents[3] / "shared" / "captures"
FILE = FOLDER / "peer-cases.json"
CASES: dict[str, dict[str, Any]] = (
    {case["id"]: case for case in json.loads(FILE.read_text(encoding="utf-8"))} if FILE.exists() else {}
)
CAPTURES = {
    # the peers' files that are here, under the name they have here
    "c015": "standard-hphc-1frame-bad-checksum.tic",
    "c051": "historic-base-3phase-6frames.tic",
    "c052": "standard-base-12frames.tic",
    "c055": "historic-base-3phase-6frames.tic",
    "c057": "standard-base-12frames.tic",
    "c058": "historic-base-3phase-noisy-no-etx.tic",
    "c165": "historic-tempo-no-stx-etx.tic",
    "c167": "historic-tempo-truncated.tic",
}


def read(stream: bytes, size: int = 4096, *, text: bool = False) -> list[Frame]:
    """All frames of a stream, the cut one included."""
    reader = FrameReader(text=text)
    frames = [frame for start in range(0, len(stream), size) for frame in reader.feed(stream[start : start + size])]
    last = reader.close()
    return frames if last is None else [*frames, last]


def stream_of(case: dict[str, Any]) -> bytes:
    """The bytes of a case: those of its file, or of its text."""
    if case["id"] in CAPTURES:
        return (FOLDER / CAPTURES[case["id"]]).read_bytes()
    given = case["input"]
    return "".join(given if isinstance(given, list) else [given]).encode("latin-1")


def piece_of(case: dict[str, Any]) -> bytes:
    """The one group of a case, without its delimiters."""
    return stream_of(case).strip(b"\r\n")


def groups_of(frames: list[Frame]) -> dict[str, str]:
    return {group.label: group.data for frame in frames for group in frame.groups}


def group_of(case: dict[str, Any]) -> Group:
    item = parse_group(piece_of(case))
    assert isinstance(item, Group)
    return item


def rejection_of(case: dict[str, Any]) -> Rejected:
    item = parse_group(piece_of(case))
    assert isinstance(item, Rejected)
    return item


def takers(text: str) -> list[str]:
    """The labels of numbers that can have this data."""
    numbers = (Kind.INDEX, Kind.INTEGER)
    return [row.name for mode in Mode for row in LABELS[mode].values() if row.kind in numbers and row.fits(text)]
