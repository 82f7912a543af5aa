"""The user's grids looked after beside the reading: on a thread, at once left, and light."""

import subprocess
import sys
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from linkytui.reading import Contract
from linkytui.tariffs.bookfile import book_file, read_book
from linkytui.tariffs.offers import OfferKey
from linkytui.tariffs.status import GridSource, StatusFile
from linkytui.tariffs.update import update_grids
from tests.tariffs import site as answers
from tests.tariffs.replicas import edf
from tests.tariffs.site import Site

BASE = OfferKey("EDF", "Tarif Bleu", Contract.BASE)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("CACHE", "DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))


@pytest.fixture
def grid(site: Site) -> GridSource:
    """A grid that a site serves."""
    site.answers["/grid.pdf"] = answers.pdf(edf.tarif_bleu(date(2027, 8, 1), "août 2027").pdf)
    return GridSource("EDF Tarif Bleu", f"{site.url}/grid.pdf")


def test_a_good_grid_comes_into_the_book(grid: GridSource) -> None:
    told: list[tuple[int, int, str]] = []
    update_grids(
        [grid],
        threading.Event(),
        force=True,
        progress=lambda done, total, source: told.append((done, total, source.title)),
    )
    assert told == [(0, 1, "EDF Tarif Bleu")]
    assert StatusFile().read()[grid.place].error == ""
    offer = read_book(book_file()).price_at(BASE, 6, date(2027, 9, 1))
    assert offer is not None
    assert (offer.valid_from, offer.source.url) == (date(2027, 8, 1), grid.place)


def test_what_was_looked_at_is_not_looked_at_again_until_it_is_due(grid: GridSource, site: Site) -> None:
    for _look in range(2):
        update_grids([grid], threading.Event())
        assert site.count("/grid.pdf") == 1


def test_who_stops_is_not_kept_by_a_site_that_fails(site: Site) -> None:
    stop = threading.Event()

    def fails(handler: BaseHTTPRequestHandler) -> None:
        stop.set()
        answers.status(503)(handler)

    site.answers["/grid.pdf"] = fails
    update_grids([GridSource("failing", f"{site.url}/grid.pdf"), GridSource("next", f"{site.url}/next.pdf")], stop)
    assert [path for path, _headers in site.asked] == ["/grid.pdf"]
    assert StatusFile().read() == {}


CODE = """
import sys, threading
from linkytui.tariffs.status import GridSource
from linkytui.tariffs.update import update_grids
for _look in range(2):
    print(*(name in sys.modules for name in ("http.client", "requests", "pdfplumber")))
    update_grids([GridSource("EDF", {place!r})], threading.Event())
print(*(name in sys.modules for name in ("requests", "pdfplumber")))
"""


def test_the_process_that_reads_the_meter_loads_no_reader_of_pdf_and_a_client_only_when_a_grid_is_due(
    grid: GridSource,
) -> None:
    code = CODE.format(place=grid.place)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False False False\nTrue False False\nFalse False\n"
    assert StatusFile().read()[grid.place].error == ""
