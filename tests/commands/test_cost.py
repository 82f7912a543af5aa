"""`linkytui cost`: what a month costs."""

import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from linkytui import cli
from linkytui.commands import accounts
from tests.commands.households import NOW

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026, 18:00, and there is no network."""
    monkeypatch.setattr(accounts, "now", lambda: NOW)

    def nothing(*_args: object, **_options: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", nothing)


def cost(capsys: Capture, *arguments: str) -> tuple[dict[str, Any], str]:
    """The object that is printed, and what is said beside it."""
    assert cli.run(["cost", "--json", *arguments]) == 0
    out, err = capsys.readouterr()
    (line,) = out.splitlines()
    return json.loads(line), err


@pytest.mark.usefixtures("recorded")
def test_this_month_as_an_object(capsys: Capture) -> None:
    """24 days, the last one up to 18:00.

    HC 23 × 7.2 kWh + 6.5 h × 0.9 = 171.45 kWh × 0.1589 = 27.243405 → 27.24; HP 23 × 4.8 + 11.5 × 0.3 = 113.85 kWh
    × 0.2142 = 24.38667 → 24.39; 15.86 × 24/30 = 12.688 → 12.69: 64.32 EUR.
    At the end: HC 216 kWh, 34.32; HP 144 kWh, 30.84; 15.86: 81.03 EUR, within some cents.
    """
    shown, err = cost(capsys)
    assert shown["month"] == "2026-11"
    assert shown["from"] == "2026-11-01T00:00:00+01:00"
    assert shown["to"] == "2026-11-24T18:00:00+01:00"
    assert shown["complete"] is True
    assert shown["energy_eur"] == {"HC": 27.24, "HP": 24.39}
    assert shown["subscription_eur"] == 12.69
    assert shown["subscription_month_eur"] == 15.86
    assert shown["total_eur"] == 64.32
    assert shown["estimate_eur"] == pytest.approx(81.02, abs=0.1)
    assert shown["total_eur"] < shown["estimate_low_eur"] <= shown["estimate_eur"] <= shown["estimate_high_eur"]
    assert shown["method"] == "profile"
    assert shown["offer"]["option"] == "HPHC"
    assert shown["offer"]["source"]["file"] == "regulated.csv"
    assert shown["assumed"] is True
    # 6.5 h × 0.9 + 11.5 × 0.3 kWh and 0.53; 7.2 and 4.8 kWh.
    assert (shown["today_eur"], shown["yesterday_eur"]) == (2.2, 2.7)
    assert sum(line["amount_eur"] for line in shown["lines"]) == pytest.approx(shown["total_eur"])
    assert err == "linkytui: Regulated tariff assumed: set provider and offer in [tariff].\n"


@pytest.mark.usefixtures("recorded")
def test_a_month_that_is_over(capsys: Capture) -> None:
    """October 2026, with an hour more of the night: HC 224.1 kWh × 0.1589 = 35.60949, HP 148.8 × 0.2142 = 31.87296."""
    shown, _ = cost(capsys, "--month", "2026-10")
    assert shown["complete"] is True
    assert shown["energy_eur"] == {"HC": 35.61, "HP": 31.87}
    assert shown["total_eur"] == 83.34
    assert (shown["estimate_eur"], shown["method"]) == (None, None)


@pytest.mark.usefixtures("recorded")
def test_the_table_for_people(capsys: Capture) -> None:
    assert cli.run(["cost"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "November 2026"
    assert "EDF Tarif Bleu, Peak / off-peak, 6 kVA, prices from 1 August 2026" in lines
    assert "regulated tariff, as it comes with linkytui" in lines
    assert "Off-peak 1 Nov - 24 Nov 171.450 0.1589 27.24" in lines
    assert "Peak 1 Nov - 24 Nov 113.850 0.2142 24.39" in lines
    assert "Subscription 24 of 30 days 15.86 a month 12.69" in lines
    assert "Total 285.300 64.32" in lines
    assert any(line.startswith("Estimate, 30 Nov 81.") for line in lines)
    assert any("8 times out of 10" in line for line in lines)
    assert "from the weekdays and hours of 54 recorded days" in lines
    # 6.5 h × 0.9 + 11.5 × 0.3 = 9.3 kWh: 0.93 + 0.74 and 0.53; 12 kWh: 1.14 + 1.03 and 0.53.
    assert "Today 9.300 2.20" in lines
    assert "Yesterday 12.000 2.70" in lines
    assert max(map(len, out.splitlines()[:-1])) <= 80


@pytest.mark.usefixtures("recorded")
def test_prices_by_hand_need_no_book(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """linkypy's variables. 171.45 × 0.1 + 113.85 × 0.2 + 24/30 × 10 = 17.145 + 22.77 + 8."""
    monkeypatch.setenv("HC_KWH_PRICE", "0.1")
    monkeypatch.setenv("HP_KWH_PRICE", "0.2")
    monkeypatch.setenv("MONTHLY_SUBSCRIPTION_PRICE", "10")
    shown, err = cost(capsys)
    assert shown["energy_eur"] == {"HC": 17.15, "HP": 22.77}
    assert shown["total_eur"] == 47.92
    assert shown["offer"]["source"]["kind"] == "hand"
    assert err == ""


@pytest.mark.usefixtures("recorded")
def test_one_price_by_hand_leaves_the_source_of_the_others_in_sight(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HP_KWH_PRICE", "0.2")
    assert cli.run(["cost"]) == 0
    assert "partly set by hand; the rest: regulated tariff" in capsys.readouterr().out
    shown, err = cost(capsys)
    assert shown["offer"]["source"]["corrects"]["kind"] == "regulated"
    assert "not used" not in err


@pytest.mark.usefixtures("recorded")
def test_prices_by_hand_that_nothing_is_counted_by_are_said(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKYTUI_TARIFF_PRICES_BASE", "0.2")
    _shown, err = cost(capsys)
    assert "The prices set by hand for BASE are not used" in err


@pytest.mark.usefixtures("recorded")
def test_it_speaks_french(capsys: Capture) -> None:
    assert cli.run(["cost", "--lang", "fr"]) == 0
    out = capsys.readouterr().out
    assert "novembre 2026" in out
    assert "Abonnement" in out
    assert "64,32" in out
    assert "Subscription" not in out


@pytest.mark.parametrize("month", ["2026-13", "november", "26-11", "0000-01", "9999-12"])
def test_what_is_no_month_is_wrong_usage(capsys: Capture, month: str) -> None:
    assert cli.run(["cost", "--month", month]) == 2
    assert f"{month} is not a month" in capsys.readouterr().err


@pytest.mark.parametrize("month", ["1970-01", "2026-09", "2027-01", "2999-12"])
@pytest.mark.usefixtures("recorded")
def test_a_month_without_records_is_one_line(capsys: Capture, month: str) -> None:
    assert cli.run(["cost", "--month", month]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("linkytui: Nothing was recorded in ")
    assert len(err.splitlines()) == 1


def test_no_history_is_one_line(capsys: Capture) -> None:
    assert cli.run(["cost"]) == 1
    assert capsys.readouterr().err == "linkytui: Nothing was recorded in November 2026.\n"


@pytest.mark.usefixtures("recorded")
def test_an_offer_without_a_known_price_is_one_line(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKYTUI_TARIFF_PROVIDER", "Nobody")
    assert cli.run(["cost", "--json"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("linkytui: No price of Nobody, Peak / off-peak is known on 1 November 2026: ")


@pytest.mark.usefixtures("recorded")
def test_a_grid_of_the_settings_that_cannot_be_read_costs_only_itself(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LINKYTUI_TARIFF_FILES", str(tmp_path / "gone.pdf"))
    shown, err = cost(capsys)
    assert shown["total_eur"] == 64.32
    assert "gone.pdf" in err


@pytest.mark.usefixtures("recorded")
def test_a_plot_has_a_bar_a_day_in_euros(capsys: Capture) -> None:
    """A day: 7.2 kWh × 0.1589 = 1.14, 4.8 × 0.2142 = 1.03, 15.86 / 30 = 0.53: 2.70 EUR."""
    assert cli.run(["cost", "--plot"]) == 0
    title, *rows = capsys.readouterr().out.splitlines()
    assert title == "November 2026"
    days, below = rows[:24], rows[24:]
    assert [day.partition("┤")[0].strip() for day in days[::23]] == ["Sun 1 Nov", "Tue 24 Nov"]
    for day in days[:-1]:
        assert re.fullmatch(r".*┤█+▒+░+ 2\.70", day)
    assert days[-1].endswith(" 2.20")
    assert below[1].split() == ["0", "1", "2", "3", "EUR"]
    assert below[2:] == [
        "█ Subscription  ▒ Off-peak  ░ Peak",
        "Total 64.32 EUR",
        "",
        "* Regulated tariff assumed: set provider and offer in [tariff].",
    ]


@pytest.mark.usefixtures("recorded")
def test_a_plot_of_a_month_that_is_over_has_all_its_days(capsys: Capture) -> None:
    assert cli.run(["cost", "--plot", "--month", "2026-10", "--lang", "fr"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("octobre 2026\n")
    assert out.count("┤") == 31
    assert "█ Abonnement  ▒ Heures creuses  ░ Heures pleines" in out


def test_a_plot_is_no_object(capsys: Capture) -> None:
    assert cli.run(["cost", "--plot", "--json"]) == 2
    assert capsys.readouterr().err == "linkytui: --plot goes without --json.\n"


@pytest.mark.usefixtures("recorded")
def test_an_invoice_as_an_object(capsys: Capture) -> None:
    """1 October to 23 November 2026, both included: 54 days, the night of 25 October an hour longer.

    HC 54 × 7.2 + 0.9 = 389.7 kWh × 0.1589 = 61.92333; HP 54 × 4.8 = 259.2 × 0.2142 = 55.52064; 15.86 × (1 + 23/30).
    """
    shown, _ = cost(capsys, "--from", "2026-10-01", "--to", "2026-11-23")
    assert (shown["from"], shown["to"], shown["complete"]) == ("2026-10-01", "2026-11-23", True)
    assert shown["indexes_wh"] == {"HC": [4_000_000, 4_389_700], "HP": [7_000_000, 7_259_200]}
    assert shown["energy_wh"] == {"HC": 389_700, "HP": 259_200}
    assert shown["energy_eur"] == {"HC": 61.92, "HP": 55.52}
    assert (shown["subscription"], shown["subscription_eur"], shown["total_eur"]) == ("arrears", 28.02, 145.46)
    assert [(line["what"], line["quantity"], line["unit"]) for line in shown["lines"]] == [
        ("HC", 389.7, "kWh"),
        ("HP", 259.2, "kWh"),
        ("subscription", 1.7667, "month"),
        ("excise", 648.9, "kWh"),
        ("cta", 1.7667, "month"),
    ]
    assert sum(line["eur_ttc"] for line in shown["lines"]) == pytest.approx(145.46)
    (contract,) = shown["contracts"]
    assert (contract["from"], contract["to"], contract["offer"]) == ("2026-10-01", "2026-11-23", "Tarif Bleu")


@pytest.mark.usefixtures("recorded")
def test_an_invoice_for_people(capsys: Capture) -> None:
    assert cli.run(["cost", "--from", "2026-10-01", "--to", "2026-10-31", "--lines", "--subscription", "advance"]) == 0
    out, _ = capsys.readouterr()
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "1 October 2026 to 31 October 2026"
    assert "Off-peak 4,000.000 4,224.100 224.100" in lines
    # 15.86 / 1.2 = 13.22, of which CTA 0.15 × (39.60 + 6 × 10.43) / 12 = 1.28: 11.94; 15.86 - 1.54 = 14.32.
    assert "Subscription 1 Nov - 30 Nov 1.00 months 11.93942 11.94 20.0 % 14.32" in lines
    assert "CTA 1 Nov - 30 Nov 1.00 months 1.27725 1.28 20.0 % 1.54" in lines
    # HC 224.1 × 0.1589 = 35.61, HP 148.8 × 0.2142 = 31.87, 15.86.
    assert "Total 83.34" in lines
    assert max(map(len, out.split("\n*")[0].splitlines())) <= 80


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--from", "2026-10-01"], "from a day to a day"),
        (["--lines"], "from a day to a day"),
        (["--from", "2026-10-01", "--to", "2026-10-31", "--month", "2026-10"], "from a day to a day"),
        (["--from", "2026-11-01", "--to", "2026-10-01"], "must be before"),
        (["--from", "yesterday", "--to", "someday"], "is not a date"),
    ],
)
def test_an_invoice_needs_its_days(arguments: list[str], words: str, capsys: Capture) -> None:
    assert cli.run(["cost", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.usefixtures("recorded")
def test_an_invoice_of_days_that_nobody_recorded(capsys: Capture) -> None:
    assert cli.run(["cost", "--from", "2026-07-01", "--to", "2026-08-31"]) == 1
    assert "Nothing was recorded then" in capsys.readouterr().err


@pytest.mark.usefixtures("recorded")
def test_the_month_follows_the_billing_day(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """12 to 24 November, 18:00: HC 12 × 7.2 + 5.85 = 92.25 kWh × 0.1589, HP 12 × 4.8 + 3.45 = 61.05 × 0.2142."""
    monkeypatch.setenv("LINKYTUI_BILLING_DAY", "12")
    shown, _ = cost(capsys)
    assert shown["period"] == {"from": "2026-11-12", "to": "2026-12-11"}
    assert (shown["month"], shown["from"]) == ("2026-11", "2026-11-12T00:00:00+01:00")
    assert shown["energy_eur"] == {"HC": 14.66, "HP": 13.08}
    # 13 days of November.
    assert shown["subscription_eur"] == 6.87
    # 19 days of November at 15.86 / 30, 11 of December at 15.86 / 31.
    assert shown["subscription_month_eur"] == 15.67
    assert shown["estimate_eur"] > shown["total_eur"]
    october, _ = cost(capsys, "--month", "2026-10")
    assert october["period"] == {"from": "2026-10-12", "to": "2026-11-11"}
    assert cli.run(["cost"]) == 0
    assert capsys.readouterr().out.startswith("12 November 2026 to 11 December 2026\n")


@pytest.mark.usefixtures("recorded")
def test_two_months_from_a_month_on(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKYTUI_BILLING_MONTHS", "2")
    monkeypatch.setenv("LINKYTUI_BILLING_FIRST_MONTH", "10")
    shown, _ = cost(capsys)
    assert shown["period"] == {"from": "2026-10-01", "to": "2026-11-30"}
    assert shown["complete"] is True


@pytest.mark.usefixtures("recorded")
def test_prepayments_are_weighed(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKYTUI_BILLING_PREPAYMENT", "60")
    monkeypatch.setenv("LINKYTUI_BILLING_FIRST_MONTH", "10")
    paid = cost(capsys)[0]["prepayment"]
    assert (paid["from"], paid["to"], paid["total_eur"], paid["paid_eur"]) == ("2026-10-01", "2027-09-30", 720, 120)
    # 12 kWh a day: 7.2 × 0.1589 + 4.8 × 0.2142 = 2.17224 EUR, some 793 a year, and 190.32 of subscription.
    assert paid["expected_eur"] == pytest.approx(983.2, abs=1.5)
    assert paid["enough"] is False
    assert cli.run(["cost"]) == 0
    out = capsys.readouterr().out
    assert "Not enough: about 26" in out
    assert cli.run(["cost", "--month", "2026-10"]) == 0
    assert "enough" not in capsys.readouterr().out


@pytest.mark.usefixtures("recorded")
def test_an_invoice_is_checked_line_by_line(tmp_path: Path, capsys: Capture) -> None:
    """October 2026: HC 224.1 kWh, HP 148.8 kWh."""
    path = tmp_path / "invoice.toml"
    path.write_text(
        "from = 2026-10-01\nto = 2026-10-31\ntotal = 83.30\n[indexes]\nHC = [4000, 4224]\n"
        "[[lines]]\nwhat = 'HC'\nquantity = 224\nprice_ttc = 0.1589\neur_ttc = 35.59\n"
        "[[lines]]\nwhat = 'HP'\nquantity = 160\nprice_ttc = 0.2142\neur_ttc = 34.27\n"
    )
    shown, _ = cost(capsys, "--check", str(path))
    assert shown["agrees"] is False
    assert [(line["what"], line["verdict"]) for line in shown["lines"]] == [
        ("HC", "agrees"),
        ("HC", "agrees"),
        ("HP", "differs"),
        ("Total", "agrees"),
    ]
    assert shown["lines"][2]["why"] == ["11.2 kWh more than the meter counted"]
    assert cli.run(["cost", "--check", str(path)]) == 0
    out = capsys.readouterr().out
    assert "    11.2 kWh more than the meter counted\n" in out
    assert out.endswith("1 of 4 lines differs.\n")
    assert cli.run(["cost", "--check", str(path), "--month", "2026-10"]) == 2
    assert cli.run(["cost", "--check", str(tmp_path / "none.toml")]) == 1
    assert capsys.readouterr().err.count("\n") == 2
