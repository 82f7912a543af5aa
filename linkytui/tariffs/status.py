"""The status of each grid the program keeps up to date: last download, content, errors."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from linkytui.civil.price_days import last_change
from linkytui.civil.times import Timestamp
from linkytui.settings.folders import cache_folder
from linkytui.settings.model import TariffSettings
from linkytui.tariffs.book import PUBLISHING_DAYS
from linkytui.tariffs.grid.process import sha256_of
from linkytui.tariffs.suppliers import SUPPLIERS
from linkytui.tariffs.whole import locked, write_whole
from linkytui.wording.plain import plain

KEPT: Final = 30 * 86400.0  # seconds for which a fetched grid is not asked for again
RETRY: Final = 6 * 3600.0  # seconds after which a grid that could not be had is asked for again
DAILY: Final = 86400.0  # seconds between two looks for a grid that should have changed
PATIENT_DAYS: Final = timedelta(days=21)  # how long to look each day for a change that was expected and has not come
_NOT_PATH: Final = re.compile(r"[?#].*", re.DOTALL)
"""What follows the path of an address."""


@dataclass(frozen=True, slots=True)
class GridSource:
    """A grid to look after: an address, or a file of the user's."""

    title: str  # the supplier and the offer, or the file's name
    place: str  # the address, or the file's path

    @property
    def url(self) -> str | None:
        """The address; None for a file."""
        return self.place if self.place.lower().startswith(("http://", "https://")) else None

    @property
    def file(self) -> str:
        """The name that the offers' source gets."""
        return self.place if self.url is None else _NOT_PATH.sub("", self.place).rpartition("/")[2] or self.place


def sources_of(tariff: TariffSettings) -> tuple[GridSource, ...]:
    """The grids to look after: the user's files, then the suppliers' addresses unless fetching is off.

    The user's own supplier comes first, so that a slow machine has those prices soon.
    """
    own = [GridSource(file.rpartition("/")[2] or file, file) for file in tariff.files]
    mine = plain(tariff.provider or "EDF")
    suppliers = sorted(SUPPLIERS, key=lambda supplier: plain(supplier.name) != mine)
    published = [GridSource(f"{one.name} {grid.offer}", grid.url) for one in suppliers for grid in one.addresses]
    return tuple(source for source in (*own, *published) if source.url is None or tariff.fetch)


class GridStatus(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of one grid. The last good grid stays in force whatever became of later ones."""

    place: str  # its address or path
    checked_at: Timestamp | None = None  # seconds since 1970 of the last attempt
    fetched_at: Timestamp | None = None  # seconds since 1970 at which the last good document was last served
    sha256: str | None = None  # of the last good document
    valid_from: date | None = None  # the day from which it holds
    offers: int = 0  # prices in it: one for each option and power
    notes: tuple[str, ...] = ()  # what in it was left out, and why
    error: str = ""  # why the last attempt brought no good document, for a person; empty when it did
    served_sha256: str | None = None  # of the document last served, good or not
    refused: str = ""  # why the document last served is not good, for a person; empty when it is
    etag: str | None = None
    last_modified: str | None = None  # what the site wants back to tell whether the document changed
    read_by: str = ""  # version of the program that read the document; another one may read it better

    def is_due(self, now: Timestamp, version: str) -> bool:
        """True when it is time to look again.

        A good grid is kept for thirty days; but around the days on which prices change it is asked for each day until
        the new one is there, because suppliers publish when they like.
        """
        if self.checked_at is None or self.read_by != version or not 0 <= now - self.checked_at < KEPT:
            return True
        age = now - self.checked_at
        if self.error:
            return age >= RETRY
        today, checked = (datetime.fromtimestamp(at, UTC).date() for at in (now, self.checked_at))
        change = last_change(today)
        if self.valid_from is not None and self.valid_from >= change:
            return False
        return checked < change or (age >= DAILY and today < change + max(PATIENT_DAYS, PUBLISHING_DAYS))


class StatusFile:
    """The statuses on disk, with the document last served at each address beside them."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder if folder is not None else cache_folder() / "grids"
        self._path = self.folder / "grids.json"

    def read(self) -> Mapping[str, GridStatus]:
        """Every status by its place. A file that cannot be read is an empty one: all of it can be had again."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, GridStatus])
        except (OSError, msgspec.DecodeError):
            return {}

    def write(self, status: GridStatus) -> None:
        """Keep one status; OSError when the disk does not take it."""
        with locked(self._path):
            write_whole(self._path, [msgspec.json.encode({**self.read(), status.place: status})])

    def document(self, place: str) -> bytes | None:
        """The document last served at an address; None when it is not there."""
        try:
            return self._document(place).read_bytes()
        except OSError:
            return None

    def keep(self, place: str, data: bytes) -> None:
        """Keep the document served at an address; OSError when the disk does not take it."""
        write_whole(self._document(place), [data])

    def _document(self, place: str) -> Path:
        return self.folder / f"{sha256_of(place.encode())[:16]}.pdf"
