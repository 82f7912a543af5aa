"""The price book on disk: one price a line, written whole and at once, shared by every linkytui that runs."""

import fcntl
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec
import platformdirs

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import HandPrices, Offer

_NAME: Final = "prices.jsonl"


def default_path() -> Path:
    """Where the book is kept: in the XDG data folder."""
    return platformdirs.user_data_path("linkytui") / _NAME


def read_book(path: Path, hand: HandPrices | None = None) -> PriceBook:
    """The book with every grid kept there. A line that cannot be read costs only itself; no file, no grids."""
    return PriceBook(_read(path), hand)


def add_to_book(path: Path, offers: Iterable[Offer]) -> PriceBook:
    """Keep these prices for good, beside those that are there.

    Raises:
        GridError: the file cannot be written; what was in it is untouched.
    """
    try:
        with _locked(path):
            book = PriceBook(_read(path))
            book.add(offers)
            _write(path, book.grids)
    except OSError as error:
        raise GridError(
            _("Cannot keep the prices in {path}: {reason}").format(path=path, reason=error.strerror or error)
        ) from error
    return book


def _read(path: Path) -> list[Offer]:
    decoder = msgspec.json.Decoder(Offer)
    offers = []
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return []
    for line in lines:
        try:
            offers.append(decoder.decode(line))
        except (msgspec.DecodeError, msgspec.ValidationError):
            continue
    return offers


def _write(path: Path, offers: Iterable[Offer]) -> None:
    """Written beside and put in its place, so that a power cut leaves the old book or the new one."""
    encoder = msgspec.json.Encoder()
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{_NAME}.", delete=False) as new:
        try:
            new.writelines(encoder.encode(offer) + b"\n" for offer in offers)
            new.flush()
            os.fsync(new.fileno())
            Path(new.name).replace(path)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One writer at a time: the collector and the screen may both have read a grid."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
