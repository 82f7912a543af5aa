"""Detects the kind of a file or address and opens it."""

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.captures.trouble import reading
from linkytui.civil.off_peak import OffPeak
from linkytui.civil.times import Timestamp
from linkytui.imports.enedis.file import is_enedis, open_enedis
from linkytui.imports.influxdb import SCHEME, address_of, open_influxdb
from linkytui.imports.model import Older
from linkytui.imports.recordings import open_recording
from linkytui.reading.contracts import Contract
from linkytui.settings.model import Settings

_HEAD: Final = 4096


def open_older(
    source: str,
    settings: Settings,
    *,
    now: Timestamp,
    contract: Contract | None = None,
    start: float | None = None,
    register: str = "BASE",
    off_peak: OffPeak | None = None,
) -> Older:
    """Older records, by what is in them.

    `source`: a file's name, or the URL of an InfluxDB; `contract`: that of the meter in the history, None where it is
    not known; `start`: seconds since 1970 at which a recording began that does not say it; `register`: counts energy
    that a file of Enedis does not split; `off_peak`: splits it into HC and HP instead, where given. Raises
    LinkytuiError: they cannot be read, or are none that is known.
    """
    if source.startswith(f"{SCHEME}:"):
        return open_influxdb(address_of(source, settings.influxdb), now, contract)
    path = Path(source)
    with reading(path):
        if path.is_file():
            with path.open("rb") as file:
                head = file.read(_HEAD)
            if is_enedis(head, path):
                zone = ZoneInfo(settings.history.timezone)
                return open_enedis(path, zone, register=register, off_peak=off_peak)
    return open_recording(path, start)
