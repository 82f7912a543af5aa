"""The JSON format of teleinfo2mqtt, which Jeedom and Home Assistant set-ups already read. Pure."""

from collections.abc import Mapping
from datetime import UTC
from enum import Enum
from typing import Any, Final

from linkytui.reading.meter import Seen
from linkytui.reading.model import Reading
from linkytui.tic.groups import Group
from linkytui.tic.horodate import Horodate
from linkytui.tic.labels import Mode
from linkytui.tic.status import Colour, Status

_THOUSANDS: Final = frozenset({"PREF", "PCOUP"})
"""Published in VA, though the meter says kVA: Home Assistant knew no kVA."""

_TEXTS: Final = frozenset({"STGE", "PJOURF+1", "PPOINTE", "NGTF", "LTARF", "MSG1", "MSG2"})
"""Texts that may look like numbers."""

_COLOURS: Final = {Colour.BLUE: "blue", Colour.WHITE: "white", Colour.RED: "red", None: "unknown"}


def frame_payload(labels: Mapping[str, Seen]) -> dict[str, Any]:
    """All that the meter last said: by label the text as sent (`raw`), and its value as a number where it is one."""
    return {label: _entry(seen.group) for label, seen in labels.items()}


def _entry(group: Group) -> dict[str, Any]:
    raw = f"{group.data}000" if group.label in _THOUSANDS else group.data
    entry: dict[str, Any] = {"raw": raw, "value": _value(group.label, raw)}
    timestamp = _timestamp(group.horodate)
    if timestamp is not None:
        entry["timestamp"] = timestamp
    if group.label == "STGE" and (status := _status(group.data)):
        entry["status"] = status
    return entry


def _status(data: str) -> dict[str, Any]:
    """The status register field by field, in words that do not change with the language."""
    try:
        fields = Status.parse(data)._asdict()
    except ValueError:
        return {}
    return {name: field.name.lower() if isinstance(field, Enum) else field for name, field in fields.items()}


def _value(label: str, raw: str) -> int | str:
    if label not in _TEXTS and raw.lstrip("-").isdecimal():
        return int(raw)
    return raw.replace("..", "").strip()


def _timestamp(text: str | None) -> dict[str, str] | None:
    """The moment in UTC, and the season that the meter was in."""
    horodate = Horodate.parse(text) if text is not None else None
    if horodate is None or horodate.when is None:
        return None
    moment = horodate.when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    offset = horodate.when.utcoffset()
    return {"date": moment, "dst": "summer" if offset is not None and offset.total_seconds() > 3600 else "winter"}


def tempo_payload(reading: Reading) -> dict[str, str] | None:
    """The colours of today and tomorrow as the meter says them; None where it says none."""
    if reading.today is None and reading.tomorrow is None:
        return None
    return {"today": _COLOURS[reading.today], "tomorrow": _COLOURS[reading.tomorrow]}


def id_label(mode: Mode) -> str:
    """The label that names the meter."""
    return "ADCO" if mode is Mode.HISTORIC else "ADSC"
