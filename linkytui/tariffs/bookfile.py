"""The price book on disk: one price per line, shared by every running linkytui."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.settings.folders import SERVICE_DATA_FOLDER, data_folder
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.offers import HandPrices, Offer
from linkytui.tariffs.whole import locked, write_whole

_NAME: Final = "prices.jsonl"


def book_file() -> Path:
    """Where the book is kept."""
    return data_folder() / _NAME


def known_prices(own: Path | None = None, service: Path = SERVICE_DATA_FOLDER) -> PriceBook:
    """What this user may know: what the machine's service read, and his own book, which wins."""
    book = PriceBook(_read(service / _NAME))
    book.add(_read(own or book_file()))
    return book


def read_book(path: Path, hand: HandPrices | None = None) -> PriceBook:
    """The book with every grid kept there. A line that cannot be read costs only itself; no file, no grids."""
    return PriceBook(_read(path), hand)


def add_to_book(path: Path, offers: Iterable[Offer]) -> PriceBook:
    """Keep these prices for good, beside those that are there.

    Raises GridError: the file cannot be written, what was in it is untouched.
    """
    encoder = msgspec.json.Encoder()
    try:
        with locked(path):
            book = read_book(path)
            book.add(offers)
            write_whole(path, (encoder.encode(offer) + b"\n" for offer in book.grids))
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
        except msgspec.DecodeError:
            continue
    return offers
