"""The demo's past: a temporary history of what the simulated meter counted before the screen opened."""

import threading
from collections.abc import Iterable
from pathlib import Path

from linkytui.history import HistoryWriter, Importer, Sample
from linkytui.history.writer import sample_of
from linkytui.line.listener import Arrival, Listener
from linkytui.reading import Contract
from linkytui.simulator.meter import MeterSample


class DemoPast(Listener):
    """Fills a history on a thread, then goes on with what the meter says. Nothing of it outlives the demonstration."""

    def __init__(
        self, folder: Path, samples: Iterable[MeterSample], contract: Contract, *, step: float, now: float
    ) -> None:
        """Begin to fill it. `folder`: empty, holds the history; `now`: seconds since 1970, by the meter's clock."""
        self._folder = folder
        self._samples = list(samples)
        self._contract = contract
        self._step = step
        self._now = now
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._early: list[Sample] = []  # what the meter said while the past was being filled
        self._writer: HistoryWriter | None = None
        self._thread = threading.Thread(target=self._fill, name="past", daemon=True)
        self._thread.start()

    def _fill(self) -> None:
        with Importer(self._folder, now=self._now, gap_seconds=2 * self._step) as importer:
            importer.import_samples(self._rows())
        if self._stop.is_set():
            return
        # A simulated clock is right as it is: nothing holds the samples back.
        writer = HistoryWriter(self._folder, monotonic=None)
        with self._lock:
            for sample in self._early:
                writer.hear(sample)
            self._early.clear()
            self._writer = writer

    def _rows(self) -> Iterable[Sample]:
        for row in self._samples:
            if self._stop.is_set():
                return
            yield Sample(
                at=row.at, power=row.power, period=row.period, registers=row.registers, contract=self._contract
            )

    def frame_came(self, arrival: Arrival) -> None:
        with self._lock:
            if self._writer is None:
                self._early.append(sample_of(arrival))
            else:
                self._writer.frame_came(arrival)

    def close(self) -> None:
        """Stop filling and writing; the second time does nothing."""
        self._stop.set()
        self._thread.join()
        if self._writer is not None:
            self._writer.close()
