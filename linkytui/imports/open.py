"""Detects the kind of a file or address and opens it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from linkytui.captures.trouble import reading
from linkytui.civil.off_peak import OffPeak
from linkytui.civil.times import Timestamp
from linkytui.errors import LinkytuiError
from linkytui.i18n import _
from linkytui.imports.bundle import Entry, entries
from linkytui.imports.influxdb import SCHEME, address_of, open_influxdb
from linkytui.imports.model import Older
from linkytui.imports.recordings import open_recording
from linkytui.imports.tables.source import open_table
from linkytui.reading.contracts import Contract
from linkytui.settings.model import Settings
from linkytui.tic.horodate import PARIS

_TABLES: Final = (".csv", ".tsv", ".xlsx", ".xls", ".json")
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_WORDS: Final = ("horodate", "identifiant prm", "valeur (en", "kwh", "(w)", "consommation", "entity_id", "statistic_id")


class Options(NamedTuple):
    """What a person says of records that do not say it themselves."""

    start: Timestamp | None = None
    """At which a recording began."""
    register: str = "BASE"
    """Counts energy that a table does not split."""
    off_peak: OffPeak | None = None
    """Splits it into HC and HP instead, where given."""
    ends: bool | None = None
    """The times of a table are the ends of intervals, or the beginnings."""


def open_all(
    sources: Sequence[str], settings: Settings, options: Options, *, now: Timestamp, contract: Contract | None
) -> Iterator[Older | LinkytuiError]:
    """Older records, by what is in them; for each that cannot be read, or is none that is known, why.

    Args:
        sources: names of files, which may hold several, or URLs of an InfluxDB.
        settings: all of them.
        options: what the person said.
        contract: that of the meter in the history; None where it is not known.
    """
    for source in sources:
        try:
            if source.startswith(f"{SCHEME}:"):
                yield open_influxdb(address_of(source, settings.influxdb), now, contract)
                continue
            path = Path(source)
            with reading(path):
                found = entries(path) if path.is_file() else []
        except LinkytuiError as error:
            yield error
            continue
        if not found:
            yield from _tried(path, None, options)
        for entry in found:
            yield from _tried(path, entry, options)


def _tried(path: Path, entry: Entry | None, options: Options) -> Iterator[Older | LinkytuiError]:
    try:
        yield _opened(path, entry, options)
    except LinkytuiError as error:
        yield error


def _opened(path: Path, entry: Entry | None, options: Options) -> Older:
    if entry is not None and (entry.name != str(path) or _is_table(entry)):
        with reading(path):
            # Enedis and the suppliers write French legal time, wherever the machine believes to be.
            return open_table(entry, PARIS, register=options.register, off_peak=options.off_peak, ends=options.ends)
    older = open_recording(path, options.start)
    return Older(name=older.name, parts=older.parts, what=(_("a recording of the meter"),), notes=older.notes)


def _is_table(entry: Entry) -> bool:
    """Whether a file looks like a table rather than a recording."""
    suffixes = [suffix.lower() for suffix in entry.path.suffixes]
    if entry.head.startswith(_WORKBOOKS) or any(suffix in _TABLES for suffix in suffixes[-2:]):
        return True
    text = entry.head.decode("utf-8", "replace").replace("\0", "").lower()
    return text.lstrip("\ufeff \r\n\t").startswith(('{"meter_reading', "[{")) or any(word in text for word in _WORDS)
