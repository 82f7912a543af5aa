"""Updates the price book: downloads due grids, reads them, and adds the valid prices."""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from linkytui import __version__
from linkytui.civil.times import Timestamp
from linkytui.errors import GridError
from linkytui.settings.model import TariffSettings
from linkytui.tariffs.bookfile import add_to_book, book_file, read_book
from linkytui.tariffs.fetch import USUAL, Fetched, Limits, fetch
from linkytui.tariffs.grid.process import Stopped, check_is_pdf, document_of_file, read_grid, sha256_of
from linkytui.tariffs.status import GridSource, GridStatus, StatusFile, sources_of

GridProgress = Callable[[int, int, GridSource], None]
"""Told before each grid how many are done, how many there are, and which comes next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Updater:
    """Looks after grids. Its work blocks for as long as sites and machine need: run it on a thread of its own."""

    book: Path  # the file of the price book
    statuses: StatusFile
    clock: Callable[[], Timestamp] = time.time  # seconds since 1970
    sleep: Callable[[float], object] = time.sleep
    """Waits some seconds between two attempts; the `wait` of an event ends it early."""
    limits: Limits = USUAL
    version: str = __version__  # a grid that another version of the program refused or read is read again

    def update(
        self,
        sources: Sequence[GridSource],
        *,
        force: bool = False,
        progress: GridProgress = lambda done, total, source: None,  # noqa: ARG005
        stopped: Callable[[], bool] = lambda: False,
    ) -> tuple[GridStatus, ...]:
        """Look after each of these grids that is due.

        Whatever happens to one, the others are looked after, and the last good grid of each stays in the book. Returns
        what is known now of each source, in their order.
        """
        known = dict(self.statuses.read())
        now = self.clock()
        due = [one for one in sources if force or one.place not in known or known[one.place].is_due(now, self.version)]
        due += [one for one in sources if one.url is None and one not in due]
        for done, source in enumerate(due):
            if stopped():
                break
            progress(done, len(due), source)
            try:
                status = self._look(source, known.get(source.place, GridStatus(place=source.place)), stopped)
            except Stopped:
                break
            known[source.place] = status
            # What the disk does not take is looked after again the next time.
            with contextlib.suppress(OSError):
                self.statuses.write(status)
        return tuple(known.get(source.place, GridStatus(place=source.place)) for source in sources)

    def _look(self, source: GridSource, status: GridStatus, stopped: Callable[[], bool]) -> GridStatus:
        """What is known of a source after looking at it now."""
        now = self.clock()
        checked = msgspec.structs.replace(status, checked_at=now, read_by=self.version)
        try:
            data, answer = self._document(source, status, stopped)
            check_is_pdf(data)
        except GridError as error:
            return msgspec.structs.replace(checked, error=str(error))
        sha256 = sha256_of(data)
        served = msgspec.structs.replace(
            checked, served_sha256=sha256, etag=answer.etag, last_modified=answer.last_modified
        )
        if sha256 == status.served_sha256 and status.read_by == self.version:
            if status.refused:
                return msgspec.structs.replace(served, error=status.refused)
            if self._confirm(source, sha256, now):
                return msgspec.structs.replace(served, fetched_at=now, error="")
        if source.url is not None:
            with contextlib.suppress(OSError):
                self.statuses.keep(source.place, data)
        return self._read(source, served, data, now, stopped)

    def _document(self, source: GridSource, status: GridStatus, stopped: Callable[[], bool]) -> tuple[bytes, Fetched]:
        """The document that a source holds now, fetched only when it changed."""
        if source.url is None:
            return document_of_file(Path(source.place).expanduser()), Fetched(None)
        kept = self.statuses.document(source.place) or b""
        unchanged = bool(kept) and sha256_of(kept) == status.served_sha256
        known = Fetched(None, status.etag, status.last_modified) if unchanged else None
        answer = fetch(source.url, known, limits=self.limits, sleep=self.sleep, stopped=stopped)
        return kept if answer.data is None else answer.data, answer

    def _confirm(self, source: GridSource, sha256: str, now: Timestamp) -> bool:
        """Write into the book that its prices were served again; False when they are not in it."""
        known = [offer for offer in read_book(self.book).grids if offer.source.sha256 == sha256]
        if known and source.url is not None:
            with contextlib.suppress(GridError):
                add_to_book(self.book, (replace(one, source=replace(one.source, fetched_at=now)) for one in known))
        return bool(known)

    def _read(
        self, source: GridSource, served: GridStatus, data: bytes, now: Timestamp, stopped: Callable[[], bool]
    ) -> GridStatus:
        try:
            offers, notes = read_grid(data, source.file, stopped=stopped)
        except GridError as error:
            return msgspec.structs.replace(served, error=str(error), refused=str(error))
        if source.url is not None:
            offers = tuple(replace(one, source=replace(one.source, url=source.url, fetched_at=now)) for one in offers)
        try:
            add_to_book(self.book, offers)
        except GridError as error:
            # Not the document's fault: read it again the next time.
            return msgspec.structs.replace(served, error=str(error), served_sha256=None)
        return msgspec.structs.replace(
            served,
            fetched_at=now,
            sha256=served.served_sha256,
            valid_from=min((one.valid_from for one in offers if one.valid_from), default=None),
            offers=len(offers),
            notes=notes,
            error="",
            refused="",
        )


def update_all(tariff: TariffSettings, stop: threading.Event) -> None:
    """Look after every grid that the settings name, as `update_grids` does."""
    update_grids(sources_of(tariff), stop)


def update_grids(
    sources: Sequence[GridSource],
    stop: threading.Event,
    *,
    force: bool = False,
    progress: GridProgress = lambda done, total, source: None,  # noqa: ARG005
) -> None:
    """Look after grids in the user's price book until it is done or stopped; on a thread that nobody waits for.

    `stop`: ends it at the next occasion when it is set.
    """
    updater = Updater(book=book_file(), statuses=StatusFile(), sleep=stop.wait)
    updater.update(sources, force=force, progress=progress, stopped=stop.is_set)


def update_own(tariff: TariffSettings, clock: Callable[[], float]) -> list[tuple[GridSource, GridStatus]]:
    """Read the person's own files into the usual book, with what became of each; nothing is fetched."""
    own = [source for source in sources_of(tariff) if source.url is None]
    statuses = Updater(book=book_file(), statuses=StatusFile(), clock=clock).update(own)
    return list(zip(own, statuses, strict=True))
