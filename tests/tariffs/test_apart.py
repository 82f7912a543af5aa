"""Grids looked after in a process apart."""

import subprocess
import sys
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from linkytui.errors import GridError
from linkytui.reading import Contract
from linkytui.tariffs import apart
from linkytui.tariffs.bookfile import book_file, read_book
from linkytui.tariffs.offers import OfferKey
from linkytui.tariffs.status import GridSource, StatusFile
from tests.tariffs import site as answers
from tests.tariffs.replicas import edf
from tests.tariffs.site import Site

BASE = OfferKey("EDF", "Tarif Bleu", Contract.BASE)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process apart writes where ours does: into folders of this test."""
    for kind in ("CACHE", "DATA", "CONFIG", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))


@pytest.fixture
def grid(site: Site) -> GridSource:
    """A grid that a site serves."""
    site.answers["/grid.pdf"] = answers.pdf(edf.tarif_bleu(date(2027, 8, 1), "août 2027").pdf)
    return GridSource("EDF Tarif Bleu", f"{site.url}/grid.pdf")


def test_a_good_grid_comes_into_the_book(grid: GridSource) -> None:
    told: list[tuple[int, int, str]] = []
    apart.update_apart(
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


def test_what_was_looked_at_is_not_due(grid: GridSource) -> None:
    assert apart.is_any_due([grid], StatusFile(), time.time())
    apart.update_apart([grid], threading.Event())
    assert not apart.is_any_due([grid], StatusFile(), time.time())


def test_a_site_that_says_nothing_is_left_at_once(site: Site) -> None:
    asked, stop = threading.Event(), threading.Event()

    def silent(_handler: object) -> None:
        asked.set()
        site.over.wait()

    site.answers["/grid.pdf"] = silent
    source = GridSource("silent", f"{site.url}/grid.pdf")
    looking = threading.Thread(target=apart.update_apart, args=([source], stop))
    looking.start()
    assert asked.wait(60)
    stop.set()
    looking.join(60)
    assert not looking.is_alive()


def test_a_process_that_fails_is_said(monkeypatch: pytest.MonkeyPatch, grid: GridSource) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(GridError):
        apart.update_apart([grid], threading.Event())
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(GridError):
        apart.update_apart([grid], threading.Event())


def test_the_process_that_reads_the_meter_never_loads_the_http_client(grid: GridSource) -> None:
    code = (
        "import sys, threading\n"
        "from linkytui.tariffs.apart import update_apart\n"
        "from linkytui.tariffs.status import GridSource\n"
        f"update_apart([GridSource('EDF', {grid.place!r})], threading.Event())\n"
        "print('requests' in sys.modules, 'pdfplumber' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False False\n"
    assert StatusFile().read()[grid.place].error == ""
