"""The commands of `docs/history.md` for backup, restore and rescue, carried out as they stand there."""

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from linkytui.history import HistoryReader, HistoryWriter, Importer
from linkytui.history.schema import FILE_NAME
from tests.history.household import at, steady

PAGE = Path(__file__).parents[2] / "docs" / "history.md"
START, END = at("2026-11-23"), at("2026-11-24")

pytestmark = pytest.mark.skipif(shutil.which("sqlite3") is None, reason="needs the program sqlite3")


def commands(holding: str) -> str:
    """The block of commands in which this is found, without those for systemd."""
    blocks = re.findall(r"(?:^    .*\n)+", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    (block,) = (block for block in blocks if holding in block)
    return re.sub(r"^.*systemctl.*\n", "", block, flags=re.MULTILINE)


def do(script: str, home: Path, folder: Path) -> str:
    done = subprocess.run(
        ["bash", "-ec", script],
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the history of a person with a day's record is."""
    folder = tmp_path / ".local" / "share" / "linkytui"
    with Importer(folder, now=END) as importer:
        importer.import_samples(steady(START, END))
    return folder


def recorded(folder: Path) -> list[tuple[int, int]]:
    """Every hour with its Wh."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        return connection.execute("SELECT hour, wh FROM hours ORDER BY hour").fetchall()


def test_a_backup_made_while_it_is_written_is_restored(tmp_path: Path, folder: Path) -> None:
    before = recorded(folder)
    writer = HistoryWriter(folder, monotonic=None)
    do(commands("VACUUM INTO"), tmp_path, tmp_path)
    writer.close()
    (backup,) = tmp_path.glob("history-*.db")
    backup.rename(tmp_path / "history-2026-11-24.db")
    (folder / FILE_NAME).write_bytes(b"lost")
    do(commands("cp ~/"), tmp_path, tmp_path)
    assert recorded(folder) == before
    with Importer(folder, now=END) as importer:
        assert importer.import_samples(steady(START, END)).added == 0


def test_a_damaged_file_is_rescued(tmp_path: Path, folder: Path) -> None:
    before = recorded(folder)
    damaged = folder / f"{FILE_NAME}.damaged-2026-11-24"
    (folder / FILE_NAME).rename(damaged)
    with closing(sqlite3.connect(damaged)) as connection:
        page, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    with damaged.open("r+b") as file:
        file.seek((page - 2) * size)
        file.write(b"\xff" * size)
    do(commands(".dump"), tmp_path, folder)
    (folder / "rescued.db").rename(folder / FILE_NAME)
    assert recorded(folder) == before
    assert HistoryReader(folder).recorded() is not None
    with Importer(folder, now=END) as importer:
        importer.import_samples(())
