"""`linkytui history`: what was drawn, for people and for programs."""

import csv
import json
import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from linkytui import cli
from linkytui.commands import history
from linkytui.history import Importer, Sample
from linkytui.reading import Contract
from tests.history.household import METER, at, moment, steady

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026, six in the evening."""
    monkeypatch.setattr(history, "now", lambda: at("2026-11-24 18:00"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the person's history is."""
    return tmp_path / "xdg" / "data" / "linkytui"


def fill(folder: Path, samples: Iterator[Sample]) -> None:
    with Importer(folder, now=at("2026-11-24 18:00")) as importer:
        importer.import_samples(samples)


@pytest.fixture(scope="session")
def recorded_autumn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1200 W from 20 October on, with the recorder off on 10 November from 06:00 to 18:00."""
    folder, start = tmp_path_factory.mktemp("autumn"), at("2026-10-20")
    fill(folder, steady(start, at("2026-11-10 06:00"), step=60.0))
    fill(folder, steady(at("2026-11-10 18:00"), at("2026-11-24 18:00"), step=60.0, since=start))
    return folder


@pytest.fixture
def autumn(recorded_autumn: Path, folder: Path) -> None:
    """That autumn is in the person's history."""
    shutil.copytree(recorded_autumn, folder)


def night_and_day() -> Iterator[Sample]:
    """23 November: 600 W, off-peak for its first eight hours."""
    for number in range(24 * 60):
        registers = {"HC": min(number, 480) * 10, "HP": max(number - 480, 0) * 10}
        now = at("2026-11-23") + number * 60
        yield Sample(at=now, power=600, registers=registers, meter=METER, contract=Contract.HPHC, limit_kva=6.0)


def run(capsys: Capture, *arguments: str) -> str:
    assert cli.run(["history", *arguments]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


def objects(capsys: Capture, *arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run(capsys, "--json", *arguments).splitlines()]


def starts(spans: list[dict[str, Any]]) -> list[str]:
    return [span["start"][:10] for span in spans]


@pytest.mark.usefixtures("autumn")
def test_an_object_is_what_the_contract_says(capsys: Capture) -> None:
    (span,) = objects(capsys, "--from", "2026-11-10", "--to", "2026-11-10")
    assert span == {
        "start": "2026-11-10T00:00:00+01:00",
        "end": "2026-11-11T00:00:00+01:00",
        "wh": {"BASE": 28_800},
        "power_va": {"mean": 1200, "min": 1200, "max": 1200, "max_at": "2026-11-10T00:00:00+01:00"},
        "estimated_wh": 14_420,
        "covered_s": 43_140,
        "eur": {"BASE": 5.76, "subscription": 0.53, "total": 6.29},
    }


@pytest.mark.usefixtures("autumn")
def test_without_dates_there_are_as_many_lines_as_make_sense(capsys: Capture) -> None:
    days = starts(objects(capsys))
    assert (days[0], days[-1], len(days)) == ("2026-10-26", "2026-11-24", 30)
    hours = objects(capsys, "--by", "hour")
    assert [span["start"][11:13] for span in hours] == [f"{hour:02}" for hour in range(18)]
    assert starts(objects(capsys, "--by", "month")) == ["2026-10-01", "2026-11-01"]
    (year,) = objects(capsys, "--by", "year")
    # The last sample is a minute before six.
    assert year["wh"] == {"BASE": (35 * 24 + 18 + 1) * 1200 - 20}


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(
    ("dates", "first", "last", "count"),
    [
        (["--from", "2026-11-03", "--to", "2026-11-05"], "2026-11-03", "2026-11-05", 3),
        (["--from", "2026-11", "--to", "2026-11"], "2026-11-01", "2026-11-30", 30),
        (["--from", "yesterday"], "2026-11-23", "2026-11-24", 2),
        (["--from", "hier", "--to", "aujourd'hui"], "2026-11-23", "2026-11-24", 2),
        (["--from", "today"], "2026-11-24", "2026-11-24", 1),
        (["--to", "2026-10-22"], "2026-10-20", "2026-10-22", 3),
        (["--from", "2026-11-24T17:00"], "2026-11-24", "2026-11-24", 1),
    ],
)
def test_dates_are_days_months_years_and_words(
    capsys: Capture, dates: list[str], first: str, last: str, count: int
) -> None:
    days = starts(objects(capsys, *dates))
    assert (days[0], days[-1], len(days)) == (first, last, count)


@pytest.mark.usefixtures("autumn")
def test_the_day_on_which_the_clock_goes_back_has_25_hours(capsys: Capture) -> None:
    hours = objects(capsys, "--by", "hour", "--from", "2026-10-25", "--to", "2026-10-25")
    assert len(hours) == 25
    assert [span["wh"]["BASE"] for span in hours] == [1200] * 25
    (day,) = objects(capsys, "--from", "2026-10-25", "--to", "2026-10-25")
    assert day["wh"] == {"BASE": 30_000}


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--from", "2026-13"], "2026-13 is not a date: write 2026-11-24, 2026-11, 2026, today or yesterday."),
        (["--from", "24/11/2026"], "24/11/2026 is not a date"),
        (["--from", "2026-02-30"], "2026-02-30 is not a date"),
        (["--from", "0001"], "0001 is not a date"),
        (["--from", "2026-11-24T25:00"], "2026-11-24T25:00 is not a date"),
        (["--from", "2026-12", "--to", "2026-11"], "--from (2026-12) must be before --to (2026-11)."),
        (["--json", "--csv"], "Use either --json or --csv, not both."),
        (["--json", "--plot"], "--plot goes without --json and --csv."),
        (["--plot", "--csv"], "--plot goes without --json and --csv."),
    ],
)
def test_what_cannot_be_is_wrong_usage_in_one_line(capsys: Capture, arguments: list[str], text: str) -> None:
    assert cli.run(["history", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"linkytui: {text}")
    assert err.count("\n") == 1


def test_before_anything_is_recorded_it_says_what_to_do(capsys: Capture) -> None:
    assert cli.run(["history"]) == 1
    assert capsys.readouterr().err == (
        "linkytui: Nothing recorded yet: run linkytui collect, or import older records with linkytui import.\n"
    )


@pytest.mark.usefixtures("autumn")
def test_a_time_outside_the_record_is_said(capsys: Capture) -> None:
    for dates in (["--from", "2027-03"], ["--to", "2025"], ["--from", "2024", "--to", "2025"]):
        assert cli.run(["history", *dates]) == 1
        text = "linkytui: Nothing was recorded then: the history runs from 2026-10-20 to 2026-11-24.\n"
        assert capsys.readouterr().err == text


def test_days_without_a_record_are_no_table(folder: Path, capsys: Capture) -> None:
    fill(folder, steady(at("2026-09-20"), at("2026-09-21"), step=60.0))
    assert cli.run(["history"]) == 1
    text = "linkytui: Nothing was recorded then: the history runs from 2026-09-20 to 2026-09-20.\n"
    assert capsys.readouterr() == ("", text)


@pytest.mark.usefixtures("autumn")
def test_values_come_as_a_table_with_units_in_its_names(capsys: Capture) -> None:
    rows = list(csv.DictReader(run(capsys, "--csv", "--from", "2026-11-10", "--to", "2026-11-11").splitlines()))
    assert rows[0] == {
        "start": "2026-11-10T00:00:00+01:00",
        "end": "2026-11-11T00:00:00+01:00",
        "BASE_wh": "28800",
        "total_wh": "28800",
        "estimated_wh": "14420",
        "covered_s": "43140",
        "power_mean_va": "1200",
        "power_min_va": "1200",
        "power_max_va": "1200",
        "power_max_at": "2026-11-10T00:00:00+01:00",
        "BASE_eur": "5.76",
        "subscription_eur": "0.53",
        "total_eur": "6.29",
    }
    assert len(rows) == 2


@pytest.mark.usefixtures("autumn")
def test_people_read_kilowatt_hours_with_estimates_marked(capsys: Capture) -> None:
    lines = run(capsys, "--from", "2026-11-09", "--to", "2026-11-10").splitlines()
    texts = [" ".join(line.split()) for line in lines if line.strip()]
    assert texts[0] == "Day Total kWh EUR Mean VA Peak VA Recorded"
    assert texts[2:] == [
        "Mon 9 Nov 2026 28.80 6.29 1,200 1,200 00:00 100%",
        "Tue 10 Nov 2026 ~28.80 6.29 1,200 1,200 00:00 50%",
        "Sum ~57.60 12.58",
    ]


@pytest.mark.usefixtures("autumn")
def test_french_readers_get_french_numbers(capsys: Capture) -> None:
    out = run(capsys, "--lang", "fr", "--by", "month")
    words = out.replace("\N{NO-BREAK SPACE}", " ")
    assert "octobre 2026" in words
    assert "346,8" in words
    assert "~684,0" in words
    assert "1 200" in words


def test_registers_stand_side_by_side_in_words(folder: Path, capsys: Capture) -> None:
    fill(folder, night_and_day())
    (line,) = [line for line in run(capsys, "--by", "year").splitlines() if line.strip().startswith("2026")]
    assert line.split()[:4] == ["2026", "5", "10", "14"]
    out = run(capsys)
    assert "Off-peak" in out
    assert "Peak" in out


def test_what_each_register_cost_stands_below_the_table(folder: Path, capsys: Capture) -> None:
    fill(folder, night_and_day())
    *_table, below = run(capsys, "--by", "year").splitlines()
    told = re.fullmatch(r"EUR: Off-peak (\d+\.\d\d), Peak (\d+\.\d\d), subscription (\d+\.\d\d)", below)
    assert told is not None
    (year,) = [json.loads(line) for line in run(capsys, "--by", "year", "--json").splitlines()]
    assert [float(amount) for amount in told.groups()] == [year["eur"][name] for name in ("HC", "HP", "subscription")]


def test_a_long_time_without_a_record_takes_one_line(folder: Path, capsys: Capture) -> None:
    fill(folder, steady(at("2026-11-01"), at("2026-11-02"), step=60.0, meter="041234567890"))
    fill(folder, steady(at("2026-11-20"), at("2026-11-21"), step=60.0, meter="041234567891"))
    lines = [" ".join(line.split()) for line in run(capsys).splitlines() if line.strip()]
    assert [line.split()[0] for line in lines[2:]] == ["Sun", "...", "Fri", "...", "Sum"]


def test_a_plain_terminal_gets_plain_characters(folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folder, steady(at("2026-11-23"), at("2026-11-24"), step=60.0))
    monkeypatch.setenv("LINKYTUI_SCREEN_ASCII", "true")
    assert run(capsys).isascii()


def test_a_running_day_is_measured_by_what_has_passed(folder: Path, capsys: Capture) -> None:
    fill(folder, steady(at("2026-11-24"), at("2026-11-24 18:00") + 60, step=60.0))
    assert " 100%" in run(capsys)
    assert moment("2026-11-24 18:00") == datetime.fromtimestamp(history.now(), moment("2026-11-24").tzinfo)


@pytest.mark.usefixtures("autumn")
def test_a_plot_has_a_bar_a_day_with_its_energy_and_estimates_marked(capsys: Capture) -> None:
    monday, tuesday, axis, figures, *below = run(
        capsys, "--plot", "--from", "2026-11-09", "--to", "2026-11-10"
    ).splitlines()
    assert re.fullmatch(r"Mon 9 Nov 2026  ┤█+[▏▎▍▌▋▊▉]? 28\.80", monday)
    assert re.fullmatch(r"Tue 10 Nov 2026 ┤█+[▏▎▍▌▋▊▉]? ~28\.80", tuesday)
    assert axis.count("┬") == len(figures.split()) - 1
    assert figures.split() == ["0", "10", "20", "30", "kWh"]
    assert below == ["Sum ~57.60 kWh", "~ partly estimated: used while nothing was recorded"]


def test_registers_of_a_plot_are_told_apart_without_colours(folder: Path, capsys: Capture) -> None:
    fill(folder, night_and_day())
    out = run(capsys, "--plot", "--by", "year")
    year = next(line for line in out.splitlines() if line.startswith("2026"))
    assert re.fullmatch(r"2026 ┤█+▒+ 14", year)
    assert year.count("▒") == pytest.approx(2 * year.count("█"), abs=2)
    assert "█ Off-peak  ▒ Peak" in out.splitlines()


@pytest.mark.usefixtures("autumn")
def test_a_plot_speaks_french_and_is_as_wide_as_columns_says(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    lines = run(capsys, "--plot", "--lang", "fr", "--by", "month").splitlines()
    assert [line.split("┤")[0].strip() for line in lines[:2]] == ["octobre 2026", "novembre 2026"]
    assert lines[0].endswith(" 346,8")
    assert max(map(len, lines[:4])) <= 60
    assert lines[4].startswith("Somme ~1\N{NO-BREAK SPACE}030,8 kWh")


@pytest.mark.usefixtures("autumn")
def test_a_plot_for_a_plain_terminal_is_ascii(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKYTUI_SCREEN_ASCII", "true")
    assert run(capsys, "--plot", "--by", "hour").isascii()


def test_a_long_time_without_a_record_is_one_row_of_a_plot(folder: Path, capsys: Capture) -> None:
    fill(folder, steady(at("2026-11-01"), at("2026-11-02"), step=60.0, meter="041234567890"))
    fill(folder, steady(at("2026-11-20"), at("2026-11-21"), step=60.0, meter="041234567891"))
    lines = run(capsys, "--plot").splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["Sun", "...", "Fri", "..."]
    assert [line.partition("┤")[2] for line in (lines[1], lines[3])] == ["", ""]


@pytest.mark.usefixtures("autumn")
def test_a_wrong_stretch_is_removed_and_restored(capsys: Capture) -> None:
    """Days, both included, as everywhere; the last ones come back."""

    def told(*arguments: str) -> str:
        assert cli.run(["history", *arguments]) == 0
        return capsys.readouterr().out

    def refused(*arguments: str, status: int = 1) -> str:
        assert cli.run(["history", "forget", *arguments]) == status
        return capsys.readouterr().err.strip()

    whole = told("--json", "--by", "year")
    assert "There is nothing to restore." in refused("--undo")
    assert told("forget", "--from", "2000", "--to", "2099").startswith("Removed: ")
    assert refused("--from", "2000", "--to", "2099") == "linkytui: Nothing is recorded then."
    assert told("forget", "--undo").startswith("Restored: ")
    assert told("--json", "--by", "year") == whole
    assert "Say from when to when" in refused("--from", "2026-01", status=2)
    assert "--undo goes without" in refused("--undo", "--to", "2026-01", status=2)
    assert "must be before" in refused("--from", "2026-02", "--to", "2026-01", status=2)


@pytest.mark.usefixtures("autumn")
def test_months_are_billing_periods_where_these_are_set(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKYTUI_BILLING_DAY", "12")
    spans = objects(capsys, "--by", "month")
    assert starts(spans) == ["2026-10-12", "2026-11-12"]
    assert sum(span["wh"]["BASE"] for span in spans) == (35 * 24 + 18 + 1) * 1200 - 20
    assert "12 Oct - 11 Nov 2026" in run(capsys, "--by", "month")
