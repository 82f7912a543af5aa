"""Whatever comes, in whichever pieces and with whichever crashes: the hours add up to what the registers rose by."""

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from linkytui.history import Importer, Sample
from linkytui.history.recorder import Recorder
from linkytui.history.samples import Heard
from linkytui.history.schema import FILE_NAME
from linkytui.history.store import Store
from linkytui.reading import Contract
from tests.history.household import METER, at, open_recorder, total

START = at("2026-10-24 21:57")


class PowerCutError(Exception):
    """The power went."""


def record_of(seed: int, length: int) -> list[Sample]:
    """What a meter said: steps of a second to a day, registers that rise, groups that were lost."""
    chance = Random(seed)  # noqa: S311 -- a test's
    registers = {"HC": chance.randint(0, 9_000_000), "HP": chance.randint(0, 9_000_000)}
    now = START + chance.randint(0, 3600)
    samples: list[Sample] = []
    for _number in range(length):
        step = chance.choice((1.5, 2.3, 30.0, 59.0, 119.9, 121.0, 1800.0, 7200.0, 90_000.0))
        now += step
        running = chance.choice(("HC", "HP"))
        for name in {running, chance.choice(("HC", "HP"))}:
            registers[name] += chance.randint(0, min(int(step * 3), 9000))
        samples.append(
            Sample(
                at=now,
                power=chance.choice((None, chance.randint(0, 9000))),
                period=running,
                registers={name: value for name, value in registers.items() if chance.random() > 0.1},
                meter=chance.choice((METER, METER, METER, None)),
                contract=Contract.HPHC,
                limit_kva=9.0,
            )
        )
    return samples


records = st.builds(record_of, st.integers(0, 1 << 32), st.integers(2, 60))
"""Built from a seed: an example that fails is told by it."""


def rises(samples: Iterable[Sample]) -> dict[str, int]:
    """What each register rose by from its first to its last sighting."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for sample in samples:
        for name, value in sample.registers.items():
            first.setdefault(name, value)
            last[name] = value
    return {name: last[name] - first[name] for name in first}


def tables(folder: Path, *names: str) -> dict[str, list[tuple[object, ...]]]:
    """What is in some tables."""
    connection = sqlite3.connect(folder / FILE_NAME)
    try:
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}  # noqa: S608
    finally:
        connection.close()


def drawn(wh: dict[str, int]) -> dict[str, int]:
    """Only the registers that rose."""
    return {name: rise for name, rise in wh.items() if rise}


@given(record=records, cuts=st.lists(st.integers(0, 59)))
@settings(max_examples=40, deadline=None)
def test_hours_add_up_to_the_registers_in_whichever_flushes(record: list[Sample], cuts: list[int]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        recorder = open_recorder(folder)
        batch: list[Heard] = []
        for number, sample in enumerate(record):
            batch.append(Heard(sample, 0.0))
            if number in cuts:
                recorder.record(batch)
                batch = []
        recorder.record(batch)
        recorder.store.connection.close()
        assert drawn(total(folder)) == drawn(rises(record))


@example(record=record_of(12297, 39), crashes=[(3, 20), (24, 14)])  # one sample between two crashes
@given(record=records, crashes=st.lists(st.tuples(st.integers(0, 59), st.integers(1, 20)), max_size=5))
@settings(max_examples=40, deadline=None)
def test_a_crash_costs_samples_and_never_energy(record: list[Sample], crashes: list[tuple[int, int]]) -> None:
    """Each crash loses the samples of the flush that was under way, and a new program takes over from the file."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        recorder = open_recorder(folder)
        lost: set[int] = set()
        for start, count in crashes:
            # The first and the last sample are kept, so that what is expected is known.
            lost |= set(range(max(start, 1), min(start + count, len(record) - 1)))
        kept = [sample for number, sample in enumerate(record) if number not in lost]
        batch: list[Heard] = []
        for number, sample in enumerate(record):
            if number in lost:
                continue
            batch.append(Heard(sample, 0.0))
            if number + 1 in lost:
                recorder.record(batch)
                recorder = _crash(recorder, [Heard(record[number + 1], 0.0)], folder)
                batch = []
        recorder.record(batch)
        recorder.store.connection.close()
        assert drawn(total(folder)) == drawn(rises(kept))


def _crash(recorder: Recorder, batch: list[Heard], folder: Path) -> Recorder:
    """Fail in the middle of a transaction, then begin again from the file."""

    def fail(*_arguments: object) -> None:
        raise PowerCutError

    with suppress(PowerCutError), pytest.MonkeyPatch.context() as broken:
        broken.setattr(recorder.store, "put", fail)
        broken.setattr(Store, "_write_sightings", fail)
        recorder.record(batch)
    recorder.store.connection.close()
    return open_recorder(folder)


@given(seed=st.integers(0, 1 << 32), length=st.integers(1, 40), size=st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_a_record_imported_in_any_order_is_as_if_it_had_been_recorded(seed: int, length: int, size: int) -> None:
    record = [sample for sample in record_of(seed, length) if len(sample.registers) == 2 and sample.meter]
    chunks: list[list[Sample]] = []
    for sample in record:
        # What is missing for less than two minutes counts as recorded, and would not be looked at any more.
        before = chunks[-2][-1].at if len(chunks) > 1 else -1e9
        if chunks and (len(chunks[-1]) < size or sample.at - before <= 121):
            chunks[-1].append(sample)
        else:
            chunks.append([sample])
    assume(record)
    Random(seed).shuffle(chunks)  # noqa: S311 -- a test's
    with TemporaryDirectory() as whole, TemporaryDirectory() as parts:
        with Importer(Path(whole), now=START) as importer:
            importer.import_samples(record)
        _import(Path(parts), chunks)
        names = ("hours", "minutes", "stretches", "gaps", "sightings")
        assert tables(Path(parts), *names) == tables(Path(whole), *names)
        before_all = tables(Path(parts), *names, "samples", "counters")
        _import(Path(parts), chunks)
        assert tables(Path(parts), *names, "samples", "counters") == before_all


def _import(folder: Path, chunks: list[list[Sample]]) -> None:
    for chunk in chunks:
        with Importer(folder, now=START) as importer:
            importer.import_samples(chunk)
