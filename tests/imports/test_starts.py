"""Recordings that begin anywhere: what is not known yet waits, and no register appears that the meter did not name."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkytui.history import HistoryReader
from linkytui.history.naming import Naming, named
from linkytui.history.samples import Heard, Sample
from linkytui.imports.recordings import open_recording
from linkytui.imports.run import take_in
from linkytui.reading import Contract
from linkytui.tic import Group, Mode, encode_frame
from tests.conftest import SHARED
from tests.history.household import total

NOW = datetime(2026, 11, 30, tzinfo=UTC).timestamp()


def frame(number: int, calendar: str = "H PLEINE/CREUSE ") -> bytes:
    """The essentials of a frame with off-peak hours; the peak register has risen by `number` Wh."""
    groups = [
        Group("ADSC", "012345678901"),
        Group("VTIC", "02"),
        Group("DATE", "", f"H2611241000{2 * number:02}"),
        Group("NGTF", calendar),
        Group("LTARF", "  HEURE  PLEINE "),
        Group("EAST", f"{3_000_000 + number:09}"),
        Group("EASF01", "001000000"),
        Group("EASF02", f"{2_000_000 + number:09}"),
        Group("EASF03", "000000000"),
        Group("PREF", "09"),
        Group("SINSTS", "01200"),
        Group("STGE", "003A0401"),
        Group("NTARF", "02"),
    ]
    return encode_frame(groups, Mode.STANDARD)


def booked(tmp_path: Path, data: bytes) -> dict[str, int]:
    """What the history knows of a raw dump."""
    path = tmp_path / "a.tic"
    path.write_bytes(data)
    folder = tmp_path / "history"
    take_in(open_recording(path, None), HistoryReader(folder), now=NOW, raw_days=366, minute_days=730)
    return total(folder)


STREAM = b"".join(frame(number) for number in range(20))


@settings(max_examples=40)
@given(cut=st.integers(0, len(frame(0)) - 1))
def test_a_recording_may_begin_anywhere(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    found = booked(tmp_path_factory.mktemp("cut"), STREAM[cut:])
    # The first frame counts as far as its register was heard.
    whole = cut <= STREAM.index(b"EASF02")
    assert found == {"HP": 19 if whole else 18}


def test_a_damaged_name_of_the_calendar_is_no_other_contract(tmp_path: Path) -> None:
    damaged = b"".join(frame(number, "H PLEINF/CREUSD ") for number in range(2))
    assert booked(tmp_path, damaged + STREAM[2 * len(frame(0)) :]) == {"HP": 19}


def test_a_calendar_of_the_suppliers_own_counts_from_its_first_frame(tmp_path: Path) -> None:
    own = b"".join(frame(number, " HC et Week-End ") for number in range(9))
    assert booked(tmp_path, own) == {"EASF02": 8}


def test_a_stream_that_never_names_its_contract_keeps_its_power(tmp_path: Path) -> None:
    assert booked(tmp_path, STREAM.replace(b"H PLEINE/CREUSE", b"H PLAINE/CREUSE")) == {}
    samples = HistoryReader(tmp_path / "history").samples()
    assert [sample.power for sample in samples] == [1200] * 20


def test_samples_wait_for_their_names_and_no_longer_than_there_is_room() -> None:
    numbered = [Sample(float(number), 500, "EASF02", {"EASF02": number}) for number in range(400)]
    naming = Naming()
    let_through = [one.sample for sample in numbered for one in naming.take(Heard(sample, 0.0))]
    assert len(let_through) == 100
    assert all(sample.registers == {} and sample.period is None for sample in let_through)
    last = Sample(400.0, 500, "HP", {"HP": 400}, contract=Contract.HPHC)
    filled = [one.sample for one in naming.take(Heard(last, 0.0))]
    assert [sample.registers for sample in filled] == [{"HP": number} for number in range(100, 401)]
    assert {sample.period for sample in filled} == {"HP"}
    assert naming.flush() == []


def test_historic_samples_need_not_wait() -> None:
    samples = [Sample(1.0, 500, "HP", {"HP": 7})]
    assert list(named(samples)) == samples


@pytest.mark.parametrize(
    ("files", "last"),
    [
        (("std-two-days", "std-third-day-cut-start"), 43_100),
        (("std-day24-cut-start", "std-day25-cut-start", "std-day26-cut-start"), 43_100),
    ],
)
def test_recordings_that_begin_after_the_name_of_the_calendar(
    tmp_path: Path, files: tuple[str, ...], last: int
) -> None:
    cases = SHARED / "captures" / "cases"
    if not cases.is_dir():
        pytest.skip("the real captures are not on this machine")
    folder = tmp_path / "history"
    for name in files:
        older = open_recording(cases / f"{name}.tic", None)
        take_in(older, HistoryReader(folder), now=NOW, raw_days=366, minute_days=730)
    assert total(folder) == {"HP": last}
