"""Every table that people have is read to the watt-hour, whichever comes first; what cannot be known is refused."""

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkytui import cli
from linkytui.civil.days import ONE_DAY, midnight
from linkytui.commands import accounts, import_
from linkytui.history import HistoryReader, HourEnergy
from tests.conftest import SHARED
from tests.history.household import at
from tests.imports.curves import LAYOUTS, Half, edf_powers, enedis, halves, other_tool, serial_numbers, total_energies
from tests.imports.files import PARIS, PREAMBLE, PRM, write_workbook
from tests.lines import PATIENCE

Capture = pytest.CaptureFixture[str]
INPUTS = SHARED / "imports"

TWO_DAYS = ("2026-11-10", "2026-11-12")


@pytest.fixture(autouse=True)
def _december(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 1 December 2026."""
    monkeypatch.setattr(import_, "now", lambda: at("2026-12-01"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the person's history is."""
    return tmp_path / "xdg" / "data" / "linkytui"


def hours(folder: Path) -> list[HourEnergy]:
    whole = (datetime(year, 1, 1, tzinfo=UTC) for year in (2000, 2100))
    return list(HistoryReader(folder).hours(*whole))


def told(folder: Path) -> tuple[str, int, int, int]:
    """First hour, hours, Wh, Wh that are estimated."""
    found = hours(folder)
    first = datetime.fromtimestamp(found[0].start, PARIS).isoformat() if found else ""
    return first, len(found), sum(sum(hour.wh.values()) for hour in found), sum(hour.estimated_wh for hour in found)


def take_in(capsys: Capture, *arguments: str | Path) -> str:
    assert cli.run(["import", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def refused(capsys: Capture, *arguments: str | Path) -> str:
    assert cli.run(["import", *map(str, arguments)]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    return err


def written(tmp_path: Path, text: str, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("zone", ["Europe/Paris", "UTC"])
@pytest.mark.parametrize(
    ("first", "last", "begins"),
    [
        (*TWO_DAYS, "2026-11-10T00:00:00+01:00"),
        ("2026-10-24", "2026-10-27", "2026-10-24T00:00:00+02:00"),
        ("2026-03-28", "2026-03-30", "2026-03-28T00:00:00+01:00"),
    ],
)
def test_every_layout_tells_the_same(
    layout: Callable[[Sequence[Half]], str],
    zone: str,
    first: str,
    last: str,
    begins: str,
    tmp_path: Path,
    folder: Path,
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", zone)
    rows = halves(first, last)
    take_in(capsys, written(tmp_path, layout(rows)))
    assert told(folder) == (begins, len(rows) // 2, sum(row.watts for row in rows) // 2, 0)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    layout=st.sampled_from(LAYOUTS),
    day=st.integers(0, 27),
    month=st.integers(1, 11),
    watts=st.lists(st.integers(0, 9000).map(lambda number: 2 * number), min_size=3, max_size=9),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    compressed=st.booleans(),
)
def test_any_curve_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    layout: Callable[[Sequence[Half]], str],
    day: int,
    month: int,
    watts: list[int],
    encoding: str,
    compressed: bool,
) -> None:
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    start = date(2026, month, day + 1)
    rows = halves(str(start), str(start + ONE_DAY), lambda place: watts[place % len(watts)] + 2)
    data = layout(rows).removeprefix("\ufeff").encode(encoding)
    path = folder / ("table.csv.gz" if compressed else "table.csv")
    path.write_bytes(gzip.compress(data) if compressed else data)
    assert cli.run(["import", str(path)]) == 0
    found = hours(folder / "linkytui")
    pairs = list(zip(rows[::2], rows[1::2], strict=True))
    assert [hour.start for hour in found] == [round(one.start.timestamp()) for one, _other in pairs]
    assert sum(sum(hour.wh.values()) for hour in found) == sum(row.watts for row in rows) // 2
    assert all(
        abs(sum(hour.wh.values()) - (one.watts + other.watts) / 2) <= 1
        for hour, (one, other) in zip(found, pairs, strict=True)
    )


def test_a_dry_run_names_what_each_is(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    rows = halves(*TWO_DAYS)
    paths = [
        written(tmp_path, layout(rows), f"{layout.__name__}.csv") for layout in (enedis, edf_powers, total_energies)
    ]
    out = take_in(capsys, "--dry-run", *paths)
    assert [line.strip() for line in out.splitlines() if "it is" in line] == [
        "it is: Enedis, load curve, every 30 minutes",
        "it is: EDF, powers reached, every 30 minutes",
        "it is: TotalEnergies, load curve, every 30 minutes",
    ]
    assert not folder.exists()


def test_several_files_and_zips_of_weeks_are_one_record(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    days = [halves(f"2026-11-{day:02}", f"2026-11-{day + 1:02}") for day in range(1, 11)]
    archive = tmp_path / "weeks.zip"
    with zipfile.ZipFile(archive, "w") as weeks:
        for place, rows in enumerate(days[:6]):
            weeks.writestr(f"week/{place}.csv", enedis(rows))
        weeks.writestr("__MACOSX/week/._0.csv", b"\0\5\26\7")
    rest = [written(tmp_path, enedis(rows), f"{place}.csv") for place, rows in enumerate(days[6:])]
    take_in(capsys, *rest, archive)
    rows = [row for day in days for row in day]
    assert told(folder)[1:] == (240, sum(row.watts for row in rows) // 2, 0)


def test_what_cannot_be_taken_in_does_not_hold_up_the_rest(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    good = written(tmp_path, enedis(halves(*TWO_DAYS)))
    bad = written(tmp_path, "Date;Prix (€)\n01/11/2026;3\n", "prices.csv")
    worse = written(tmp_path, "milk\n", "notes.csv")
    assert cli.run(["import", *map(str, (bad, good, worse))]) == 1
    err = capsys.readouterr().err
    assert err.count("is not a table of consumption that linkytui knows. It expects a heading with times") == 2
    assert "The file begins with: milk" in err
    assert "http" not in err
    assert "enedis.fr" not in err
    assert told(folder)[1] == 48


INDEX_HEADING = "Horodate;Type de releve;EAS F1;EAS F2;EAS F3;EAS F4;EAS F5;EAS F6;EAS T"
TEMPO = (("BUHC", "HCJB"), ("BUHP", "HPJB"), ("BCHC", "HCJW"), ("BCHP", "HPJW"), ("RHC", "HCJR"), ("RHP", "HPJR"))


def calendar(*periods: tuple[str, str, Sequence[str]]) -> str:
    columns = ";".join(
        f"Identifiant classe temporelle {n};Libelle classe temporelle {n};Cadran classe temporelle {n}"
        for n in range(1, 7)
    )
    lines = [
        f"Du {start} au{' ' + end if end else ''};FC000001;Option;"
        + ";".join(f"{name};{name};EAS F{n}" for n, name in enumerate([*names, *[""] * (6 - len(names))], 1))
        for start, end, names in periods
    ]
    return "\n".join([f"Periode;Identifiant calendrier fournisseur;Libelle calendrier fournisseur;{columns}", *lines])


def indexes(rows: Sequence[tuple[str, Sequence[int | None]]], calendars: str) -> str:
    preamble = PREAMBLE.removesuffix(";Pas en minutes")
    facts = f"{PRM};Index;01/01/2026;31/12/2026;Energie active;Consommation;Comptage Brut;Wh"
    lines = []
    for when, values in rows:
        cells = ["" if value is None else str(value) for value in [*values, *[None] * (6 - len(values))]]
        lines.append(f"{when};Arrêté quotidien;{';'.join(cells)};{sum(value or 0 for value in values)}")
    return "\n".join([preamble, facts, INDEX_HEADING, *lines, calendars])


def test_a_tempo_meter_keeps_its_registers(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    rows = [
        ("2026-03-28T00:00:00+01:00", [1000, 2000, 300, 400, 50, 60]),
        ("2026-03-29T00:00:00+01:00", [3000, 7000, 300, 400, 50, 60]),
        ("2026-03-30T01:00:00+02:00", [3000, 7000, 2300, 4400, 50, 60]),
        ("2026-03-31T01:00:00+02:00", [3000, 7000, 2300, 4400, 2050, 3061]),
    ]
    text = indexes(rows, calendar(("2026-01-01T00:00:00+01:00", "", [code for code, _name in TEMPO])))
    take_in(capsys, written(tmp_path, text))
    sums: dict[str, int] = {}
    for hour in hours(folder):
        for name, wh in hour.wh.items():
            sums[name] = sums.get(name, 0) + wh
    assert sums == {"HCJB": 2000, "HPJB": 5000, "HCJW": 2000, "HPJW": 4000, "HCJR": 2000, "HPJR": 3001}
    assert told(folder)[:2] == ("2026-03-28T00:00:00+01:00", 72)


def test_a_calendar_that_changes_changes_the_names_that_day(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    rows: list[tuple[str, Sequence[int | None]]] = [
        ("2026-01-31T00:00:00+01:00", [1000]),
        ("2026-02-01T00:00:00+01:00", [4000]),
        ("2026-02-02T00:00:00+01:00", [5000, 700]),
    ]
    change = "2026-02-01T00:00:00+01:00"
    text = indexes(rows, calendar(("2026-01-01T00:00:00+01:00", change, ["BASE"]), (change, "", ["HC", "HP"])))
    take_in(capsys, written(tmp_path, text))
    found = hours(folder)
    assert {name for hour in found[:24] for name in hour.wh} == {"BASE"}
    assert sum(hour.wh["BASE"] for hour in found[:24]) == 3000
    assert {name: sum(hour.wh[name] for hour in found[24:]) for name in ("HC", "HP")} == {"HC": 1000, "HP": 700}


def test_registers_and_a_curve_tell_together_how_much_and_when(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The registers' sums are kept; each hour draws its share of them as the curve says, and is not estimated."""
    rows = halves("2026-11-10", "2026-11-11", lambda place: 200 if place < 24 else 600)
    curve = written(tmp_path, enedis(rows), "curve.csv")
    index = written(
        tmp_path,
        indexes(
            [("2026-11-10T00:00:00+01:00", [0, 0]), ("2026-11-11T00:00:00+01:00", [3200, 6400])],
            calendar(("2026-01-01T00:00:00+01:00", "", ["HC", "HP"])),
        ),
        "index.csv",
    )
    for place, order in enumerate(permutations((curve, index))):
        home = tmp_path / str(place)
        monkeypatch.setenv("XDG_DATA_HOME", str(home))
        take_in(capsys, *order)
        found = hours(home / "linkytui")
        assert {name: sum(hour.wh[name] for hour in found) for name in ("HC", "HP")} == {"HC": 3200, "HP": 6400}
        assert sum(sum(hour.wh.values()) for hour in found[:12]) == pytest.approx(2400, abs=12)
        assert not any(hour.estimated_wh for hour in found)


def test_registers_in_whole_kilowatt_hours_only_say_which_counted(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """EDF's registers are rounded: 4.8 kWh of half hours stay 4.8, a quarter of them off-peak."""
    heading = "Récapitulatif de mes index\n\nDate de relevé de l'index;Type d'index;Index Heures pleines (kWh)"
    lines = "11/11/2026;Index transmis;103;201\n10/11/2026;Index transmis;100;200\n"
    index = written(tmp_path, f"{heading};Index Heures creuses (kWh)\n{lines}", "index.csv", "cp1252")
    curve = written(tmp_path, enedis(halves("2026-11-10", "2026-11-11", lambda _place: 200)), "curve.csv")
    for place, order in enumerate(permutations((curve, index))):
        home = tmp_path / str(place)
        monkeypatch.setenv("XDG_DATA_HOME", str(home))
        take_in(capsys, *order)
        found = hours(home / "linkytui")
        assert {name: sum(hour.wh[name] for hour in found) for name in ("HC", "HP")} == {"HC": 1200, "HP": 3600}
        assert not any(hour.estimated_wh for hour in found)


def test_the_finer_counts_and_the_rest_of_a_day_is_what_remains(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = written(tmp_path, "Date;Valeur (en kWh)\n10/11/2026;12\n", "day.csv")
    half = written(tmp_path, enedis(halves("2026-11-10", "2026-11-11", lambda _place: 300)[:24]), "half.csv")
    for place, order in enumerate(permutations((day, half, half))):
        home = tmp_path / str(place)
        monkeypatch.setenv("XDG_DATA_HOME", str(home))
        take_in(capsys, *order)
        found = hours(home / "linkytui")
        assert [sum(hour.wh.values()) for hour in found] == [300] * 12 + [700] * 12
        assert [hour.estimated_wh for hour in found] == [0] * 12 + [700] * 12


def test_two_sheets_that_tell_the_same_days_count_once(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    days: list[tuple[int, str, str | float]] = [
        (1, "C", "Date"),
        (1, "D", "Valeur (en kWh)"),
        (2, "C", "10/11/2026"),
        (2, "D", 9.6),
    ]
    fine: list[tuple[int, str, str | float]] = [(1, "C", "Début"), (1, "D", "Fin"), (1, "E", "Valeur (en kW)")]
    for place, row in enumerate(halves("2026-11-10", "2026-11-11", lambda _place: 400), 2):
        fine += [
            (place, "C", f"{row.start:%d/%m/%Y %H:%M:%S}"),
            (place, "D", f"{row.end:%d/%m/%Y %H:%M:%S}"),
            (place, "E", 0.4),
        ]
    out = take_in(capsys, write_workbook(tmp_path / "two.xlsx", [days, fine]))
    assert "records 24: BASE 9.600 kWh" in out
    assert told(folder)[1:] == (24, 9600, 0)


def test_one_file_goes_on_where_another_ends(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    """They name no delivery point, or another way of counting: the hour between them is not lost."""
    first, second = halves("2026-11-08", "2026-11-10"), halves("2026-11-10", "2026-11-12")
    take_in(capsys, written(tmp_path, edf_powers(first), "edf.csv"), written(tmp_path, total_energies(second)))
    assert told(folder)[1:3] == (96, sum(row.watts for row in first + second) // 2)


def test_two_homes_are_never_one(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    rows = halves(*TWO_DAYS)
    take_in(capsys, written(tmp_path, total_energies(rows)))
    other = written(tmp_path, total_energies(rows).replace(PRM, "98765432109876"), "other.csv")
    assert "two homes cannot be mixed" in refused(capsys, other)
    assert "two homes cannot be mixed" in refused(capsys, other, "--dry-run")


def test_what_cannot_be_known_is_refused_and_may_be_said(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    rows = halves(*TWO_DAYS)[20:60]
    path = written(tmp_path, other_tool(rows))
    assert "--times begin or --times end" in refused(capsys, path)
    take_in(capsys, path, "--times", "end")
    assert told(folder)[:2] == ("2026-11-10T10:00:00+01:00", 19)
    nothing = written(tmp_path, other_tool(halves(*TWO_DAYS)).replace(" (W)", ""), "unit.csv")
    assert "does not say the unit" in refused(capsys, nothing)
    whole = "\n".join(f"2026-03-29 {clock // 2:02}:{clock % 2 * 30:02}:00;500" for clock in range(1, 48))
    spring = written(tmp_path, f"Horodate;Valeur\n{whole}\n2026-03-30 00:00:00;500\n", "spring.csv")
    assert "a time that does not exist in France" in refused(capsys, spring)


def test_an_hour_that_came_twice_and_is_told_once_is_left_out(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    whole = "\n".join(f"2026-10-25 {hour:02}:00:00;600" for hour in range(1, 24))
    path = written(tmp_path, f"Horodate;Valeur\n{whole}\n2026-10-26 00:00:00;600\n")
    assert cli.run(["import", str(path)]) == 0
    assert "could be either of the two, left out: 1" in capsys.readouterr().err
    assert told(folder)[1] == 23


@pytest.mark.parametrize(
    "line",
    [
        "0001-01-01T00:00:00;5",
        "9999-12-31T23:30:00+01:00;5",
        f"{'9' * 5000};5",
        f"2026-11-10T00:30:00;{'9' * 5000}",
        f"2026-11-10T00:30:00;1e{'9' * 5000}",
        "2026-11-10T00:30:00;nan1",
        "2026-02-30T00:30:00;5",
        "2026-11-10T25:00:00;5",
    ],
)
def test_numbers_without_measure_give_one_line_of_words(tmp_path: Path, line: str, capsys: Capture) -> None:
    assert "makes no sense there" in refused(capsys, written(tmp_path, f"Horodate;Valeur\n{line}\n"))


def test_a_step_of_five_thousand_digits_is_none(tmp_path: Path, capsys: Capture) -> None:
    facts = f"Identifiant PRM;Unite;Pas en minutes\n{PRM};W;{'9' * 5000}\n"
    path = written(tmp_path, facts + enedis(halves(*TWO_DAYS)))
    assert "records 48" in take_in(capsys, path, "--dry-run")


def test_a_workbook_of_empty_rows_takes_bounded_memory(tmp_path: Path) -> None:
    """More rows than Excel has are refused, and none of them is kept."""
    path = tmp_path / "empty.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        part.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
        for _block in range(200):
            part.write(b"<row/>" * 10_000)
        part.write(b"</sheetData></worksheet>")
    program = (
        # Not ru_maxrss: a child begins with that of the process it was started from.
        "import sys; from linkytui import cli; status = cli.run(sys.argv[1:]);"
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'));"
        "print(int(peak.split()[1]) // 1024); sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "import", str(path)], capture_output=True, timeout=3 * PATIENCE, check=False
    )
    assert done.returncode == 1
    assert b"is not a readable Excel workbook" in done.stderr
    assert int(done.stdout) < 150


def test_days_from_1904_are_refused(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "mac.xlsx"
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", f'<workbook {space}><workbookPr date1904="1"/></workbook>')
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {space}><sheetData/></worksheet>")
    assert "counts its days from 1904" in refused(capsys, path)


def test_serial_days_of_excel_are_days(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    take_in(capsys, written(tmp_path, serial_numbers(halves("2026-11-10", "2026-11-11"))))
    assert told(folder)[0] == "2026-11-10T00:00:00+01:00"


def test_several_counters_of_home_assistant_are_registers_or_refused(
    tmp_path: Path, folder: Path, capsys: Capture
) -> None:
    lines = [
        f"sensor.linky_{name},{start + step * place},2026-11-10T{place:02}:00:00.000Z"
        for name, start, step in (("hchc_kwh", 10, 1), ("hchp_kwh", 20, 2))
        for place in range(5)
    ]
    heading = "entity_id,state,last_changed\n"
    take_in(capsys, written(tmp_path, heading + "\n".join(lines)))
    assert [hour.wh for hour in hours(folder)] == [{"HC": 1000, "HP": 2000}] * 4
    vague = written(tmp_path, heading + "\n".join(lines).replace("hchc", "a").replace("hchp", "b"), "vague.csv")
    assert "has several counters" in refused(capsys, vague)
    power = written(
        tmp_path, heading + "sensor.papp,900,2026-11-10T00:00:00Z\nsensor.papp,40,2026-11-10T01:00:00Z\n", "power.csv"
    )
    assert "none of its sensors counts energy" in refused(capsys, power)


def test_answers_that_are_none_are_refused(tmp_path: Path, capsys: Capture) -> None:
    for text in ("{}", "[1, 2]", '{"interval_reading": []', json.dumps({"a": {"interval_reading": []}})):
        assert "json" in refused(capsys, written(tmp_path, text, "answer.json"))


@pytest.fixture
def inputs() -> Path:
    """The files that people have."""
    if not INPUTS.is_dir():
        pytest.skip("the files that people have are not on this machine")
    return INPUTS


RIGHT = {
    "conso-courbe-30min_12345678901234.csv": ("2026-11-10T00:00:00+01:00", 48, 28_700, 0),
    "mes-puissances-atteintes-30min-000000000-75000.csv": ("2026-11-10T00:00:00+01:00", 72, 42_750, 0),
    "ma-conso-quotidienne-elec-000000000-75000.csv": ("2026-11-01T00:00:00+01:00", 480, 180_000, 180_000),
    "totalenergies-conso.csv": ("2026-11-10T00:00:00+01:00", 48, 28_700, 0),
    "date-time-conso-w.csv": ("2026-11-10T00:00:00+01:00", 48, 28_700, 0),
    "export-debut-fin-Kw.csv": ("2026-11-10T00:00:00+01:00", 48, 28_700, 0),
    "export-xlsx-en-csv-virgules.csv": ("2026-11-10T00:00:00+01:00", 48, 28_700, 0),
    "deux-feuilles-jour-et-demi-heure.xlsx": ("2026-11-10T00:00:00+01:00", 48, 19_200, 0),
    "courbe-octobre-2026.csv": ("2026-10-24T00:00:00+02:00", 73, 31_375, 0),
    "courbe-mars-2024.csv": ("2024-03-01T00:00:00+01:00", 791, 316_400, 0),
    "horaire-changement-heure.xlsx": ("2026-10-25T00:00:00+02:00", 25, 10_600, 0),
    "enedis-index-tempo-real.csv": ("2024-01-10T00:00:00+01:00", 4728, 3_469_220, 3_469_220),
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("zone", ["Europe/Paris", "UTC"])
def test_the_files_that_people_have(
    name: str, zone: str, inputs: Path, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    take_in(capsys, inputs / name)
    assert told(folder) == RIGHT[name]


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(["quotidienne.xlsx", "horaire.xlsx", "deux-feuilles-jour-et-demi-heure.xlsx"]))
def test_in_any_order_the_finer_counts(
    order: list[str], inputs: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    assert cli.run(["import", *(str(inputs / name) for name in order)]) == 0
    assert told(home / "linkytui") == ("2026-11-10T00:00:00+01:00", 48, 19_200, 0)


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(
        [
            "conso-courbe-30min_12345678901234.csv",
            "ma-conso-quotidienne-elec-000000000-75000.csv",
            "totalenergies-conso.csv",
            "export-debut-fin-Kw.csv",
        ]
    )
)
def test_half_hours_of_several_tools_and_days_in_any_order(
    order: list[str], inputs: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """180 kWh by days from the 1st to the 20th; the curves tell two of them, of 15 kWh by day, which have 28.7."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    assert cli.run(["import", *(str(inputs / name) for name in order)]) == 0
    assert told(home / "linkytui") == ("2026-11-01T00:00:00+01:00", 480, 28_700 + 165_000, 165_000)


def test_a_real_curve_of_21_months_keeps_its_sum(inputs: Path, folder: Path, capsys: Capture) -> None:
    take_in(capsys, inputs / "enedis-courbe-21-mois-real.csv.gz")
    first, count, wh, estimated = told(folder)
    assert first == "2022-10-24T00:00:00+02:00"
    assert (count > 15_000, estimated) == (True, 0)
    assert wh > 10_000_000


def bill(tmp_path: Path, month: str, capsys: Capture) -> dict[str, str]:
    """What each line of a month costs, and the whole, at 6 kVA and the regulated tariff."""
    config = tmp_path / "xdg" / "config" / "linkytui" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("[meter]\npower_kva = 6\n")
    assert cli.run(["cost", "--month", month, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    lines = {line.get("register", "subscription"): f"{line['amount_eur']:.2f}" for line in shown["lines"]}
    return lines | {"total": f"{shown['total_eur']:.2f}"}


def begin(year: int, month: int, day: int) -> str:
    """When a day begins, as Enedis writes it."""
    return datetime.fromtimestamp(midnight(date(year, month, day)), PARIS).isoformat()


def test_a_tempo_index_has_its_bill(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """March 2026, 31 days of 2 kWh blue off-peak and 4 kWh blue peak; the 31st 1 kWh red peak besides."""
    monkeypatch.setattr(accounts, "now", lambda: at("2026-12-01"))
    rows = []
    for day in range(32):
        red = 1000 if day == 31 else 0
        when = begin(2026, 3, 1 + day) if day < 31 else begin(2026, 4, 1)
        rows.append((when, [2000 * day, 4000 * day, 0, 0, 0, red]))
    text = indexes(rows, calendar(("2026-01-01T00:00:00+01:00", "", [code for code, _name in TEMPO])))
    take_in(capsys, written(tmp_path, text))
    # The regulated tariff from 1 February 2026: 62 kWh × 0.1325, 124 kWh × 0.1612, 1 kWh × 0.706.
    march = {"HCJB": "8.22", "HPJB": "19.99", "HPJR": "0.71", "subscription": "15.59", "total": "44.51"}
    assert {name: eur for name, eur in bill(tmp_path, "2026-03", capsys).items() if eur != "0.00"} == march


def test_a_real_tempo_february_by_hand(
    inputs: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The indexes of 1 February and 1 March 2024, times the regulated tariff of 1 February 2024, at 6 kVA.

    17,725,529 - 17,542,729 = 182.800 kWh × 0.1296 = 23.69088; 979,014 - 816,881 = 162.133 × 0.1609 = 26.0872;
    320,341 - 234,764 = 85.577 × 0.1486 = 12.71674; 377,308 - 271,710 = 105.598 × 0.1894 = 20.00026;
    204,099 - 177,152 = 26.947 × 0.1568 = 4.22529; 259,510 - 229,825 = 29.685 × 0.7562 = 22.4478; 12.96.
    """
    monkeypatch.setattr(accounts, "now", lambda: at("2026-12-01"))
    take_in(capsys, inputs / "enedis-index-tempo-real.csv")
    assert bill(tmp_path, "2024-02", capsys) == {
        "HCJB": "23.69",
        "HPJB": "26.09",
        "HCJW": "12.72",
        "HPJW": "20.00",
        "HCJR": "4.23",
        "HPJR": "22.45",
        "subscription": "12.96",
        "total": "122.14",
    }


def test_six_registers_over_two_months_are_billed_by_the_prices_of_each(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """January and February 2026, each day the registers rise by 3.1, 5.2, 1.1, 2.3, 0.7 and 0.9 kWh; new prices in
    February.

    January, 31 days: 96.1 × 0.1232 = 11.83952, 161.2 × 0.1494 = 24.08328, 34.1 × 0.1391 = 4.74331,
    71.3 × 0.1730 = 12.3349, 21.7 × 0.1460 = 3.1682, 27.9 × 0.6468 = 18.04572, and 15.50.
    February, 28 days: 86.8 × 0.1325 = 11.501, 145.6 × 0.1612 = 23.47072, 30.8 × 0.1499 = 4.61692,
    64.4 × 0.1871 = 12.04924, 19.6 × 0.1575 = 3.087, 25.2 × 0.7060 = 17.7912, and 15.59.
    """
    monkeypatch.setattr(accounts, "now", lambda: at("2026-12-01"))
    rises = (3100, 5200, 1100, 2300, 700, 900)
    days = [begin(2026, 1, 1 + day) for day in range(31)] + [begin(2026, 2, 1 + day) for day in range(28)]
    rows = [
        (when, [10_000_000 + rise * place for rise in rises]) for place, when in enumerate([*days, begin(2026, 3, 1)])
    ]
    text = indexes(rows, calendar(("2025-12-01T00:00:00+01:00", "", [code for code, _name in TEMPO])))
    take_in(capsys, written(tmp_path, text))
    names = [name for _code, name in TEMPO]
    january = ("11.84", "24.08", "4.74", "12.33", "3.17", "18.05")
    february = ("11.50", "23.47", "4.62", "12.05", "3.09", "17.79")
    assert bill(tmp_path, "2026-01", capsys) == dict(zip(names, january, strict=True)) | {
        "subscription": "15.50",
        "total": "89.71",
    }
    assert bill(tmp_path, "2026-02", capsys) == dict(zip(names, february, strict=True)) | {
        "subscription": "15.59",
        "total": "88.11",
    }


def test_a_change_of_calendar_is_billed_by_each(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Base in January, HP/HC in February: 28 days of 3 kWh off-peak and 7 kWh peak."""
    monkeypatch.setattr(accounts, "now", lambda: at("2026-12-01"))
    change = "2026-02-01T00:00:00+01:00"
    rows: list[tuple[str, Sequence[int | None]]] = [(begin(2026, 1, 1 + day), [10_000 * day]) for day in range(31)]
    rows += [(begin(2026, 2, 1 + day), [310_000 + 3000 * day, 7000 * day]) for day in range(28)]
    rows.append((begin(2026, 3, 1), [394_000, 196_000]))
    text = indexes(rows, calendar(("2026-01-01T00:00:00+01:00", change, ["BASE"]), (change, "", ["HC", "HP"])))
    take_in(capsys, written(tmp_path, text))
    assert bill(tmp_path, "2026-01", capsys) == {"BASE": "60.51", "subscription": "15.47", "total": "75.98"}
    # 84 kWh × 0.1579 and 196 kWh × 0.2065.
    assert bill(tmp_path, "2026-02", capsys) == {
        "HC": "13.26",
        "HP": "40.47",
        "subscription": "15.65",
        "total": "69.38",
    }
