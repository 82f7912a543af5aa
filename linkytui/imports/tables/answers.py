"""What Enedis' interface for programs answers, as MyElectricalData, Conso API and others keep it: JSON.

An object with `interval_reading`, which may stand in `meter_reading`; `reading_type` says the unit. Each reading has a
`date`, a `value` and, in load curves, an `interval_length`.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from linkytui.i18n import _
from linkytui.imports.model import SourceError

LARGEST: Final = 64 << 20
"""Characters of an answer at most; two years of half hours have some 4 million."""

_HEADING: Final = ["Horodate", "Valeur", "Pas"]
_DEEPEST: Final = 4
"""Objects inside one another, at most."""


def rows_of(text: str, path: str) -> Iterator[list[str]]:
    """An answer as the lines of a table.

    Raises:
        SourceError: it is no such answer.
    """
    unknown = SourceError(
        _("{path} is not an answer from Enedis: expected is an object with interval_reading.").format(path=path)
    )
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise unknown from error
    readings = list(_readings(found, 0))
    if not readings:
        raise unknown
    for reading in readings:
        kind = reading.get("reading_type")
        unit = kind.get("unit") if isinstance(kind, dict) else reading.get("unit")
        number = reading.get("usage_point_id")
        yield ["Identifiant PRM", "Unite"]
        yield [number if isinstance(number, str) else "", unit if isinstance(unit, str) else ""]
        yield _HEADING
        for row in reading["interval_reading"]:
            if isinstance(row, dict):
                yield [_text(row.get(name)) for name in ("date", "value", "interval_length")]


def _readings(found: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The objects that hold readings, wherever they stand."""
    if isinstance(found, dict):
        if isinstance(found.get("interval_reading"), list):
            yield found
            return
        inside = list(found.values())
    else:
        inside = found if isinstance(found, list) else []
    if depth < _DEEPEST:
        for one in inside:
            yield from _readings(one, depth + 1)


def _text(value: Any) -> str:
    return "" if value is None else str(value)
