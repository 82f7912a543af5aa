"""Inputs that no program should meet: each ends in one line that says what it is, never in "Unexpected error"."""

import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.captures.form import parse_chunk, parse_header
from linkytui.errors import SettingsError
from linkytui.settings.fields import fields
from linkytui.settings.folders import runtime_folder, runtime_remark
from tests.lines import PATIENCE, historic_frame

DIGITS = "9" * 5_000


def run(*arguments: str, **variables: str | None) -> subprocess.CompletedProcess[str]:
    """What a command says, with variables set or (None) taken away."""
    environment = {name: value for name, value in {**os.environ, **variables}.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-m", "linkytui", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        timeout=PATIENCE,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)),
    )
    assert "Unexpected error" not in done.stderr
    assert "Traceback" not in done.stderr
    assert all(len(line) < 500 for line in done.stderr.splitlines())
    return done


@pytest.mark.parametrize(
    "text",
    [
        f"[influxdb]\nport = {DIGITS}",
        f"[tariff]\nbudget = {DIGITS}",
        f"[tariff]\nbudget = {DIGITS[:4000]}",
        f"[meter]\nbaudrate = {DIGITS[:4000]}",
        "[influxdb]\nport = 1e999999999",
        "[tariff]\nbudget = 1e999999999",
        "[history]\nraw_days = 0x" + "f" * 5_000,
        "[influxdb]\nport = inf",
        f"port = {'[' * 100_000}",
        f"[meter]\nport = {DIGITS[:4000]}",
    ],
    ids=range(10),
)
def test_numbers_that_no_setting_can_be(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    done = run("--config", str(path), "config", "show")
    assert done.returncode == 1
    assert done.stderr.startswith(f"linkytui: {path}: ")


_TEXTS = st.one_of(st.text(), st.from_regex(r"-?[0-9]{1,20}(e[0-9]{1,9})?"), st.just(DIGITS))


@given(st.sampled_from(sorted(fields())), _TEXTS)
def test_whatever_a_variable_holds_is_a_value_or_one_line(key: str, text: str) -> None:
    said = ""
    try:
        fields()[key].from_text(text, "HERE")
    except SettingsError as error:
        said = str(error)
    assert len(said) < 1_000


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1969-12-31T00:00:00Z", "2600-01-01T00:00:00Z"]
)
@pytest.mark.parametrize("at", ["0.5", "1e300", "-1e18", "1e18", DIGITS])
def test_recordings_with_impossible_moments(moment: str, at: str, tmp_path: Path) -> None:
    path = tmp_path / "meter.tic"
    said = historic_frame().decode("latin-1").replace("\x02", "\\u0002").replace("\x03", "\\u0003")
    said = said.replace("\n", "\\n").replace("\r", "\\r").replace('"', '\\"')
    path.write_text(
        f'{{"version":1,"started_at":"{moment}","baudrate":1200}}\n[0.1,"{said}"]\n[{at},"{said}"]\n', encoding="utf-8"
    )
    assert run("decode", str(path)).returncode == 0
    done = run("import", str(path))
    assert done.returncode in (0, 1)
    header = parse_header(path.read_bytes().splitlines()[0])
    assert header is not None
    assert header.started_at is None


def test_moments_of_a_recording_are_seconds_since_its_start() -> None:
    assert parse_chunk(b'[0.1,"x"]') is not None
    for at in (b"-0.1", b"1e300", b"1e18"):
        assert parse_chunk(b"[" + at + b',"x"]') is None


@pytest.mark.parametrize("year", ["0001", "0000", "9999", "10000"])
def test_years_that_no_file_of_enedis_has(year: str, tmp_path: Path) -> None:
    path = tmp_path / "curve.csv"
    rows = "".join(f"{year}-01-01T0{hour}:00:00+01:00;500\n" for hour in range(9))
    head = (
        "Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Grandeur metier;Etape metier;Unite"
    )
    what = f"12345678901234;Courbe de charge;01/01/{year};02/01/{year};Energie active;Consommation;;W"
    path.write_text(f"{head}\n{what}\nHorodate;Valeur\n{rows}")
    assert run("import", str(path)).returncode == 1


def test_a_workbook_of_twenty_million_empty_rows_takes_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{space}"/>')
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'<worksheet xmlns="{space}"><sheetData>'.encode())
            for _ in range(200):
                sheet.write(b"<row/>" * 100_000)
            sheet.write(b"</sheetData></worksheet>")
    assert run("import", str(path)).returncode == 1


def test_nobody_without_a_home() -> None:
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
    for arguments in (("config", "path"), ("config", "show"), ("status",), ("history",)):
        run(*arguments, **dict.fromkeys(names))


@pytest.mark.parametrize("mode", [0o755, 0o770])
def test_a_runtime_folder_that_others_may_use_is_left_and_said(
    mode: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "runtime"
    wrong.mkdir()
    wrong.chmod(mode)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(wrong))
    assert not runtime_folder().is_relative_to(wrong)
    assert str(wrong) in runtime_remark()
    wrong.chmod(0o700)
    assert runtime_folder() == wrong / "linkytui"
    assert runtime_remark() == ""
    run("status", XDG_RUNTIME_DIR=str(wrong))


def test_two_homes_of_one_user_never_share_a_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.unix.Unix._default_runtime_dir", lambda self: self._temp_runtime_dir())
    for unusable in (None, str(tmp_path)):  # which is 0755
        tmp_path.chmod(0o755)
        found = set()
        for home in ("a", "b"):
            monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / home))
            if unusable is None:
                monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
            else:
                monkeypatch.setenv("XDG_RUNTIME_DIR", unusable)
            found.add(runtime_folder())
        assert len(found) == 2
