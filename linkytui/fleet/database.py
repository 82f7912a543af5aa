"""The database that sinks write to: what it must be set to, and when it has something for good."""

import re
from typing import Final

from linkytui.civil.days import DAY
from linkytui.civil.times import Timestamp
from linkytui.errors import LinkytuiError
from linkytui.i18n import _
from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.client import InfluxClient
from linkytui.outputs.callbacks.influxdb.schema import create_database, has_database, only_takes

LATE_WRITES: Final = 15.0
"""Seconds after which VictoriaMetrics has on disk what it took: killed before, it forgets up to the last nine."""

_ANSWER: Final = 30.0  # seconds for a large batch
_MONTH: Final = 31 * DAY
_UNITS: Final = {"": _MONTH, "h": 3600, "d": DAY, "w": 7 * DAY, "y": 365 * DAY}
_RETENTION: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)([hdwy]?)").fullmatch
_FLAG: Final = re.compile(r'^flag\{name="(dedup\.minScrapeInterval|retentionPeriod)", value="([^"]*)"', re.MULTILINE)
_STARTED: Final = re.compile(rb"^vm_app_start_timestamp ([0-9.e+]+)", re.MULTILINE)


class UnfitDatabaseError(LinkytuiError):
    """The database would lose samples, or count them twice, as it is set."""


class Database:
    """A server of the line protocol: InfluxDB 1.x, or VictoriaMetrics."""

    def __init__(self, address: InfluxAddress) -> None:
        """Nothing is asked yet."""
        self._client = InfluxClient(address, read_timeout=_ANSWER)
        self.place = f"{address.place}{address.prefix}/{address.database}"
        self.hold = 0.0  # seconds after which what was written is there for good, if it `runs` as it did then
        self.keeps: float | None = None  # seconds that it keeps, where it does not say so when it drops what is older
        self._watched = False

    def begin(self) -> tuple[str, ...]:
        """See what it is and how it is set; what a person should know of that, a line each.

        Raises InfluxError: it cannot be asked; UnfitDatabaseError: it must be set otherwise first.
        """
        address = self._client.address
        if not only_takes(self._client):
            if not has_database(self._client):
                create_database(self._client)
            return ()
        self.hold = LATE_WRITES
        self._watched = not address.prefix
        if not self._watched:
            return (
                _(
                    "A cluster is told from here only that it takes samples: give it a replication factor of 2 and "
                    "-dedup.minScrapeInterval=1ms, so that a storage node that is killed loses nothing."
                ),
            )
        flags = dict(_FLAG.findall(self._client.metrics().decode("utf-8", "replace")))
        if flags.get("dedup.minScrapeInterval", "1ms") != "1ms":
            raise UnfitDatabaseError(
                _(
                    "VictoriaMetrics at {place} would count repeated samples twice, or leave some out: "
                    "start it with -dedup.minScrapeInterval=1ms."
                ).format(place=address.place)
            )
        self.keeps = _seconds(flags.get("retentionPeriod", "100y"))
        if self.keeps is None or self.keeps > _MONTH:
            return ()
        return (
            _("VictoriaMetrics forgets everything after {days} days: start it with -retentionPeriod=10y.").format(
                days=round(self.keeps / DAY)
            ),
        )

    def write(self, lines: bytes) -> None:
        """Write lines; raises InfluxError."""
        self._client.write_lines(lines)

    def run(self) -> bytes:
        """Which run of the server it is: another one may have lost what was written last. Raises InfluxError."""
        if not self._watched:
            return b""
        found = _STARTED.search(self._client.metrics())
        return found[1] if found else b""

    def oldest(self, now: Timestamp) -> Timestamp:
        """The oldest moment that it takes, as far as it would drop others without a word."""
        return 0.0 if self.keeps is None else now - self.keeps

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()


def _seconds(text: str) -> float | None:
    """How long a retention period is; None where it cannot be told."""
    found = _RETENTION(text)
    return float(found[1]) * _UNITS[found[2]] if found else None
