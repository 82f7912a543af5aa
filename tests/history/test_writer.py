"""The writer's thread, its disk, its lock, and its sudden death."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from linkytui.civil.spans import By
from linkytui.errors import HistoryError
from linkytui.history import Condition, HistoryReader, HistoryState, HistoryWriter, LapBook, Sample, writer
from linkytui.history.recorder import Recorder
from linkytui.history.schema import FILE_NAME
from linkytui.history.writer import sample_of
from linkytui.line.listener import Arrival
from linkytui.reading import Contract, Meter
from linkytui.tic import FrameReader
from tests.history.household import METER, at, moment, quiet_writer, steady, total
from tests.history.killed_writer import START
from tests.lines import PATIENCE, historic_frame, standard_frame

NOON = at("2026-06-01 12:00")


@pytest.fixture
def open_writer(tmp_path: Path) -> Iterator[Callable[..., HistoryWriter]]:
    """Opens writers that write only when told, and closes them after the test."""
    opened: list[HistoryWriter] = []

    def open_one(folder: Path = tmp_path, **options: object) -> HistoryWriter:
        opened.append(quiet_writer(folder, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def hear(history: HistoryWriter, start: float, end: float, **options: object) -> None:
    for sample in steady(start, end, **options):  # type: ignore[arg-type]
        history.hear(sample)


def arrivals(data: bytes, now: float, meter: Meter) -> Iterator[Arrival]:
    reader = FrameReader("auto")
    for number, frame in enumerate((*reader.feed(data), reader.close())):
        if frame is not None:
            yield Arrival(frame, meter.observe(frame, now + number), meter)


def test_frames_of_a_line_become_history(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    history = open_writer()
    for arrival in arrivals(historic_frame(460) + historic_frame(520), NOON, Meter()):
        history.frame_came(arrival)
    history.flush()
    first, second = HistoryReader(tmp_path).samples()
    assert (first.power, second.power) == (460, 520)
    assert first.at == NOON
    assert first.meter == "012345678901"
    assert first.period == "HP"
    assert first.registers == {"HC": 723392, "HP": 1049103}
    assert HistoryReader(tmp_path).meters()[0].contract is Contract.HPHC


def test_listening_never_waits_for_the_disk(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    """A flush that does not come to its end does not stop the reading thread."""
    history = open_writer()
    history.flush()
    with history._writing:
        heard = threading.Thread(target=hear, args=(history, NOON, NOON + 600))
        heard.start()
        heard.join(PATIENCE)
        assert not heard.is_alive()
    history.flush()
    assert len(HistoryReader(tmp_path).samples()) == 60


def test_the_thread_writes_by_itself(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    written = threading.Event()

    def notice(state: HistoryState) -> None:
        if state.written_at is not None:
            written.set()

    history = open_writer(flush_seconds=0.01, on_state=notice)
    hear(history, NOON, NOON + 60)
    assert written.wait(PATIENCE)
    assert HistoryReader(tmp_path).samples()


def test_closing_writes_what_is_left_and_a_second_time_nothing(tmp_path: Path) -> None:
    history = quiet_writer(tmp_path)
    hear(history, NOON, NOON + 60)
    history.close()
    history.close()
    history.flush()
    assert history.state.condition is Condition.CLOSED
    assert sorted(path.name for path in tmp_path.iterdir()) == ["history.db", "history.lock"]
    assert len(HistoryReader(tmp_path).samples()) == 6


def test_a_second_writer_is_told_who_is_first(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    open_writer()
    with pytest.raises(HistoryError, match=f"process {os.getpid()}"):
        open_writer()


def test_a_writer_that_closed_makes_room_for_the_next(
    tmp_path: Path, open_writer: Callable[..., HistoryWriter]
) -> None:
    first = open_writer()
    hear(first, NOON, NOON + 60)
    first.close()
    second = open_writer()
    hear(second, NOON + 60, NOON + 120, since=NOON)
    second.flush()
    assert total(tmp_path) == {"BASE": 110 // 3}


def test_a_folder_that_cannot_be_made_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    with pytest.raises(HistoryError, match="Cannot keep a history in"):
        HistoryWriter(tmp_path / "file" / "folder")


def test_a_folder_that_is_made_is_for_its_owner_only(tmp_path: Path) -> None:
    quiet_writer(tmp_path / "made" / "history").close()
    LapBook(tmp_path / "laps").remove(1)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("made/history", "laps")] == [0o700, 0o700]


def test_readers_read_while_it_is_written(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    """Several readers ask without end while days are recorded; none fails, none sees half a flush."""
    history = open_writer()
    stop = threading.Event()
    failures: list[BaseException] = []

    def read() -> None:
        reader = HistoryReader(tmp_path)
        try:
            while not stop.is_set():
                day = reader.today(moment("2026-06-01 12:00"))
                figures = reader.samples(limit=100_000)
                if figures:
                    rise = figures[-1].registers["BASE"] - figures[0].registers["BASE"]
                    assert rise <= reader.today(moment("2026-06-01 12:00")).total_wh
                assert day.total_wh <= reader.today(moment("2026-06-01 12:00")).total_wh
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read) for _number in range(3)]
    for reader in readers:
        reader.start()
    for hour in range(6):
        hear(history, NOON + hour * 3600, NOON + (hour + 1) * 3600, since=NOON)
        history.flush()
    stop.set()
    for reader in readers:
        reader.join(PATIENCE)
    assert failures == []
    assert total(tmp_path) == {"BASE": 6 * 1200 - 4}


def test_a_file_that_is_no_database_is_set_aside(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"not a database, and longer than a page" * 200)
    history = open_writer()
    hear(history, NOON, NOON + 3600)
    history.flush()
    assert history.state.condition is Condition.WRITING
    aside = Path(history.state.set_aside or "")
    assert aside.name.startswith("history.db.damaged-")
    assert aside.read_bytes().startswith(b"not a database")
    assert total(tmp_path) == {"BASE": 1200 - 4}
    assert str(aside) in history.state.text, "said until somebody takes it away"
    history.flush()
    assert str(aside) in history.state.text
    aside.unlink()
    history.flush()
    assert history.state.text == ""


def test_a_file_with_a_torn_page_is_set_aside(tmp_path: Path) -> None:
    history = quiet_writer(tmp_path)
    hear(history, NOON, NOON + 100_000)
    history.close()
    path = tmp_path / FILE_NAME
    data = bytearray(path.read_bytes())
    for page in range(4, len(data) // 4096):
        data[page * 4096 : page * 4096 + 200] = os.urandom(200)
    path.write_bytes(data)
    history = quiet_writer(tmp_path)
    hear(history, NOON, NOON + 3600)
    history.close()
    assert history.state.set_aside is not None
    assert total(tmp_path) == {"BASE": 1200 - 4}


def test_damage_that_shows_later_is_set_aside_then(
    tmp_path: Path, open_writer: Callable[..., HistoryWriter], monkeypatch: pytest.MonkeyPatch
) -> None:
    history = open_writer()
    hear(history, NOON, NOON + 600)
    history.flush()
    original = Recorder.record

    def fail(self: Recorder, *arguments: object) -> object:
        monkeypatch.setattr(Recorder, "record", original)
        error = sqlite3.DatabaseError("database disk image is malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    monkeypatch.setattr(Recorder, "record", fail)
    hear(history, NOON + 600, NOON + 1200, since=NOON)
    history.flush()
    assert history.state.condition is Condition.WRITING
    assert len(list(tmp_path.glob("history.db.damaged-*"))) == 1
    assert [sample.at for sample in islice(HistoryReader(tmp_path).samples(), 1)] == [NOON + 600]


def test_two_damaged_files_of_a_day_get_two_names(tmp_path: Path) -> None:
    for _number in range(2):
        (tmp_path / FILE_NAME).write_bytes(b"x" * 5000)
        quiet_writer(tmp_path).close()
    assert len(list(tmp_path.glob("history.db.damaged-*"))) == 2


def test_a_file_that_was_removed_under_us_is_made_anew(
    tmp_path: Path, open_writer: Callable[..., HistoryWriter]
) -> None:
    history = open_writer()
    hear(history, NOON, NOON + 600)
    history.flush()
    for path in tmp_path.glob(f"{FILE_NAME}*"):
        path.unlink()
    hear(history, NOON + 600, NOON + 1200, since=NOON)
    history.flush()
    assert len(HistoryReader(tmp_path).samples()) == 60


def test_a_history_of_a_newer_linkytui_is_left_alone(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    quiet_writer(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    history = open_writer()
    hear(history, NOON, NOON + 600)
    history.flush()
    assert history.state.condition is Condition.REFUSED
    assert "newer linkytui" in history.state.text
    assert history.state.waiting == 60
    with pytest.raises(HistoryError, match="newer linkytui"):
        HistoryReader(tmp_path).recorded()


def test_another_programs_database_is_left_alone(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    history = open_writer()
    hear(history, NOON, NOON + 600)
    history.flush()
    assert history.state.condition is Condition.REFUSED
    assert "another program" in history.state.text
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]
    connection.close()


class Disk:
    """A disk that can be full: makes every write of the recorder fail until there is room."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.error: Exception | None = None
        original = Recorder.record

        def record(recorder: Recorder, *arguments: object) -> object:
            if self.error is not None:
                raise self.error
            return original(recorder, *arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(Recorder, "record", record)


def sqlite_error(code: int, text: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL, "database or disk is full"), "The disk is full"),
        (sqlite_error(sqlite3.SQLITE_IOERR, "disk I/O error"), "disk I/O error"),
        (OSError(errno.EROFS, "Read-only file system"), "Read-only file system"),
        (RuntimeError("a mistake of ours"), "a mistake of ours"),
    ],
)
def test_a_disk_that_refuses_is_said_and_tried_again(
    tmp_path: Path,
    open_writer: Callable[..., HistoryWriter],
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    words: str,
) -> None:
    states: list[HistoryState] = []
    history = open_writer(on_state=states.append)
    disk = Disk(monkeypatch)
    hear(history, NOON, NOON + 600)
    history.flush()
    disk.error = error
    for minutes in range(3):
        hear(history, NOON + 600 + minutes * 60, NOON + 660 + minutes * 60, since=NOON)
        history.flush()
        assert history.state.condition is Condition.FAILING
        assert words in history.state.text
        assert history.state.waiting == 6 * (minutes + 1)
        assert "\n" not in history.state.text
        assert "Errno" not in history.state.text
    disk.error = None
    history.flush()
    assert history.state.condition is Condition.WRITING
    assert history.state.waiting == 0
    assert [sample.at for sample in HistoryReader(tmp_path).samples()] == [NOON + 10 * n for n in range(78)]
    assert {state.condition for state in states} >= {Condition.WRITING, Condition.FAILING}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a limit on the size of files")
def test_a_disk_that_is_really_full_costs_nothing_once_there_is_room(tmp_path: Path) -> None:
    """A process that may write no file beyond 200 kB records a day, and is then given room."""
    program = """
import resource, signal, sys
from pathlib import Path
from tests.history.household import at, quiet_writer, steady
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
history = quiet_writer(Path(sys.argv[1]))
history.flush()
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
start = at("2026-06-01 12:00")
for number, sample in enumerate(steady(start, start + 86_400)):
    history.hear(sample)
    if number % 500 == 0:
        history.flush()
print(history.state.condition, history.state.waiting, history.state.text)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
history.flush()
print(history.state.condition, history.state.waiting)
history.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=PATIENCE * 4,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first.startswith("failing ")
    assert int(first.split()[1]) > 1000
    assert second == "writing 0"
    assert total(tmp_path) == {"BASE": 24 * 1200 - 4}
    assert len(HistoryReader(tmp_path).samples(limit=100_000)) == 8640


def test_what_waits_is_bounded_and_energy_is_not_lost(
    tmp_path: Path, open_writer: Callable[..., HistoryWriter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "ROOM", 100)
    history = open_writer()
    disk = Disk(monkeypatch)
    hear(history, NOON, NOON + 600)
    history.flush()
    disk.error = sqlite_error(sqlite3.SQLITE_FULL, "database or disk is full")
    for hour in range(4):
        hear(history, NOON + 600 + hour * 3600, NOON + 4200 + hour * 3600, since=NOON)
        history.flush()
    assert history.state.waiting == 100
    assert history.state.dropped == 4 * 360 - 100
    disk.error = None
    history.flush()
    assert total(tmp_path) == {"BASE": (15_000 - 10) // 3}
    (day,) = HistoryReader(tmp_path).spans(By.DAY, moment("2026-06-01 12:00"), moment("2026-06-01 13:00"))
    assert day.estimated_wh == (14_000 + 10 - 600) // 3


def test_cursors_are_kept_over_restarts(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    history = open_writer()
    hear(history, NOON, NOON + 600)
    history.flush()
    reader = HistoryReader(tmp_path)
    samples = reader.samples(limit=40)
    history.save_cursor("influxdb", samples[-1].id)
    assert reader.cursor("influxdb") is None
    history.close()
    assert reader.cursor("influxdb") == samples[-1].id
    assert reader.backlog("influxdb") == (20, NOON + 400)
    assert reader.backlog("another") == (60, NOON)
    rest = reader.samples(samples[-1].id)
    assert [sample.at for sample in samples + rest] == [NOON + 10 * n for n in range(60)]
    assert rest[0].registers == {"BASE": 5_000_000 + 400 // 3}


def test_a_cursor_waits_with_the_samples_when_the_disk_refuses(
    tmp_path: Path, open_writer: Callable[..., HistoryWriter], monkeypatch: pytest.MonkeyPatch
) -> None:
    history = open_writer()
    history.flush()
    disk = Disk(monkeypatch)
    disk.error = sqlite_error(sqlite3.SQLITE_FULL, "database or disk is full")
    history.save_cursor("influxdb", 7)
    history.flush()
    disk.error = None
    history.flush()
    assert HistoryReader(tmp_path).cursor("influxdb") == 7


def test_numbers_of_samples_are_never_used_twice(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    history = open_writer()
    hear(history, NOON, NOON + 60)
    history.close()
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("DELETE FROM samples")
    connection.close()
    history = open_writer()
    hear(history, NOON + 60, NOON + 120, since=NOON)
    history.flush()
    assert [sample.id for sample in HistoryReader(tmp_path).samples()] == [7, 8, 9, 10, 11, 12]


def test_the_clocks_of_machine_and_meter_are_heard(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    """A machine whose clock says 1970, beside a meter in standard mode that knows the time."""
    ticks = iter(range(1000))
    history = open_writer(monotonic=lambda: float(next(ticks)), boot="a boot")
    meter = Meter()
    for data in [standard_frame()] * 6:
        for arrival in arrivals(data, 1000.0, meter):
            history.frame_came(arrival)
    history.flush()
    recorded = HistoryReader(tmp_path).recorded()
    assert (recorded is None) == (meter.latest is None or meter.latest.meter_time is None)


def test_a_program_killed_at_any_moment_loses_no_energy_and_nothing_that_was_flushed(tmp_path: Path) -> None:
    first = 0
    for _number in range(4):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.history.killed_writer", str(tmp_path), str(first)],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        flushed = first
        for line in islice(process.stdout, 5 + 3 * _number):
            flushed = int(line)
        process.send_signal(signal.SIGKILL)
        flushed = max([flushed, *map(int, process.stdout.read().split())])
        process.wait(PATIENCE)
        process.stdout.close()
        samples = HistoryReader(tmp_path).samples(limit=1_000_000)
        start = at(START)
        assert [sample.at for sample in samples][: flushed + 1] == [start + 10 * n for n in range(flushed + 1)]
        first = len(samples)
        assert total(tmp_path) == {"BASE": samples[-1].registers["BASE"] - 5_000_000}
        assert first <= flushed + 8


def test_samples_of_a_meter_without_a_number_are_kept_and_named_later(
    tmp_path: Path, open_writer: Callable[..., HistoryWriter]
) -> None:
    history = open_writer()
    hear(history, NOON, NOON + 600, meter=None)
    history.flush()
    assert [meter.number for meter in HistoryReader(tmp_path).meters()] == [""]
    hear(history, NOON + 600, NOON + 1200, since=NOON)
    history.flush()
    assert [meter.number for meter in HistoryReader(tmp_path).meters()] == [METER]
    assert total(tmp_path) == {"BASE": 1190 // 3}


def test_a_number_said_once_is_not_a_meter(tmp_path: Path, open_writer: Callable[..., HistoryWriter]) -> None:
    history = open_writer()
    hear(history, NOON, NOON + 600)
    for number, sample in enumerate(steady(NOON + 600, NOON + 1200, since=NOON)):
        history.hear(sample._replace(meter="041234567898") if number in (3, 20, 21) else sample)
    history.flush()
    assert [meter.number for meter in HistoryReader(tmp_path).meters()] == [METER]
    assert total(tmp_path) == {"BASE": 1190 // 3}


def test_another_meter_begins_anew_and_both_stay_readable(
    tmp_path: Path, open_writer: Callable[..., HistoryWriter]
) -> None:
    history = open_writer()
    hear(history, NOON, NOON + 3600)
    swap = NOON + 7200
    hear(history, swap, swap + 3610, meter="051234567891", base=17)
    history.flush()
    reader = HistoryReader(tmp_path)
    old, new = reader.meters()
    assert (old.number, new.number) == (METER, "051234567891")
    hours = reader.spans(By.HOUR, moment("2026-06-01 12:00"), moment("2026-06-01 15:00"))
    # The new meter is believed at the third frame that says its number: 20 s, 6 Wh.
    assert [hour.total_wh for hour in hours] == [1200 - 4, 0, 1200 - 6]
    assert [hour.estimated_wh for hour in hours] == [0, 0, 0]
    assert reader.registers_at(NOON + 3600)["BASE"].wh == 5_000_000 + 1196
    assert reader.registers_at(swap + 3600)["BASE"].wh == 17 + 1200
    assert reader.registers_at(swap + 3600, meter=old.id)["BASE"].wh == 5_000_000 + 1196


def test_a_sample_is_what_the_frame_said(open_writer: Callable[..., HistoryWriter]) -> None:
    (arrival,) = arrivals(historic_frame(1234), NOON, Meter())
    assert sample_of(arrival) == Sample(
        at=NOON,
        power=1234,
        period="HP",
        registers={"HC": 723392, "HP": 1049103},
        meter="012345678901",
        contract=Contract.HPHC,
        limit_kva=9.0,
        subscribed_kva=9.0,
        calendar="HC..",
    )
