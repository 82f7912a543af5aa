"""A week without InfluxDB on a meter that says 420,000 values: all of them arrive, once, and memory stays flat."""

import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from linkytui.history import HistoryReader, HistoryWriter
from linkytui.outputs.callbacks.history_log import HistoryLog
from tests.outputs.callbacks.fake_influxdb import FakeInfluxDB
from tests.outputs.callbacks.frames import START
from tests.outputs.callbacks.test_history_log import fields_of, hear
from tests.outputs.callbacks.test_influxdb_delivery import linky_lines
from tests.outputs.callbacks.week import NOTHING, Clock, callback, readings

pytestmark = pytest.mark.usefixtures("heavy")

POINTS = 420_000
STEP = 1.43
EVERY = 20_000
"""Points from one look at the memory to the next."""


def megabytes() -> float:
    """The most that this process had in memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_a_week_of_every_frame_arrives_once(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    clock, sent = Clock(START), 0
    with FakeInfluxDB() as fake:
        writer = HistoryWriter(tmp_path, flush_seconds=3600, monotonic=None)
        running = callback(fake, "linky", HistoryLog(HistoryReader(tmp_path), writer), clock)
        fake.mood = "500"
        for reading in readings(START, POINTS * STEP, STEP):
            clock.now = reading.at
            hear(writer, reading)
            sent += 1
            if sent % EVERY == 0:
                writer.flush()
                running.reading(reading, NOTHING)
                running.idle()
        writer.flush()
        assert running.delivery.waiting >= POINTS - EVERY
        fake.mood, before = "good", megabytes()
        clock.now += 61  # past any pause
        while running.delivery.waiting:
            clock.now += 0.1
            running.idle()
        grown = megabytes() - before
        arrived = dict(linky_lines(fake))
        expected = {int(reading.at): fields_of(reading) for reading in readings(START, POINTS * STEP, STEP)}
        record_property("frames", len(expected.keys() - arrived.keys()))
        assert arrived == expected
        # What the server of this test keeps of it, and no more: 420,000 lines of some 250 bytes.
        assert grown < 300
        running.close()
        writer.close()
