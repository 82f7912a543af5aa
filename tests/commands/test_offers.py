"""`linkytui offers`: the offers compared."""

import json
from decimal import Decimal
from typing import Any

import pytest

from linkytui import cli
from linkytui.commands import accounts
from linkytui.reading import Contract
from linkytui.tariffs.bookfile import add_to_book, book_file
from linkytui.tariffs.offers import Offer, PriceKind, PriceSource
from tests.billing.households import moment
from tests.commands.households import NOW

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026, 18:00."""
    monkeypatch.setattr(accounts, "now", lambda: NOW)


def offers(capsys: Capture) -> tuple[list[dict[str, Any]], str]:
    """The objects that are printed, and what is said beside them."""
    assert cli.run(["offers", "--json"]) == 0
    out, err = capsys.readouterr()
    return [json.loads(line) for line in out.splitlines()], err


@pytest.mark.usefixtures("recorded")
def test_offers_as_objects(capsys: Capture) -> None:
    """The month with Base: 285.3 kWh × 0.2001 = 57.08853 → 57.09, and 12.69."""
    found, err = offers(capsys)
    assert [each["offer"]["option"] for each in found] == ["HPHC", "BASE", "TEMPO", "EJP"]
    mine, flat, tempo, ejp = found
    assert (mine["mine"], mine["total_eur"], mine["difference_eur_year"]) == (True, 64.32, 0)
    assert (flat["total_eur"], flat["coverage"]) == (69.78, 1)
    assert flat["difference_eur_year"] == pytest.approx(
        flat["year"]["per_year_eur"] - mine["year"]["per_year_eur"], abs=0.001
    )
    # 1 October to 24 November, 18:00, with one hour more: 54.79 of 365 days.
    assert mine["year"]["coverage"] == pytest.approx(0.1501, abs=0.0001)
    assert mine["year"]["partial"] is True
    assert tempo["year"]["per_year_eur"] is None
    assert "only a meter with a Tempo contract" in tempo["reason"]
    assert ejp["year"] is None
    assert "Regulated tariff assumed" in err


@pytest.mark.usefixtures("recorded")
def test_the_table_for_people(capsys: Capture) -> None:
    assert cli.run(["offers"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "Nov a year difference known"
    assert lines[1].startswith("> EDF Tarif Bleu Peak / off-peak 64.32 ")
    assert lines[2].startswith("EDF Tarif Bleu Base 69.78 ")
    assert any(line.startswith("(1) The colour of") for line in lines)
    assert any(line.startswith("(2) EJP peak days are unknown") for line in lines)
    assert any(line.startswith("~ partly known") for line in lines)
    assert "Prices from 1 August 2026: EDF Tarif Bleu, Peak / off-peak, Base, Tempo" in lines


@pytest.mark.usefixtures("recorded")
def test_an_offer_of_the_book_takes_its_place(capsys: Capture) -> None:
    cheap = Offer(
        provider="Other",
        offer="Cheap",
        option=Contract.HPHC,
        power_kva=6,
        subscription=Decimal(9),
        prices={"HC": Decimal("0.1"), "HP": Decimal("0.12345")},
        valid_from=None,
        source=PriceSource(kind=PriceKind.GRID, file="grid.pdf"),
    )
    add_to_book(book_file(), [cheap])
    found, _ = offers(capsys)
    assert found[0]["offer"]["provider"] == "Other"
    assert found[0]["difference_eur_year"] < 0
    assert cli.run(["offers"]) == 0
    assert "Other Cheap" in capsys.readouterr().out.splitlines()[1]


@pytest.mark.usefixtures("recorded")
def test_it_speaks_french(capsys: Capture) -> None:
    assert cli.run(["offers", "--lang", "fr"]) == 0
    out = capsys.readouterr().out
    assert "Heures pleines / creuses" in out
    assert "par an" in out
    assert "a year" not in out


def test_no_history_is_one_line(capsys: Capture) -> None:
    assert cli.run(["offers"]) == 1
    assert capsys.readouterr().err == (
        "linkytui: Nothing recorded yet: offers are compared on what your meter has counted.\n"
    )


@pytest.mark.usefixtures("recorded")
def test_my_offer_without_a_known_price_is_said_and_the_others_are_told(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKYTUI_TARIFF_PROVIDER", "Nobody")
    found, err = offers(capsys)
    assert len(found) == 4
    assert all(each["difference_eur_year"] is None for each in found)
    assert "No price of Nobody" in err


@pytest.mark.usefixtures("recorded")
def test_another_day_has_another_year(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "now", lambda: moment(2026, 12, 1))
    found, _ = offers(capsys)
    assert found[0]["month"] == "2026-12"
    assert found[0]["from"] is None
    assert found[0]["complete"] is False
    assert found[0]["year"]["per_year_eur"] > 0
