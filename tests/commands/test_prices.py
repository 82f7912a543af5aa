"""`linkytui prices`: what grids say, those named and those known."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from linkytui import cli
from linkytui.commands import prices
from linkytui.tariffs.bookfile import book_file, read_book
from linkytui.tariffs.suppliers import base
from tests.commands import households
from tests.tariffs import site as answers
from tests.tariffs.conftest import SHARED, site, tariffs
from tests.tariffs.replicas import broken, edf
from tests.tariffs.site import Site
from tests.tariffs.test_real_grids import REGISTERS, cases

__all__ = ["site", "tariffs"]

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026."""
    monkeypatch.setattr(prices, "now", lambda: datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp())


def objects(text: str) -> list[dict[str, Any]]:
    """The JSON objects of an output."""
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="session")
def grid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """EJP's grid: the smallest."""
    path = tmp_path_factory.mktemp("grids") / "ejp.pdf"
    path.write_bytes(edf.ejp().pdf)
    return path


@pytest.fixture(scope="session")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grid that is refused."""
    path = tmp_path_factory.mktemp("grids") / "bad.pdf"
    path.write_bytes(broken.refused())
    return path


def settings(tmp_path: Path, text: str) -> None:
    """Have the person set something."""
    path = tmp_path / "xdg" / "config" / "linkytui" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_without_files_it_prints_the_regulated_tariff_of_today(capsys: Capture) -> None:
    assert cli.run(["prices", "--json"]) == 0
    out, err = capsys.readouterr()
    found = objects(out)
    assert len(found) == 9 + 9 + 8 + 5
    assert err == ""
    assert {
        "provider": "EDF",
        "offer": "Tarif Bleu",
        "option": "HPHC",
        "power_kva": 6,
        "valid_from": "2026-08-01",
        "subscription_eur_month": 15.86,
        "prices_eur_kwh": {"HC": 0.1589, "HP": 0.2142},
        "source": {"file": "regulated.csv", "sha256": None, "page": None, "kind": "regulated"},
    } in found


def test_a_file_is_read_printed_and_kept(grid: Path, capsys: Capture) -> None:
    assert cli.run(["prices", "--json", str(grid)]) == 0
    found = objects(capsys.readouterr().out)
    assert [offer["power_kva"] for offer in found] == [9, 12, 15, 18, 36]
    assert set(found[0]["source"]) == {"file", "sha256", "page"}
    assert [offer.as_json() for offer in read_book(book_file()).grids] == found
    assert cli.run(["prices"]) == 0
    assert f"  {grid}, page 1\n" in capsys.readouterr().out


def test_the_list_shows_offer_day_source_and_prices(grid: Path, capsys: Capture) -> None:
    assert cli.run(["prices", str(grid)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "EDF Tarif Bleu, EJP, from 1 February 2026",
        f"  {grid}, page 1",
        "   kVA  EUR/month       HN       PM",
        "     9      19.20   0.1781   0.3440",
    ]
    assert len(lines) == 8


def test_a_bad_file_costs_only_itself(grid: Path, refused: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "page.pdf").write_text("<!DOCTYPE html><html><body>403</body></html>")
    files = [tmp_path / "none.pdf", refused, tmp_path / "page.pdf", grid, tmp_path]
    assert cli.run(["prices", "--json", *map(str, files)]) == 1
    out, err = capsys.readouterr()
    assert len(objects(out)) == 5
    assert err.splitlines() == [
        f"linkytui: {tmp_path}/none.pdf: the file cannot be read: No such file or directory",
        f"linkytui: {refused}: {broken.REASON}",
        f"linkytui: {tmp_path}/page.pdf: it is a web page, not a PDF",
        f"linkytui: {tmp_path}: the file cannot be read: Is a directory",
    ]


def test_files_of_the_settings_are_read_and_what_is_wrong_with_them_is_said(
    grid: Path, refused: Path, tmp_path: Path, capsys: Capture
) -> None:
    settings(tmp_path, f'[tariff]\nfiles = ["{grid}", "{refused}"]\n')
    assert cli.run(["prices"]) == 0
    out, err = capsys.readouterr()
    assert f"  {grid}, page 1\n" in out
    assert err == f"linkytui: bad.pdf: {broken.REASON}\n"


def test_prices_by_hand_win(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HP_KWH_PRICE", "0.25")
    monkeypatch.setenv("HC_KWH_PRICE", "0.19")
    monkeypatch.setenv("MONTHLY_SUBSCRIPTION_PRICE", "14.5")
    monkeypatch.setenv("CURRENT_POWER", "9")
    assert cli.run(["prices", "--json"]) == 0
    found = [offer for offer in objects(capsys.readouterr().out) if offer["source"].get("kind") == "hand"]
    assert [(offer["power_kva"], offer["subscription_eur_month"], offer["prices_eur_kwh"]) for offer in found] == [
        (9, 14.5, {"HC": 0.19, "HP": 0.25})
    ]
    monkeypatch.delenv("CURRENT_POWER")
    assert cli.run(["prices"]) == 0
    out, err = capsys.readouterr()
    assert "set by hand" not in out
    assert "Set power_kva in [meter]." in err


def test_a_price_by_hand_is_that_of_the_recorded_meter(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    households.make(tmp_path / "xdg" / "data" / "linkytui")
    monkeypatch.setenv("MONTHLY_SUBSCRIPTION_PRICE", "14.5")
    assert cli.run(["prices", "--json"]) == 0
    out, err = capsys.readouterr()
    (offer,) = (offer for offer in objects(out) if offer["source"].get("kind") == "hand")
    assert (offer["option"], offer["power_kva"], offer["subscription_eur_month"]) == ("HPHC", 6, 14.5)
    assert err == ""


def test_a_book_older_than_the_last_change_says_so(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prices, "now", lambda: datetime(2027, 2, 10, tzinfo=UTC).timestamp())
    assert cli.run(["prices"]) == 0
    assert "New regulated prices were expected on 1 February 2027" in capsys.readouterr().err


def test_fetching_shows_its_progress_and_what_failed(
    site: Site, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["/grille.pdf"] = answers.pdf(edf.tarif_bleu(date(2027, 8, 1), "août 2027").pdf)
    addresses = (
        base.GridAddress("Tarif Bleu", site.url + "/grille.pdf"),
        base.GridAddress("Zen", site.url + "/gone.pdf"),
    )
    supplier = base.Supplier(name="EDF", mark=re.compile("EDF"), addresses=addresses)
    monkeypatch.setattr("linkytui.tariffs.status.SUPPLIERS", (supplier,))
    assert cli.run(["prices", "--fetch", "--json"]) == 0
    out, err = capsys.readouterr()
    assert err.splitlines() == [
        "1/2 EDF Tarif Bleu",
        "2/2 EDF Zen",
        "linkytui: EDF Zen: there is nothing at its address any more (404)",
    ]
    coming = [offer for offer in objects(out) if offer["valid_from"] == "2027-08-01"]
    assert len(coming) == 26
    assert coming[0]["source"]["url"] == site.url + "/grille.pdf"
    site.answers["/grille.pdf"] = answers.status(403)
    assert cli.run(["prices", "--fetch"]) == 1
    out, err = capsys.readouterr()
    assert "the site refuses (403)" in err
    assert "; its grid of 1 August 2027 stays in force" in err
    assert "grille.pdf, page 1, fetched 0 s ago" in out


def test_what_cannot_be_asked_for_is_wrong_usage(grid: Path, tmp_path: Path, capsys: Capture) -> None:
    assert cli.run(["prices", "--fetch", str(grid)]) == 2
    assert "--fetch takes no files" in capsys.readouterr().err
    settings(tmp_path, "[tariff]\nfetch = false\n")
    assert cli.run(["prices", "--fetch"]) == 2
    assert "Fetching is off" in capsys.readouterr().err


def test_a_book_that_cannot_be_written_does_not_hide_what_was_read(
    grid: Path, capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert cli.run(["prices", "--json", str(grid)]) == 0
    out, err = capsys.readouterr()
    assert len(objects(out)) == 5
    assert err.startswith("linkytui: Cannot keep the prices in ")


def test_the_real_grids_give_what_a_person_reads_in_them(tariffs: Path, capsys: Capture) -> None:
    files = sorted((SHARED / "pdf").glob("*.pdf"))
    assert cli.run(["prices", "--json", *map(str, files)]) == 1
    out, err = capsys.readouterr()
    refused = {line.split(".pdf: ")[0].rpartition("/")[2] for line in err.splitlines() if ": page " not in line}
    assert refused == {file.stem for file in files if file.stem.startswith(("refuse-", "vattenfall-"))}
    read: dict[tuple[str, str, str], dict[int, dict[str, Any]]] = {}
    for offer in objects(out):
        key = (Path(offer["source"]["file"]).name, offer["offer"], offer["option"])
        read.setdefault(key, {})[offer["power_kva"]] = offer
    expected = cases(tariffs)
    assert sum(len(case["rows"]) for case in expected) == 535
    for case in expected:
        found = read[case["pdf"], case["offer"], case["option"]]
        assert list(found) == [int(power) for power in case["rows"]]
        for power, row in case["rows"].items():
            offer = found[int(power)]
            assert (offer["provider"], offer["valid_from"]) == (case["provider"], case["valid_from"])
            assert offer["subscription_eur_month"] == row["subscription_eur_month_ttc"]
            assert offer["prices_eur_kwh"] == {REGISTERS[name]: row[name] for name in row if name in REGISTERS}
