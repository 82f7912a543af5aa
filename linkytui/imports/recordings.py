"""Recordings as older records: samples from their frames."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from linkytui.captures.open import Capture, open_capture
from linkytui.captures.raw import RawDump
from linkytui.history.samples import Sample
from linkytui.history.writer import sample_of
from linkytui.i18n import _
from linkytui.imports.model import Older, Samples, SourceError
from linkytui.line.listener import Arrival
from linkytui.reading.meter import Meter
from linkytui.tic.frames import Frame
from linkytui.tic.reader import FrameReader

_PROBED: Final = 200  # frames among which the meter must say its number

_EARLIEST: Final = 1_577_836_800.0  # 2020-01-01 UTC: a clock that says less was never set


def open_recording(path: Path, start: float | None) -> Older:
    """A recording of either kind.

    `start`: seconds since 1970 at which its first byte came, where the recording does not know better. Raises
    CaptureError: it cannot be read; SourceError: when it was recorded is not known.
    """
    capture = open_capture(path)
    if start is None and not capture.dated:
        text = _("{path} does not say when it was recorded: give its start, as in --start 2026-11-24T18:30.")
        raise SourceError(text.format(path=path))
    began = capture.started_at if start is None else start
    if began < _EARLIEST:
        text = _("{path} was recorded while the clock was not set: give its start, as in --start 2026-11-24T18:30.")
        raise SourceError(text.format(path=path))
    # A dump has no moments: those that its frames themselves say are better than those of its speed.
    dated = start is None and isinstance(capture, RawDump)
    probe = islice(_samples(capture, began, dated=dated), _PROBED)
    samples = Samples(
        start=began,
        end=began + capture.duration,
        read=lambda: _samples(capture, began, dated=dated),
        meter=next((sample.meter for sample in probe if sample.meter), None),
    )
    notes = (
        [_("The numbers in this recording are pseudonyms: it counts as another meter.")] if capture.anonymised else []
    )
    return Older(name=str(path), parts=(samples,), notes=tuple(notes))


def _samples(capture: Capture, began: float, *, dated: bool) -> Iterator[Sample]:
    """What the frames say, in the order of time."""
    reader, meter = FrameReader(text=True), Meter()
    at, ahead = began, 0.0

    def sample(frame: Frame) -> Sample:
        nonlocal ahead
        reading = meter.observe(frame, at + ahead)
        if dated and reading.meter_time is not None and not reading.clock_degraded:
            ahead = reading.meter_time.timestamp() - at
        return sample_of(Arrival(frame, reading, meter))._replace(at=at + ahead)

    for chunk in capture.chunks():
        at = began + chunk.at
        for frame in reader.feed(chunk.data):
            if frame.groups:
                yield sample(frame)
    last = reader.close()
    if last is not None and last.groups:
        yield sample(last)
