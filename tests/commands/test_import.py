"""`linkytui import`: older records, taken in once, with words for what was done and what cannot be."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from influxdb import InfluxDBClient

from linkytui import cli
from linkytui.captures.form import Chunk
from linkytui.commands import import_
from linkytui.history import HistoryReader, Importer
from linkytui.imports import recordings
from tests.captures.made import recording
from tests.history.household import at, quiet_writer, steady, total
from tests.imports.conftest import influxd
from tests.imports.files import curve, ends
from tests.imports.test_recordings import frame
from tests.lines import PATIENCE, historic_frame
from tests.outputs.callbacks import linkypy
from tests.servers import InfluxServer

__all__ = ["influxd"]

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _november(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 24 November 2026."""
    monkeypatch.setattr(import_, "now", lambda: at("2026-11-24 18:00"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the person's history is."""
    return tmp_path / "xdg" / "data" / "linkytui"


@pytest.fixture
def enedis(tmp_path: Path) -> Path:
    """Two days of half hours at 600 W."""
    path = tmp_path / "Enedis_Conso_Heure.csv"
    path.write_text(curve([(end.isoformat(), "600") for end in ends("2026-06-01", "2026-06-03", 30)]))
    return path


def run(capsys: Capture, *arguments: str | Path) -> tuple[list[str], str]:
    assert cli.run(["import", *map(str, arguments)]) == 0
    out, err = capsys.readouterr()
    return out.splitlines(), err


def refused(capsys: Capture, *arguments: str | Path, status: int = 1) -> str:
    assert cli.run(["import", *map(str, arguments)]) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_a_dry_run_says_what_would_be_done_and_does_nothing(enedis: Path, folder: Path, capsys: Capture) -> None:
    assert run(capsys, enedis, "--dry-run") == (
        [
            f"{enedis}: from 1 June 2026 00:00 to 3 June 2026 00:00",
            "  records 48: BASE 28.800 kWh",
            "  new 48 (28.800 kWh), recorded already 0",
            "  it is: Enedis, load curve, every 30 minutes",
            "  Nothing was changed: this was a dry run.",
        ],
        "",
    )
    assert not folder.exists()


def test_the_second_time_changes_nothing(enedis: Path, folder: Path, capsys: Capture) -> None:
    assert run(capsys, enedis)[0][2] == "  new 48 (28.800 kWh), recorded already 0"
    before = total(folder)
    assert run(capsys, enedis, "--dry-run")[0][2] == "  new 0 (0.000 kWh), recorded already 48"
    assert run(capsys, enedis)[0][2] == "  new 0 (0.000 kWh), recorded already 48"
    assert total(folder) == before == {"BASE": 28_800}


def test_what_the_meter_recorded_itself_stays(enedis: Path, folder: Path, capsys: Capture) -> None:
    with Importer(folder, now=at("2026-06-03")) as importer:
        importer.import_samples(steady(at("2026-06-01 12:00"), at("2026-06-02"), step=60.0))
    assert run(capsys, enedis, "--dry-run")[0][2] == "  new 36 (21.600 kWh), recorded already 12"
    assert run(capsys, enedis)[0][2] == "  new 36 (21.600 kWh), recorded already 12"
    assert total(folder) == {"BASE": 36 * 600 + 12 * 1200 - 20}


def test_off_peak_hours_split_enedis_energy(enedis: Path, folder: Path, capsys: Capture) -> None:
    run(capsys, enedis, "--off-peak", "01:30-08:00", "--off-peak", "12:30-14:00")
    assert total(folder) == {"HC": 2 * 8 * 600, "HP": 2 * 16 * 600}


def test_a_register_may_be_named(enedis: Path, folder: Path, capsys: Capture) -> None:
    run(capsys, enedis, "--register", "HP")
    assert total(folder) == {"HP": 28_800}


def test_a_recording_is_imported(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    chunks = [Chunk(number * 30.0, frame(1_000_000 + number * 10)) for number in range(100)]
    path = recording(tmp_path / "a.linky.gz", chunks)
    lines, _err = run(capsys, path)
    assert lines == [
        f"{path}: from 23 November 2026 18:04 to 23 November 2026 18:53",
        "  records 100: HP 0.990 kWh",
        "  new 100, recorded already 0",
    ]
    assert cli.run(["history", "--json", "--by", "year"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["wh"] == {"HP": 990}


def test_a_dump_needs_a_beginning(tmp_path: Path, folder: Path, capsys: Capture) -> None:
    path = tmp_path / "a.tic"
    path.write_bytes(historic_frame() * 20)
    assert "give its start, as in --start" in refused(capsys, path)
    assert "5 o'clock is not a date" in refused(capsys, path, "--start", "5 o'clock", status=2)
    run(capsys, path, "--start", "2026-11-01T10:00")
    recorded = HistoryReader(folder).recorded()
    assert recorded is not None
    assert 0 < recorded[0] - at("2026-11-01 10:00") < 3


def test_while_another_writes_it_is_refused_with_a_remedy(enedis: Path, folder: Path, capsys: Capture) -> None:
    writer = quiet_writer(folder)
    try:
        err = refused(capsys, enedis)
        assert f"(process {os.getpid()}) is already writing the history" in err
        assert "stop it (as a service: systemctl stop linkytui), import, and start it again." in err
        assert run(capsys, enedis, "--dry-run")[0][-1].strip() == "Nothing was changed: this was a dry run."
    finally:
        writer.close()


def test_what_cannot_be_read_is_said_with_its_remedy(tmp_path: Path, enedis: Path, capsys: Capture) -> None:
    assert "There is no recording nowhere" in refused(capsys, "nowhere")
    assert "is a folder" in refused(capsys, tmp_path)
    (tmp_path / "notes.txt").write_text("milk\n" * 100)
    assert "contains nothing that a meter sends" in refused(capsys, tmp_path / "notes.txt")
    (tmp_path / "prices.csv").write_text("a;b\n1;2\n")
    assert "is not a table of consumption that linkytui knows" in refused(capsys, tmp_path / "prices.csv")
    assert "22h is not a time range" in refused(capsys, enedis, "--off-peak", "22h", status=2)


def test_the_future_is_refused(enedis: Path, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_, "now", lambda: at("2026-06-02"))
    for options in ([], ["--dry-run"]):
        assert "Records dated 2026-06-02 are in the future" in refused(capsys, enedis, *options)
    assert HistoryReader(folder).recorded() is None


def test_a_password_is_never_printed(capsys: Capture) -> None:
    for url in ("influxdb://me:deep@127.0.0.1:1/linky", "influxdb://me:deep@127.0.0.1:x/linky"):
        assert "deep" not in refused(capsys, url)


def test_an_interrupted_import_says_how_to_go_on(
    tmp_path: Path, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = recording(tmp_path / "a.linky", [Chunk(number * 30.0, frame(1_000_000 + number)) for number in range(300)])
    whole = recordings._samples
    calls = []

    def torn(*arguments: object, **options: object) -> object:
        calls.append(1)
        for number, sample in enumerate(whole(*arguments, **options)):  # type: ignore[arg-type]
            if len(calls) > 1 and number == 250:
                raise KeyboardInterrupt
            yield sample

    monkeypatch.setattr(recordings, "_samples", torn)
    assert cli.run(["import", str(path)]) == 130
    assert capsys.readouterr().err.strip() == "Interrupted: run the same command again to continue."
    monkeypatch.setattr(recordings, "_samples", whole)
    run(capsys, path)
    assert total(folder) == {"HP": 299}


def test_a_bar_runs_on_a_terminal_only(enedis: Path) -> None:
    enedis.write_text(enedis.read_text().replace("2026-", "2024-"))  # the program asks the machine's clock
    done = subprocess.run(
        [sys.executable, "-m", "linkytui", "import", str(enedis)], capture_output=True, timeout=PATIENCE, check=True
    )
    assert done.stderr == b""
    main, other = os.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "linkytui", "import", str(enedis)], stdout=subprocess.PIPE, stderr=other
    ) as process:
        os.close(other)
        seen = b""
        while True:
            try:
                seen += os.read(main, 4096)
            except OSError:
                break
        assert process.wait(PATIENCE) == 0
    os.close(main)
    assert b"100%" in seen
    assert enedis.name.encode() in seen


def test_linkypys_database_is_imported_by_the_settings_or_by_its_address(
    influxd: InfluxServer, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = InfluxDBClient("127.0.0.1", influxd.port, timeout=PATIENCE)
    linkypy.make_database(client, "linky")
    now = int(time.time())
    monkeypatch.setattr(import_, "now", time.time)
    points = [
        {
            "measurement": "linky",
            "time": now - 600 + number * 10,
            "tags": linkypy._tags(now),
            "fields": {"PAPP": 1800, "HCHC": 1_000_000, "HCHP": 2_000_000 + number * 5},
        }
        for number in range(60)
    ]
    client.write_points(points, time_precision="s", retention_policy="linky_rp", database="linky")
    client.close()
    url = f"influxdb://127.0.0.1:{influxd.port}/linky"
    assert run(capsys, url, "--dry-run")[0][1] == "  records 60: HP 0.295 kWh"
    monkeypatch.setenv("INFLUXDB_SERVICE_HOST", "127.0.0.1")
    monkeypatch.setenv("INFLUXDB_SERVICE_PORT", str(influxd.port))
    lines, _err = run(capsys, "influxdb://")
    assert lines[0].startswith(f"{url}: from ")
    assert lines[2] == "  new 60, recorded already 0"
    assert total(folder) == {"HP": 295}
    recorded = HistoryReader(folder).recorded()
    assert recorded == (now - 600, now - 10)
    assert run(capsys, url)[0][2] == "  new 0, recorded already 60"
