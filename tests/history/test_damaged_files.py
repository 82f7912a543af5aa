"""A history whose database, log or shared memory was damaged: what is lost is told, and nothing false is kept."""

import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from linkytui.errors import HistoryError
from linkytui.history import Condition, HistoryReader
from linkytui.history.importing import Importer
from linkytui.history.schema import FILE_NAME, log_of
from linkytui.history.writer import HistoryWriter
from tests.history.household import at, quiet_writer, steady, total

NOON = at("2026-06-01 12:00")
FLUSHED = 60.0
MINUTES = 90
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a writer leaves that is killed after an hour and a half: the database, its log, the memory they shared."""
    folder, copy = (tmp_path_factory.mktemp(name) for name in ("alive", "killed"))
    writer = quiet_writer(folder)
    for minute in range(MINUTES):
        for sample in steady(NOON + minute * FLUSHED, NOON + (minute + 1) * FLUSHED, since=NOON):
            writer.hear(sample)
        writer.flush()
    for path in folder.glob(f"{FILE_NAME}*"):
        shutil.copy(path, copy)
    writer.close()
    return copy


def again(folder: Path) -> HistoryWriter:
    """A new life of the writer: it hears a minute more, and writes it."""
    writer = quiet_writer(folder)
    start = NOON + MINUTES * FLUSHED
    for sample in steady(start, start + FLUSHED, since=NOON):
        writer.hear(sample)
    writer.flush()
    return writer


def values(folder: Path) -> int:
    """How many single values are kept; they are the first of all, without a hole, and the last minute."""
    times = [sample.at for sample in HistoryReader(folder).samples(limit=100_000)]
    old = [moment for moment in times if moment < NOON + MINUTES * FLUSHED]
    assert old == [NOON + 10 * number for number in range(len(old))]
    assert len(times) - len(old) == 6
    return len(old)


def damage(path: Path, chance: random.Random) -> None:
    """Overwrite some bytes somewhere, as a bad sector or a slip of memory does."""
    data = bytearray(path.read_bytes())
    start = chance.randrange(len(data))
    length = chance.choice([1, 8, 512, 4096])
    data[start : start + length] = bytes(255 - byte for byte in data[start : start + length])
    path.write_bytes(data)


def test_a_killed_writer_whose_files_are_sound_says_nothing(tmp_path: Path, killed: Path) -> None:
    writer = again(shutil.copytree(killed, tmp_path / "home"))
    assert (writer.state.condition, writer.state.text) == (Condition.WRITING, "")
    writer.close()
    assert values(tmp_path / "home") == 6 * MINUTES


@pytest.mark.parametrize("seed", range(40))
def test_what_a_damaged_log_loses_is_told_and_no_energy_with_it(
    tmp_path: Path, killed: Path, seed: int, record_property: Record, caplog: pytest.LogCaptureFixture
) -> None:
    folder = shutil.copytree(killed, tmp_path / "home")
    (folder / f"{FILE_NAME}-shm").unlink()
    damage(log_of(folder / FILE_NAME), random.Random(seed))  # noqa: S311 -- the same damage each time
    writer = again(folder)
    assert writer.state.condition is Condition.WRITING
    writer.close()
    if writer.state.set_aside is not None:
        return  # what was left of the log did not fit the database, which was begun anew
    lost = 6 * MINUTES - values(folder)
    said = [record.message for record in caplog.records if "The log of the history was damaged" in record.message]
    assert len(said) == (lost > 0)
    if lost < 6 * MINUTES:
        expected = int(MINUTES * FLUSHED + FLUSHED - 10) // 3
        assert total(folder) == {"BASE": expected}
        record_property("wh", expected - total(folder)["BASE"])


def test_a_lost_header_of_the_log_is_told(tmp_path: Path, killed: Path) -> None:
    folder = shutil.copytree(killed, tmp_path / "home")
    (folder / f"{FILE_NAME}-shm").unlink()
    with log_of(folder / FILE_NAME).open("r+b") as file:
        file.write(bytes(32))
    writer = again(folder)
    assert "The log of the history was damaged" in writer.state.text or writer.state.set_aside
    writer.close()


def test_a_transaction_that_was_under_way_is_no_damage(tmp_path: Path, killed: Path) -> None:
    """A program that was killed while it wrote leaves pages without the last one, which would make them count."""
    folder = shutil.copytree(killed, tmp_path / "home")
    (folder / f"{FILE_NAME}-shm").unlink()
    log = log_of(folder / FILE_NAME)
    log.write_bytes(log.read_bytes()[: -(4096 + 24)])
    writer = again(folder)
    assert writer.state.text == ""
    writer.close()


def test_who_imports_is_told_too(tmp_path: Path, killed: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = shutil.copytree(killed, tmp_path / "home")
    (folder / f"{FILE_NAME}-shm").unlink()
    log = log_of(folder / FILE_NAME)
    data = bytearray(log.read_bytes())
    data[len(data) // 2] ^= 0xFF
    log.write_bytes(data)
    with Importer(folder, now=NOON):
        pass
    assert "The log of the history was damaged" in caplog.text


@pytest.mark.parametrize("seed", range(20))
def test_damaged_shared_memory_of_a_dead_writer_costs_nothing(
    tmp_path: Path, killed: Path, seed: int, record_property: Record
) -> None:
    folder = shutil.copytree(killed, tmp_path / "home")
    damage(folder / f"{FILE_NAME}-shm", random.Random(seed))  # noqa: S311 -- the same damage each time
    writer = again(folder)
    writer.close()
    assert writer.state.set_aside is None
    lost = 6 * MINUTES - values(folder)
    record_property("frames", lost)
    record_property("wh", int(MINUTES * FLUSHED + FLUSHED - 10) // 3 - total(folder)["BASE"])
    assert lost == 0


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_database_is_set_aside_or_read_on(tmp_path: Path, killed: Path, seed: int) -> None:
    """Whatever is damaged: the writer goes on, and what it set aside is there."""
    folder = shutil.copytree(killed, tmp_path / "home")
    quiet_writer(folder).close()
    path = folder / FILE_NAME
    chance = random.Random(seed)  # noqa: S311 -- the same damage each time
    if seed % 5 == 0:
        path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size)])
    else:
        damage(path, chance)
    size = path.stat().st_size
    with suppress(HistoryError):  # and nothing else
        HistoryReader(folder).samples(limit=100_000)
    writer = again(folder)
    assert writer.state.condition is Condition.WRITING
    writer.close()
    aside = writer.state.set_aside
    assert aside is None or Path(aside).stat().st_size >= size
    assert len(HistoryReader(folder).samples(limit=100_000)) >= 6
