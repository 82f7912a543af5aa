"""`linkytui export`: the history as files for other programs, whole or not at all."""

import csv
import errno
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import IO

import pytest

from linkytui import cli
from linkytui.commands import export
from linkytui.history import Importer, Sample
from linkytui.outputs.exporting import formats
from linkytui.reading import Contract
from tests.history.household import METER, PARIS, at, steady

Capture = pytest.CaptureFixture[str]
DAY = ("--from", "2026-11-23", "--to", "2026-11-23")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two days at 1200 W, to 18:00 on 24 November 2026."""
    monkeypatch.setattr(export, "now", lambda: at("2026-11-24 18:00"))
    folder = tmp_path / "xdg" / "data" / "linkytui"
    with Importer(folder, now=at("2026-11-24 18:00")) as importer:
        importer.import_samples(steady(at("2026-11-23"), at("2026-11-24 18:00"), step=30.0))
    return folder


def exported(path: Path, *arguments: str) -> None:
    assert cli.run(["export", *arguments, str(path)]) == 0


def refused(capsys: Capture, *arguments: str | Path, status: int = 1) -> str:
    assert cli.run(["export", *map(str, arguments)]) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def leftovers(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in tmp_path.iterdir() if path.name != "xdg")


def test_hours_are_rows_with_units_in_their_names(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "a.csv"
    exported(path, *DAY)
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert len(rows) == 24
    assert rows[0] == {
        "start": "2026-11-23T00:00:00+01:00",
        "end": "2026-11-23T01:00:00+01:00",
        "BASE_wh": "1200",
        "total_wh": "1200",
        "estimated_wh": "0",
        "covered_s": "3600",
        "power_mean_va": "1200",
        "power_min_va": "1200",
        "power_max_va": "1200",
        "power_max_at": "2026-11-23T00:00:00+01:00",
    }
    assert capsys.readouterr().err == f"{path}: rows 24\n"


def test_the_same_rows_in_every_format(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    for name in ("a.csv", "a.jsonl", "a.parquet"):
        exported(tmp_path / name, *DAY)
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text().splitlines()))
    assert [{name: str(value) for name, value in line.items()} for line in lines] == rows
    table = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    for line, row in zip(lines, table, strict=True):
        assert {**line, "start": row["start"], "end": row["end"], "power_max_at": row["power_max_at"]} == row
        assert datetime.fromisoformat(line["start"]) == row["start"]


@pytest.mark.parametrize(("by", "count"), [("day", 2), ("hour", 42), ("minute", 42 * 60), ("sample", 42 * 120)])
def test_every_resolution_holds_all_energy(tmp_path: Path, by: str, count: int) -> None:
    path = tmp_path / "a.jsonl"
    exported(path, "--by", by)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(rows) == count
    if by == "sample":
        assert rows[0] == {
            "at": "2026-11-23T00:00:00.000+01:00",
            "meter": METER,
            "power_va": 1200,
            "period": "BASE",
            "BASE_index_wh": 5_000_000,
        }
        assert rows[-1]["BASE_index_wh"] - rows[0]["BASE_index_wh"] == 42 * 1200 - 10
        moments = [datetime.fromisoformat(row["at"]).timestamp() for row in rows]
        assert all(after - before == 30 for before, after in pairwise(moments))
    else:
        assert sum(row["total_wh"] for row in rows) == 42 * 1200 - 10
        assert [row["start"] for row in rows] == sorted(row["start"] for row in rows)


def test_a_register_that_did_not_rise_has_its_value_in_each_frame(tmp_path: Path) -> None:
    def samples() -> Iterator[Sample]:
        for number in range(60):
            registers = {"HC": 4_000_000, "HP": 6_000_000 + number}
            yield Sample(at("2026-11-24 18:00") + number * 60, 900, "HP", registers, contract=Contract.HPHC)

    with Importer(tmp_path / "other", now=at("2026-11-24 19:00")) as importer:
        importer.import_samples(samples())
    (tmp_path / "config.toml").write_text(f'[history]\nfolder = "{tmp_path}/other"\n')
    exported(tmp_path / "a.jsonl", "--by", "sample", "--config", str(tmp_path / "config.toml"))
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert {row["HC_index_wh"] for row in rows} == {4_000_000}
    assert [row["HP_index_wh"] for row in rows] == [6_000_000 + number for number in range(60)]


def test_what_is_given_to_the_grid_has_a_column_of_its_own(tmp_path: Path) -> None:
    def samples() -> Iterator[Sample]:
        for number in range(60):
            now = at("2026-11-24 18:00") + number * 60
            registers = {"BASE": 6_000_000, "INJECTED": number * 5}
            yield Sample(
                at=now,
                power=0,
                registers=registers,
                injected_power=300,
                meter=METER,
                contract=Contract.BASE,
                period="BASE",
            )

    with Importer(tmp_path / "xdg" / "data" / "linkytui", now=at("2026-11-24 19:00")) as importer:
        importer.import_samples(samples())
    for by in ("hour", "minute", "sample"):
        exported(tmp_path / f"{by}.jsonl", "--by", by, "--from", "2026-11-24T18:00")
    hour = json.loads((tmp_path / "hour.jsonl").read_text().splitlines()[-1])
    assert hour["injected_wh"] == 59 * 5
    minutes = [json.loads(line) for line in (tmp_path / "minute.jsonl").read_text().splitlines()]
    assert sum(minute["injected_wh"] for minute in minutes) == 59 * 5
    assert {minute["power_max_va"] for minute in minutes} == {0}
    sample = json.loads((tmp_path / "sample.jsonl").read_text().splitlines()[-1])
    assert (sample["injected_power_va"], sample["INJECTED_index_wh"]) == (300, 59 * 5)


def test_the_standard_output_takes_text(capsys: Capture) -> None:
    assert cli.run(["export", "-", *DAY, "--by", "day"]) == 0
    out, err = capsys.readouterr()
    assert [line.split(",")[0] for line in out.splitlines()] == ["start", "2026-11-23T00:00:00+01:00"]
    assert err == ""
    assert cli.run(["export", "-", "--format", "jsonl", *DAY, "--by", "day"]) == 0
    assert json.loads(capsys.readouterr().out)["total_wh"] == 28_800
    assert "cannot be written to standard output" in refused(capsys, "-", "--format", "parquet", status=2)


def test_a_file_that_is_there_is_kept_unless_forced(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine")
    assert "already exists: choose another name, or overwrite it with --force." in refused(capsys, path)
    assert path.read_text() == "mine"
    exported(path, "--force")
    assert path.read_text().startswith("start,")
    assert leftovers(tmp_path) == ["a.csv"]


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("mine")

    def full(_table: object, _rows: object, _out: IO[str]) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(formats, "_write_csv", full)
    assert "The disk is full" in refused(capsys, path, "--force")
    assert path.read_text() == "mine"
    assert leftovers(tmp_path) == ["a.csv"]


@pytest.mark.parametrize(
    ("out", "text", "status"),
    [
        ("folder", "is a folder", 1),
        ("nowhere/a.csv", "There is no folder", 1),
        ("a.txt", "Add --format csv, jsonl or parquet", 2),
    ],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, capsys: Capture, out: str, text: str, status: int) -> None:
    (tmp_path / "folder").mkdir()
    form = ["--format", "csv"] if status == 1 else []
    assert text in refused(capsys, *form, tmp_path / out, status=status)


def test_parquet_says_what_it_needs(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    err = refused(capsys, tmp_path / "a.parquet")
    assert "pip install pyarrow" in err
    assert leftovers(tmp_path) == []


def test_a_time_without_a_record_is_said(tmp_path: Path, capsys: Capture) -> None:
    assert "the history runs from 2026-11-23 to 2026-11-24" in refused(capsys, tmp_path / "a.csv", "--to", "2025")
    assert "is not a date" in refused(capsys, tmp_path / "a.csv", "--from", "never", status=2)


def test_times_are_those_of_the_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKYTUI_HISTORY_TIMEZONE", "Indian/Reunion")
    path = tmp_path / "a.jsonl"
    exported(path, "--by", "hour")
    first = json.loads(path.read_text().splitlines()[0])
    assert first["start"] == "2026-11-23T03:00:00+04:00"
    assert datetime.fromisoformat(first["start"]).astimezone(PARIS).hour == 0
