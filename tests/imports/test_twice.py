"""What Enedis counted and what the registers counted: whichever comes first, nothing counts twice."""

from pathlib import Path

import pytest

from linkytui.civil.spans import By
from linkytui.history import HistoryReader, Importer, Sample, Told
from tests.history.household import METER, at, moment, quiet_writer, steady, total

ENEDIS = "PRM 12345678901234"


def hours(start: str, end: str, wh: int = 500) -> list[Told]:
    return [Told(begin, begin + 3600, {"BASE": wh}) for begin in range(round(at(start)), round(at(end)), 3600)]


def import_hours(folder: Path, start: str, end: str) -> int:
    with Importer(folder, now=at("2026-06-05")) as importer:
        return importer.import_told(hours(start, end), ENEDIS).added


def import_samples(folder: Path, start: str, end: str, since: str) -> None:
    samples = steady(at(start), at(end), step=60.0, since=at(since))
    with Importer(folder, now=at("2026-06-05")) as importer:
        importer.import_samples(samples)


def day(folder: Path, date: str) -> tuple[dict[str, int], int]:
    (span,) = HistoryReader(folder).spans(By.DAY, moment(date), moment(f"{date} 12:00"))
    return dict(span.wh), span.estimated_wh


def test_registers_replace_the_hours_of_their_time(tmp_path: Path) -> None:
    assert import_hours(tmp_path, "2026-06-01", "2026-06-04") == 72
    import_samples(tmp_path, "2026-06-02", "2026-06-03 00:00", since="2026-06-02")
    assert day(tmp_path, "2026-06-01") == ({"BASE": 24 * 500}, 0)
    # The last sample is a minute before midnight.
    assert day(tmp_path, "2026-06-02") == ({"BASE": 24 * 1200 - 20}, 0)
    assert day(tmp_path, "2026-06-03") == ({"BASE": 24 * 500}, 0)
    assert import_hours(tmp_path, "2026-06-01", "2026-06-04") == 0


def test_a_gap_belongs_to_the_registers_as_well(tmp_path: Path) -> None:
    import_samples(tmp_path, "2026-06-01", "2026-06-01 12:00", since="2026-06-01")
    assert import_hours(tmp_path, "2026-06-01", "2026-06-04") == 60
    import_samples(tmp_path, "2026-06-03 12:00", "2026-06-04", since="2026-06-01")
    assert total(tmp_path) == {"BASE": 3 * 24 * 1200 - 20}
    assert day(tmp_path, "2026-06-02")[1] == 24 * 1200


def test_the_live_meter_takes_over_what_was_filled_while_it_was_not_read(tmp_path: Path) -> None:
    with_samples = list(steady(at("2026-06-01"), at("2026-06-04"), step=60.0))
    cut = [sample for sample in with_samples if not at("2026-06-01 12:00") <= sample.at < at("2026-06-03 12:00")]
    write(tmp_path, cut[:720])
    assert import_hours(tmp_path, "2026-06-01", "2026-06-03") == 36
    write(tmp_path, cut[720:])
    assert total(tmp_path) == {"BASE": 3 * 24 * 1200 - 20}


def write(folder: Path, samples: list[Sample]) -> None:
    writer = quiet_writer(folder)
    for sample in samples:
        writer.hear(sample)
    writer.close()


def test_hours_between_two_meters_stay(tmp_path: Path) -> None:
    import_samples(tmp_path, "2026-06-01", "2026-06-02", since="2026-06-01")
    assert import_hours(tmp_path, "2026-06-01", "2026-06-04") == 48
    other = steady(at("2026-06-03"), at("2026-06-04"), step=60.0, meter="098765432109", base=100)
    with Importer(tmp_path, now=at("2026-06-05")) as importer:
        importer.import_samples(other)
    assert day(tmp_path, "2026-06-02") == ({"BASE": 24 * 500}, 0)
    # Another meter is believed when it has said its number for the third time, two minutes later.
    assert day(tmp_path, "2026-06-03") == ({"BASE": 24 * 1200 - 60}, 0)
    assert [meter.number for meter in HistoryReader(tmp_path).meters()] == [METER, ENEDIS, "098765432109"]


@pytest.mark.parametrize("estimated", [False, True])
def test_hours_that_were_spread_are_marked(tmp_path: Path, estimated: bool) -> None:
    rows = [hour._replace(estimated=estimated) for hour in hours("2026-06-01", "2026-06-02")]
    with Importer(tmp_path, now=at("2026-06-05")) as importer:
        importer.import_told(rows, ENEDIS)
    assert day(tmp_path, "2026-06-01") == ({"BASE": 12_000}, 12_000 if estimated else 0)
