"""A wrong stretch of time is taken out of the history as if it had never been recorded, and given back as it was."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkytui.civil.spans import By
from linkytui.errors import HistoryError
from linkytui.history import HistoryReader, Importer, Told
from linkytui.history.forgetting import forget, give_back
from tests.history.household import at, moment, quiet_writer, steady, total

START, END = at("2026-06-01"), at("2026-06-05")


def dump(folder: Path) -> dict[str, list[Any]]:
    """All that the history holds."""
    with closing(sqlite3.connect(folder / "history.db")) as connection:
        names = ("samples", "minutes", "hours", "stretches", "gaps", "sightings")
        found = {name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}  # noqa: S608
        told = 'SELECT start, "end", meter, kind, register, wh, value FROM told'
        found["told"] = sorted(connection.execute(told).fetchall(), key=repr)
        return found


def record(folder: Path, start: float = START, end: float = END) -> None:
    with Importer(folder, now=END) as importer:
        importer.import_samples(steady(start, end, step=60.0, since=START))


def tell(folder: Path, start: float, end: float, wh: int = 500, meter: str = "Enedis") -> None:
    hours = [Told(hour, hour + 3600, {"BASE": wh}) for hour in range(round(start), round(end), 3600)]
    with Importer(folder, now=END) as importer:
        importer.import_told(hours, meter)


def days(folder: Path) -> list[tuple[int, int, int]]:
    """Wh, estimated Wh and seconds recorded of each day."""
    spans = HistoryReader(folder).spans(By.DAY, moment("2026-06-01"), moment("2026-06-05"))
    return [(span.total_wh, span.estimated_wh, span.covered_s) for span in spans]


def test_a_day_in_the_middle_becomes_a_gap_that_the_registers_tell(tmp_path: Path) -> None:
    record(tmp_path)
    before, kept = total(tmp_path), days(tmp_path)
    done = forget(tmp_path, at("2026-06-02"), at("2026-06-03"))
    assert done is not None
    assert total(tmp_path) == before
    assert days(tmp_path)[1][1] == days(tmp_path)[1][0] > 0
    assert days(tmp_path)[1][2] == 0
    assert [days(tmp_path)[place] for place in (0, 2, 3)] == [kept[place] for place in (0, 2, 3)]
    assert [(gap.start, gap.end) for gap in HistoryReader(tmp_path).gaps(START, END)] == [
        (at("2026-06-02"), at("2026-06-03"))
    ]


@pytest.mark.parametrize(("start", "end"), [("2026-06-01", "2026-06-03"), ("2026-06-03", "2026-06-06")])
def test_a_side_is_lost_whole(tmp_path: Path, start: str, end: str) -> None:
    record(tmp_path)
    forget(tmp_path, at(start), at(end))
    found = days(tmp_path)
    gone = slice(0, 2) if start == "2026-06-01" else slice(2, 4)
    assert {day[0] for day in found[gone]} == {0}
    assert all(day[0] > 28_000 and not day[1] for day in found if day not in found[gone])


def test_all_of_it_leaves_nothing_and_comes_back(tmp_path: Path) -> None:
    record(tmp_path)
    before = dump(tmp_path)
    done = forget(tmp_path, at("2026-01-01"), at("2026-12-31"))
    assert done is not None
    assert done.wh == sum(row[8] for row in before["hours"])
    assert HistoryReader(tmp_path).recorded() is None
    assert give_back(tmp_path) == done
    assert dump(tmp_path) == before
    assert give_back(tmp_path) is None


def test_what_others_told_goes_and_makes_room_for_what_is_right(tmp_path: Path) -> None:
    tell(tmp_path, START, END, wh=900, meter="PRM 1")
    forget(tmp_path, at("2026-06-02"), at("2026-06-04"))
    tell(tmp_path, START, END, wh=500, meter="PRM 1")
    assert [day[0] for day in days(tmp_path)] == [24 * 900, 24 * 500, 24 * 500, 24 * 900]
    with pytest.raises(HistoryError, match="has new records since then"):
        give_back(tmp_path)


def test_a_day_that_reaches_over_the_border_is_cut_there(tmp_path: Path) -> None:
    with Importer(tmp_path, now=END) as importer:
        day = Told(at("2026-06-02 01:00"), at("2026-06-03 01:00"), {"HC": 2400}, estimated=True, registers=True)
        importer.import_told([day], "PRM 1")
    before = dump(tmp_path)
    forget(tmp_path, at("2026-06-03"), at("2026-06-04"))
    assert [found[0] for found in days(tmp_path)] == [0, 2300, 0, 0]
    give_back(tmp_path)
    assert dump(tmp_path) == before


def test_reading_goes_on_after_it_as_after_any_gap(tmp_path: Path) -> None:
    samples = list(steady(START, END, step=60.0))
    writer = quiet_writer(tmp_path)
    for sample in samples[:4000]:
        writer.hear(sample)
    writer.close()
    before = total(tmp_path)
    forget(tmp_path, at("2026-06-03"), at("2026-06-05"))
    writer = quiet_writer(tmp_path)
    for sample in samples[4100:]:
        writer.hear(sample)
    writer.close()
    whole = samples[-1].registers["BASE"] - samples[0].registers["BASE"]
    assert total(tmp_path)["BASE"] == whole > before["BASE"]
    with pytest.raises(HistoryError, match="has new records since then"):
        give_back(tmp_path)


def test_nothing_then_is_said(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="There is no history"):
        forget(tmp_path, START, END)
    record(tmp_path)
    assert forget(tmp_path, at("2025-06-01"), at("2025-06-02")) is None
    assert give_back(tmp_path) is None


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    recorded=st.tuples(st.integers(0, 80), st.integers(4, 60)),
    hole=st.integers(0, 30),
    span=st.tuples(st.integers(0, 90), st.integers(1, 40)),
    told=st.booleans(),
)
def test_whatever_is_taken_out_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, recorded: tuple[int, int], hole: int, span: tuple[int, int], told: bool
) -> None:
    folder = tmp_path_factory.mktemp("history")
    start, end = START + recorded[0] * 3600, START + (recorded[0] + recorded[1]) * 3600
    record(folder, start, start + (end - start) // 3)
    record(folder, start + (end - start) // 3 + hole * 600, end)
    if told:
        tell(folder, START, END)
    before, energy = dump(folder), sum(total(folder).values())
    done = forget(folder, START + span[0] * 3600, START + (span[0] + span[1]) * 3600)
    if done is None:
        assert dump(folder) == before
        return
    left = total(folder) if HistoryReader(folder).recorded() else {}  # all of it may be gone
    assert sum(left.values()) == energy - done.wh
    assert give_back(folder) == done
    assert dump(folder) == before
