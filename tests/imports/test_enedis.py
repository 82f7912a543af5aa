"""Enedis' files: every shape gives exact hours, and what is no such file is refused in words."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from linkytui.civil.off_peak import OffPeak
from linkytui.history import HistoryReader, HourEnergy, Importer
from linkytui.imports.bundle import entries
from linkytui.imports.model import Hours, Older, SourceError
from linkytui.imports.tables.source import open_table
from tests.imports.files import PARIS, PREAMBLE, PRM, curve, ends, write_workbook

SUMMER = ("2026-06-01", "2026-06-02")


def opened(path: Path, off_peak: str | None = None, register: str = "BASE") -> Older:
    hours = None if off_peak is None else OffPeak.of([off_peak])
    (entry,) = entries(path)
    return open_table(entry, PARIS, register=register, off_peak=hours)


def hours_of(older: Older) -> list[HourEnergy]:
    """The hours that the history has when these records were taken in."""
    with TemporaryDirectory() as folder:
        for part in older.parts:
            assert isinstance(part, Hours)
            with Importer(Path(folder)) as importer:
                importer.import_told(part.told, part.meter)
        return list(
            HistoryReader(Path(folder)).hours(datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
        )


def read(tmp_path: Path, text: str, **options: str) -> list[HourEnergy]:
    path = tmp_path / "enedis.csv"
    path.write_bytes(text.encode("utf-8-sig"))
    return hours_of(opened(path, **options))


def at(text: str) -> int:
    return round(datetime.fromisoformat(text).astimezone(PARIS).timestamp())


def refused(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        opened(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_load_curve_tells_the_ends_of_its_half_hours(tmp_path: Path) -> None:
    rows = [(end.isoformat(), str(400 + 10 * number)) for number, end in enumerate(ends(*SUMMER, 30))]
    hours = read(tmp_path, curve(rows))
    assert [hour.start for hour in hours] == list(
        range(at("2026-06-01T00:00+02:00"), at("2026-06-02T00:00+02:00"), 3600)
    )
    assert [hour.wh["BASE"] for hour in hours] == [405 + 20 * number for number in range(24)]
    assert not any(hour.estimated_wh for hour in hours)


def test_the_meter_is_the_delivery_point(tmp_path: Path) -> None:
    path = tmp_path / "enedis.csv"
    path.write_text(curve([(end.isoformat(), "400") for end in ends(*SUMMER, 60)]))
    (part,) = opened(path).parts
    assert isinstance(part, Hours)
    assert part.meter == f"PRM {PRM}"


@pytest.mark.parametrize("minutes", [10, 15, 30, 60])
def test_no_rounding_loses_energy(tmp_path: Path, minutes: int) -> None:
    rows = [(end.isoformat(), "541") for end in ends("2026-06-01", "2026-06-08", minutes)]
    assert sum(hour.wh["BASE"] for hour in read(tmp_path, curve(rows))) == 541 * 24 * 7


@pytest.mark.parametrize(("day", "count"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_on_which_the_clock_changes_have_all_their_hours(tmp_path: Path, day: str, count: int) -> None:
    following = f"{day[:-2]}{int(day[-2:]) + 1:02}"
    rows = [(end.isoformat(), "600") for end in ends(day, following, 30)]
    without_offset = [(text[:19], watts) for text, watts in rows]
    for content in (rows, without_offset, without_offset[::-1]):
        hours = read(tmp_path, curve(content, step="30"))
        assert [hour.wh["BASE"] for hour in hours] == [600] * count
        assert len({hour.start for hour in hours}) == count


def test_a_curve_of_beginnings_is_known_by_its_days(tmp_path: Path) -> None:
    rows = [(datetime.fromtimestamp(end.timestamp() - 600, PARIS).isoformat(), "300") for end in ends(*SUMMER, 10)]
    hours = read(tmp_path, curve(rows))
    assert (len(hours), hours[0].start) == (24, at("2026-06-01T00:00+02:00"))


def test_a_step_that_changed_in_the_file_is_followed(tmp_path: Path) -> None:
    rows = [(end.isoformat(), "300") for end in ends("2026-06-01", "2026-06-02", 60)]
    rows += [(end.isoformat(), "900") for end in ends("2026-06-02", "2026-06-03", 30)]
    hours = read(tmp_path, curve(rows))
    assert [hour.wh["BASE"] for hour in hours] == [300] * 24 + [900] * 24


def test_hours_that_are_told_in_part_are_left_out_and_said(tmp_path: Path) -> None:
    rows = [(end.isoformat(), "" if end.hour == 12 else "400") for end in ends(*SUMMER, 30)]
    path = tmp_path / "enedis.csv"
    path.write_text(curve(rows))
    older = opened(path)
    hours = hours_of(older)
    # 12:00 ends the half hour from 11:30, 12:30 the one from 12:00.
    assert {datetime.fromtimestamp(hour.start, PARIS).hour for hour in hours} == set(range(24)) - {11, 12}
    assert older.notes == (f"Hours left out because {path} covers only part of them: 2.",)


def test_everything_may_stand_on_every_line(tmp_path: Path) -> None:
    lines = [
        "Identifiant PRM;Date de début;Date de fin;Grandeur physique;Grandeur métier;Etape métier;Unité;Horodate;"
        "Valeur;Nature;Pas;Indice de vraisemblance;Etat complémentaire"
    ]
    lines += [
        f"{PRM};2026-06-01 00:00:00;2026-06-02 00:00:00;PA;CONS;BRUT;W;{end:%Y-%m-%d %H:%M:%S};692;B;PT30M;0;0"
        for end in ends(*SUMMER, 30)
    ]
    assert [hour.wh for hour in read(tmp_path, "\n".join(lines))] == [{"BASE": 692}] * 24


def test_stretches_in_kilowatts_with_decimal_commas(tmp_path: Path) -> None:
    lines = ["Export", "Type de comptage : ;Consommation Horaire", "", "Début;Fin;Valeur (en kW)"]
    for end in ends("2026-10-25", "2026-10-26", 30):
        start = datetime.fromtimestamp(end.timestamp() - 1800, PARIS)
        lines.append(f"{start:%d/%m/%Y %H:%M:%S};{end:%d/%m/%Y %H:%M:%S};4,030")
    assert [hour.wh for hour in read(tmp_path, "\n".join(lines))] == [{"BASE": 4030}] * 25


def test_energy_per_interval_is_not_taken_for_power(tmp_path: Path) -> None:
    rows = [(end.isoformat(), "250") for end in ends(*SUMMER, 30)]
    assert [hour.wh["BASE"] for hour in read(tmp_path, curve(rows, unit="Wh"))] == [500] * 24


def test_days_are_spread_and_marked(tmp_path: Path) -> None:
    text = f',,\n,Point Référence Mesure (PRM) : ,{PRM}\n,Date,Valeur (en kWh)\n,29/03/2026,"6,329"\n,30/03/2026,NA\n'
    path = tmp_path / "days.csv"
    path.write_text(text)
    older = opened(path)
    hours = hours_of(older)
    assert len(hours) == 23
    assert sum(hour.wh["BASE"] for hour in hours) == 6329
    assert max(hour.wh["BASE"] for hour in hours) - min(hour.wh["BASE"] for hour in hours) <= 1
    assert all(hour.estimated_wh for hour in hours)
    assert "marked as estimated" in older.notes[0]


INDEX = "\n".join(
    [
        PREAMBLE.removesuffix(";Pas en minutes"),
        f"{PRM};Index;12/04/2026;18/04/2026;Energie active;Consommation;Comptage Brut;Wh",
        "Horodate;Type de releve;EAS F1;EAS F2;EAS F3;EAS D1;EAS T",
        "2026-04-12T00:00:00+02:00;Arrêté quotidien;1000;2000;;3000;3000",
        "2026-04-13T00:00:00+02:00;Arrêté quotidien;6000;4400;;10400;10400",
        "2026-04-14T00:00:00+02:00;Arrêté quotidien;6001;9000;;15001;15001",
    ]
)
CALENDAR = (
    "Periode;Identifiant calendrier fournisseur;Libelle calendrier fournisseur;Identifiant classe temporelle 1;"
    "Libelle classe temporelle 1;Cadran classe temporelle 1;Identifiant classe temporelle 2;"
    "Libelle classe temporelle 2;Cadran classe temporelle 2\n"
    "Du 2026-04-12T00:00:00+02:00 au;AA000000;Option;HP;Heures Pleines;EAS F2;HC;Heures Creuses;EAS F1\n"
)


@pytest.mark.parametrize(("rest", "names"), [(f"\n{CALENDAR}", ("HC", "HP")), ("", ("EASF01", "EASF02"))])
def test_daily_registers_keep_the_names_that_the_file_gives_them(
    tmp_path: Path, rest: str, names: tuple[str, str]
) -> None:
    hours = read(tmp_path, INDEX + rest)
    assert len(hours) == 48
    assert {name: sum(hour.wh.get(name, 0) for hour in hours) for name in names} == dict(
        zip(names, (5001, 7000), strict=True)
    )
    assert sum(hours[0].wh.values()) == 7400 // 24


def test_a_register_that_fell_tells_nothing(tmp_path: Path) -> None:
    fell = INDEX.replace(";6001;9000;", ";5;9000;")
    assert len(read(tmp_path, fell)) == 24


def test_off_peak_hours_split_a_curve(tmp_path: Path) -> None:
    rows = [(end.isoformat(), "600") for end in ends(*SUMMER, 30)]
    hours = read(tmp_path, curve(rows), off_peak="22:30-06:30")
    total = {name: sum(hour.wh.get(name, 0) for hour in hours) for name in ("HC", "HP")}
    assert total == {"HC": 8 * 600, "HP": 16 * 600}
    assert hours[22].wh == {"HP": 300, "HC": 300}


def test_the_register_may_be_named(tmp_path: Path) -> None:
    rows = [(end.isoformat(), "600") for end in ends(*SUMMER, 30)]
    assert {*read(tmp_path, curve(rows), register="HP")[0].wh} == {"HP"}


def test_workbooks_are_read_sheet_by_sheet(tmp_path: Path) -> None:
    home = [(6, "B", "Les données de ce fichier")]
    days: list[tuple[int, str, str | float]] = [
        (8, "B", "Point Référence Mesure (PRM) :"),
        (8, "C", PRM),
        (8, "E", "Type de comptage :"),
        (8, "F", "Consommation Quotidienne"),
        (14, "B", "Date"),
        (14, "C", "Valeur (en kWh)"),
        (15, "B", "01/06/2026"),
        (15, "C", 15.064),
        (16, "B", 46175.0),  # 2 June 2026 as Excel counts days
        (16, "C", "2,4"),
    ]
    production = [
        (row, column, "Production" if value == "Consommation Quotidienne" else value) for row, column, value in days
    ]
    older = opened(write_workbook(tmp_path / "export.xlsx", [home, days, production]))
    hours = hours_of(older)
    assert sum(hour.wh["BASE"] for hour in hours[:24]) == 15_064
    assert sum(hour.wh["BASE"] for hour in hours) == 17_464
    assert hours[24].start == at("2026-06-02T00:00+02:00")


def test_what_is_no_consumption_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "enedis.csv"
    rows = [(end.isoformat(), "600") for end in ends(*SUMMER, 30)]
    path.write_text(curve(rows, metier="Production"))
    assert refused(path) == f"{path}: it contains production. Import the file of your consumption instead."
    path.write_text(curve([(text, "") for text, _watts in rows]))
    assert "energy" in refused(path)
    path.write_text("Date;Valeur (en kVA)\n01/06/2026;5\n")
    assert "energy" in refused(path)
    path.write_text("a,b\n1,2\n")
    assert "is not a table of consumption that linkytui knows" in refused(path)
    path.write_text(curve(rows[:1]))
    assert "contains no whole hour" in refused(path)


@pytest.mark.parametrize(
    "row",
    [
        ("2026-06-01T00:30:00+02:00", "4x"),
        ("yesterday", "400"),
        ("2026-06-01T00:30", "-1"),
        ("2026-06-01T00:30", "99999999999999999999"),
    ],
)
def test_a_line_that_makes_no_sense_is_named(tmp_path: Path, row: tuple[str, str]) -> None:
    path = tmp_path / "enedis.csv"
    path.write_text(curve([("2026-06-01T00:30:00+02:00", "400"), row]))
    assert refused(path).startswith(f"{path}, line 6: {row[1] if row[0][0] == '2' else row[0]} makes no sense there.")


def test_files_that_are_no_workbooks_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    path.write_bytes(b"PK\x03\x04 and no more")
    assert "is not a readable Excel workbook" in refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet")
    assert "is not a readable Excel workbook" in refused(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    assert "is an old Excel workbook" in refused(path)


def test_other_encodings_are_read(tmp_path: Path) -> None:
    lines = "Début;Fin;Valeur (en kW)\n01/06/2026 00:00;01/06/2026 01:00;1,5\n"
    for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(lines.encode(encoding))
        assert [hour.wh for hour in hours_of(opened(path))] == [{"BASE": 1500}], encoding


def test_two_delivery_points_are_not_mixed(tmp_path: Path) -> None:
    rows = [(end.isoformat(), "600") for end in ends(*SUMMER, 30)]
    path = tmp_path / "enedis.csv"
    path.write_text(curve(rows) + curve(rows).replace(PRM, "98765432109876"))
    assert "several delivery points" in refused(path)
