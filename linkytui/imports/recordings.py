"""Recordings as older records: samples from their frames."""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from linkytui.captures.open import Capture, open_capture
from linkytui.captures.raw import RawDump
from linkytui.history.naming import named
from linkytui.history.samples import Sample
from linkytui.history.writer import sample_of
from linkytui.i18n import _
from linkytui.imports.model import Older, Samples, SourceError
from linkytui.line.listener import Arrival
from linkytui.reading.meter import Meter
from linkytui.tic.frames import BAUDRATES, BITS_PER_CHARACTER, Frame
from linkytui.tic.horodate import Horodate
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
    """What the frames say, in the order of time, each register by its name."""
    return named(_as_heard(capture, began, dated=dated))


def _as_heard(capture: Capture, began: float, *, dated: bool) -> Iterator[Sample]:
    meter = Meter(judged=True)
    for frame, at in _undated_first(_timed_frames(capture, began, dated=dated)):
        judged, reading = meter.admit(frame, at)
        yield sample_of(Arrival(judged, reading, meter))


def _timed_frames(capture: Capture, began: float, *, dated: bool) -> Iterator[tuple[Frame, float, bool]]:
    """The frames with their times, and whether those are the meter's. `dated`: the meter's are better than ours."""
    reader = FrameReader(text=True)
    ahead: float | None = None if dated else 0.0
    at = began

    def timed(frame: Frame) -> tuple[Frame, float, bool]:
        nonlocal ahead
        date = _date_of(frame) if dated else None
        if date is not None:
            ahead = date - at
        return frame, at + (ahead or 0.0), ahead is not None

    for chunk in capture.chunks():
        at = began + chunk.at
        yield from (timed(frame) for frame in reader.feed(chunk.data) if frame.groups)
    last = reader.close()
    if last is not None and last.groups:
        yield timed(last)


def _undated_first(frames: Iterable[tuple[Frame, float, bool]]) -> Iterator[tuple[Frame, float]]:
    """The frames with their times; those before the first that says its own are counted back from it."""
    undated: list[tuple[Frame, float]] = []
    for frame, at, known in frames:
        if not known:
            undated.append((frame, at))
            continue
        for earlier, _at in undated:
            yield earlier, at - (frame.offset - earlier.offset) * BITS_PER_CHARACTER / BAUDRATES[frame.mode]
        undated.clear()
        yield frame, at
    yield from undated


def _date_of(frame: Frame) -> float | None:
    """When the meter says that it is, unless it does not trust its own clock."""
    text = next((group.horodate for group in frame.groups if group.label == "DATE"), None)
    date = None if text is None else Horodate.parse(text)
    return date.when.timestamp() if date is not None and date.when is not None and not date.degraded else None
