"""Programs that are killed in the middle of a roll-up, an import, a migration and a backup."""

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from linkytui.history import HistoryReader
from linkytui.history.schema import FILE_NAME, MIGRATIONS, open_for_writing
from tests.faults.dying import END, RECORDED, START, STEPS
from tests.history.household import quiet_writer, record, steady, total
from tests.lines import PATIENCE

pytestmark = pytest.mark.usefixtures("heavy")

TRIES = 40
Record = Callable[[str, object], None]


def run(step: str, folder: Path, instructions: int) -> subprocess.CompletedProcess[str]:
    """Do a step in a process of its own, to its end or to so many instructions."""
    command = [sys.executable, "-m", "tests.faults.dying", step, str(folder), str(instructions)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


def deaths(step: str, made: Path, folder: Path) -> Iterator[Path]:
    """Copies of a history, each left by a step that was killed somewhere within it."""
    whole = shutil.copytree(made, folder / "whole")
    needed = run(step, whole, 1 << 60)
    assert needed.returncode == 0, needed.stderr
    chance = random.Random(step)  # noqa: S311 -- the same moments each time
    for number in range(TRIES):
        copy = shutil.copytree(made, folder / str(number))
        done = run(step, copy, chance.randrange(int(needed.stdout)))
        assert done.returncode == -signal.SIGKILL, done.stderr
        yield copy
        shutil.rmtree(copy)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A history of an hour."""
    record(tmp_path / "made", steady(START, START + RECORDED))
    return tmp_path / "made"


def test_killed_during_a_roll_up(tmp_path: Path, made: Path, record_property: Record) -> None:
    lost = 0
    for folder in deaths("roll-up", made, tmp_path):
        kept = len(HistoryReader(folder).samples(limit=100_000))
        writer = quiet_writer(folder)
        for sample in steady(END, END + 600, since=START):
            writer.hear(sample)
        writer.close()
        assert len(HistoryReader(folder).samples(limit=100_000)) == kept + 60
        lost += int(END + 590 - START) // 3 - total(folder)["BASE"]
    record_property("tries", TRIES)
    record_property("wh", lost)
    assert lost == 0


def test_killed_during_an_import(tmp_path: Path, made: Path, record_property: Record) -> None:
    lost = 0
    for folder in deaths("import", made, tmp_path):
        STEPS["import"](folder)
        lost += rows(tmp_path / "whole", "samples") - rows(folder, "samples")
        assert tables(folder) == tables(tmp_path / "whole")
    record_property("tries", TRIES)
    record_property("frames", lost)
    record_property("wh", 0)


def test_killed_during_a_migration(tmp_path: Path, made: Path, record_property: Record) -> None:
    with closing(sqlite3.connect(made / FILE_NAME)) as file:
        names = {row[0] for row in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        with closing(sqlite3.connect(":memory:")) as first:
            for statement in MIGRATIONS[0]:
                first.execute(statement)
            old = {row[0] for row in first.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for name in names - old:
            file.execute(f"DROP TABLE {name}")
        # Hours that somebody else counted, which the second version keeps in a table of their own.
        file.execute("INSERT INTO meters (id, number) VALUES (99, '041999999999')")
        code = file.execute("SELECT id FROM registers WHERE name = 'BASE'").fetchone()[0]
        file.executemany(
            "INSERT INTO hours (hour, meter, register, frames, power_sum, wh, estimated_wh)"
            " VALUES (?, 99, ?, 0, 0, 7, 0)",
            ((hour, code) for hour in range(400_000, 405_000)),
        )
        file.execute("PRAGMA user_version = 1")
        file.commit()
    for folder in deaths("migration", made, tmp_path):
        open_for_writing(folder / FILE_NAME).close()
        with closing(sqlite3.connect(folder / FILE_NAME)) as file:
            assert file.execute("PRAGMA user_version").fetchone()[0] == len(MIGRATIONS)
            assert file.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert tables(folder) == tables(tmp_path / "whole")
    record_property("tries", TRIES)
    record_property("wh", 0)


def test_killed_during_a_backup(tmp_path: Path, made: Path, record_property: Record) -> None:
    for folder in deaths("backup", made, tmp_path):
        assert tables(folder) == tables(made)
        (folder / "copy.db").unlink(missing_ok=True)
        STEPS["backup"](folder)
        (folder / "copy.db").replace(folder / FILE_NAME)
        assert tables(folder) == tables(made)
    record_property("tries", TRIES)
    record_property("wh", 0)


def test_a_backup_of_a_writer_that_is_killed(tmp_path: Path, record_property: Record) -> None:
    chance = random.Random(4)  # noqa: S311 -- the same moments each time
    folder, copies, first = tmp_path / "home", tmp_path / "copies", 0
    copies.mkdir()
    for number in range(20):
        writer = subprocess.Popen(
            [sys.executable, "-m", "tests.history.killed_writer", str(folder), str(first)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        for _ in range(chance.randrange(1, 30)):
            first = int(writer.stdout.readline())
        with closing(sqlite3.connect(folder / FILE_NAME)) as file:
            copy = copies / str(number)
            copy.mkdir()
            if chance.choice([True, False]):
                writer.kill()
            file.execute("VACUUM INTO ?", (str(copy / FILE_NAME),))
        writer.kill()
        with writer.stdout as rest:
            for line in rest:
                first = int(line)
        writer.wait(PATIENCE)
        first += 1
        kept = HistoryReader(copy).samples(limit=1_000_000)
        assert [sample.registers for sample in kept] == [
            sample.registers for sample in HistoryReader(folder).samples(limit=len(kept))
        ]
        assert total(copy) == {"BASE": kept[-1].registers["BASE"] - kept[0].registers["BASE"]}
    record_property("tries", 20)
    record_property("wh", 0)


def tables(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that a history tells."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as file:
        return {
            name: file.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()  # noqa: S608
            for name in ("hours", "minutes", "stretches", "gaps", "sightings", "told", "meters")
        }


def rows(folder: Path, table: str) -> int:
    """How many rows a table has."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as file:
        count: int = file.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        return count
