"""Recordings as older records: their own times, the meter's, or those that the person tells."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from linkytui.captures.form import Chunk, Header
from linkytui.history import HistoryReader
from linkytui.imports.model import Older, Samples, SourceError
from linkytui.imports.recordings import open_recording
from linkytui.imports.run import Outcome, look_at, take_in
from tests.captures.made import STARTED, recording
from tests.history.household import PARIS, total
from tests.lines import historic_frame, standard_frame

NOW = datetime(2026, 11, 25, tzinfo=UTC).timestamp()
START = datetime(2026, 11, 1, 9, tzinfo=UTC).timestamp()


def imported(folder: Path, older: Older) -> Outcome:
    return take_in(older, HistoryReader(folder), now=NOW, raw_days=366, minute_days=730)


def frame(register: int, meter_id: str = "012345678901") -> bytes:
    """A frame whose peak register stands so high."""
    from linkytui.tic import Group, Mode, encode_frame

    groups = [
        Group("ADCO", meter_id),
        Group("OPTARIF", "HC.."),
        Group("ISOUSC", "45"),
        Group("HCHC", "000723392"),
        Group("HCHP", f"{register:09}"),
        Group("PTEC", "HP.."),
        Group("PAPP", "01200"),
    ]
    return encode_frame(groups, Mode.HISTORIC)


def test_a_recording_keeps_its_own_moments(tmp_path: Path) -> None:
    chunks = [Chunk(number * 30.0, frame(1_000_000 + number * 10)) for number in range(100)]
    path = recording(tmp_path / "a.linky.gz", chunks)
    folder = tmp_path / "history"
    outcome = imported(folder, open_recording(path, None))
    assert (outcome.rows, outcome.new, outcome.wh) == (100, 100, {"HC": 0, "HP": 990})
    assert outcome.first_at == STARTED.timestamp()
    assert total(folder) == {"HP": 990}
    assert HistoryReader(folder).recorded() == (STARTED.timestamp(), STARTED.timestamp() + 2970)
    (meter,) = HistoryReader(folder).meters()
    assert (meter.number, meter.contract) == ("012345678901", "HPHC")


def test_the_second_import_changes_nothing(tmp_path: Path) -> None:
    path = recording(tmp_path / "a.linky", [Chunk(number * 30.0, frame(1_000_000 + number)) for number in range(50)])
    folder = tmp_path / "history"
    imported(folder, open_recording(path, None))
    before = (total(folder), HistoryReader(folder).recorded(), HistoryReader(folder).newest_sample())
    again = imported(folder, open_recording(path, None))
    assert (again.rows, again.new) == (50, 0)
    assert (total(folder), HistoryReader(folder).recorded(), HistoryReader(folder).newest_sample()) == before


def test_a_dump_without_a_date_needs_to_be_told_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.tic"
    path.write_bytes(historic_frame() * 20)
    with pytest.raises(SourceError, match="does not say when it was recorded: give its start, as in --start"):
        open_recording(path, None)
    outcome = imported(tmp_path / "history", open_recording(path, START))
    assert outcome.new == 20
    assert outcome.first_at is not None
    assert 0 < outcome.first_at - START < 3


def test_a_dump_of_the_standard_mode_goes_by_the_meters_clock(tmp_path: Path) -> None:
    path = tmp_path / "a.tic"
    times = [f"H2611241200{second:02}" for second in range(0, 60, 3)]
    path.write_bytes(b"".join(_dated(time) for time in times))
    older = open_recording(path, None)
    (part,) = older.parts
    assert isinstance(part, Samples)
    moments = [datetime.fromtimestamp(sample.at, PARIS) for sample in part.read()]
    assert [f"H{moment:%y%m%d%H%M%S}" for moment in moments] == times


def _dated(time: str) -> bytes:
    from linkytui.tic import Group, Mode, encode_frame

    groups = [
        Group("ADSC", "012345678901"),
        Group("VTIC", "02"),
        Group("DATE", "", time),
        Group("NGTF", "      BASE      "),
        Group("EAST", "001000000"),
        Group("EASF01", "001000000"),
        Group("SINSTS", "00460"),
    ]
    return encode_frame(groups, Mode.STANDARD)


def test_the_clock_that_was_never_set_is_not_believed(tmp_path: Path) -> None:
    header = Header(1, datetime(1970, 1, 1, 0, 5, tzinfo=UTC), 1200)
    path = recording(tmp_path / "a.linky", [Chunk(0.0, frame(1))], header=header)
    with pytest.raises(SourceError, match="while the clock was not set"):
        open_recording(path, None)
    assert imported(tmp_path / "history", open_recording(path, START)).first_at == START


def test_another_meter_at_a_time_that_is_recorded_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "history"
    chunks = [Chunk(number * 30.0, frame(1_000_000 + number)) for number in range(10)]
    imported(folder, open_recording(recording(tmp_path / "a.linky", chunks), None))
    other = [Chunk(number * 30.0, frame(1_000_000 + number, "098765432109")) for number in range(10)]
    older = open_recording(recording(tmp_path / "b.linky", other), None)
    with pytest.raises(SourceError, match="energy would count twice"):
        imported(folder, older)
    assert [meter.number for meter in HistoryReader(folder).meters()] == ["012345678901"]


def test_pseudonyms_are_said(tmp_path: Path) -> None:
    header = Header(1, STARTED, 1200, anonymised=True)
    older = open_recording(recording(tmp_path / "a.linky", [Chunk(0.0, frame(1))], header=header), None)
    assert older.notes == ("The numbers in this recording are pseudonyms: it counts as another meter.",)


def test_the_captures_give_what_their_registers_rose_by(captures: Path, tmp_path: Path) -> None:
    for name, wh in {
        "historic-hphc-3min-123frames.tic": {"HC": 0, "HP": 39},
        "standard-base-12frames.tic": None,
    }.items():
        start = None if name.startswith("standard") else START
        older = open_recording(captures / name, start)
        outcome = imported(tmp_path / name, older)
        assert outcome.new > 10
        if wh is not None:
            assert outcome.wh == wh
            assert total(tmp_path / name) == {"HP": 39}


def test_standard_frames_of_the_same_second_do_not_go_back_in_time(tmp_path: Path) -> None:
    path = tmp_path / "a.tic"
    path.write_bytes(standard_frame() * 5)
    outcome = imported(tmp_path / "history", open_recording(path, None))
    assert (outcome.rows, outcome.new) == (5, 1)


def test_what_lies_in_the_future_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.tic"
    path.write_bytes(historic_frame() * 20)
    older = open_recording(path, NOW + 86_400)
    for attempt in (imported, lambda folder, older: look_at(older, HistoryReader(folder), now=NOW)):
        with pytest.raises(SourceError, match="Records dated 2026-11-26 are in the future"):
            attempt(tmp_path / "history", older)
    assert HistoryReader(tmp_path / "history").recorded() is None
