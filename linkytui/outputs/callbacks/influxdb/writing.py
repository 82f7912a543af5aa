"""Writes a batch so that a point that InfluxDB refuses costs itself only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from linkytui.outputs.callbacks.influxdb.client import InfluxClient
from linkytui.outputs.callbacks.influxdb.lines import Point
from linkytui.outputs.callbacks.influxdb.trouble import InfluxError, Trouble

_REQUESTS: Final = 200
"""Requests for one batch at most, enough to find a dozen refused among 2,000; what is left counts as refused whole."""


@dataclass(slots=True)
class Written:
    """What became of a batch."""

    taken: list[Point] = field(default_factory=list)
    refused: list[Point] = field(default_factory=list)
    too_old: int = 0  # points older than the retention policy keeps
    words: str = ""  # the server's, of what it refuses
    requests: int = 0


def write_all(client: InfluxClient, points: Sequence[Point]) -> Written:
    """Write points, by halves where the server refuses some of them: it does not name them.

    It takes the others of a batch at once, so that these are written twice, which it keeps once. Raises InfluxError:
    the server cannot take anything now; some may have been taken.
    """
    written = Written()
    if points:
        _write(client, points, written)
    return written


def _write(client: InfluxClient, points: Sequence[Point], written: Written) -> None:
    written.requests += 1
    try:
        client.write(points)
    except InfluxError as error:
        if error.kind is Trouble.TOO_OLD:
            old = min(error.dropped or len(points), len(points))
            written.too_old += old
            written.taken += sorted(points, key=_time)[old:]
            return
        if error.kind is not Trouble.REJECTED:
            raise
        written.words = error.said.removeprefix("partial write: ")
        if len(points) == 1 or error.dropped == len(points) or written.requests >= _REQUESTS:
            written.refused += points
            return
        half = len(points) // 2
        _write(client, points[:half], written)
        _write(client, points[half:], written)
    else:
        written.taken += points


def _time(point: Point) -> int:
    return int(point["time"])
