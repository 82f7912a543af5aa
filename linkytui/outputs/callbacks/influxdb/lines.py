"""InfluxDB's line protocol: points as the bytes of a write. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

Point = dict[str, Any]
"""One point in the form of the influxdb client: measurement, tags, fields, time in seconds since 1970."""


def to_lines(points: Iterable[Point]) -> bytes:
    """One line a point, tags and fields by name; what is None or an empty tag is left out."""
    return "".join(map(_line, points)).encode()


def series(point: Point) -> str:
    """Measurement and tags of a point, as a line begins."""
    tags: Mapping[str, str] = point["tags"]
    parts = [_escaped(point["measurement"], ", ")]
    parts += [f"{_escaped(name)}={_escaped(text)}" for name, text in sorted(tags.items()) if text]
    return ",".join(parts)


def _line(point: Point) -> str:
    fields: Mapping[str, object] = point["fields"]
    said = ",".join(f"{_escaped(name)}={_value(value)}" for name, value in sorted(fields.items()) if value is not None)
    return f"{series(point)} {said} {point['time']}\n"


def _escaped(text: str, special: str = ",= ") -> str:
    text = " ".join(text.splitlines())
    for sign in special:
        text = text.replace(sign, f"\\{sign}")
    # A backslash at the end would escape what follows.
    return f"{text} " if text.endswith("\\") else text


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return f"{value}i"
        case float():
            return repr(value)
    text = " ".join(str(value).splitlines()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
