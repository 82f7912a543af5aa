"""The callback interface: hears each frame on a thread of its own."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, Protocol

from linkytui.civil.times import Timestamp
from linkytui.errors import LinkytuiError
from linkytui.link import Link
from linkytui.reading.model import Reading
from linkytui.tic.frames import Frame


class CallbackError(LinkytuiError):
    """A callback cannot be found, imported or made."""


class Callback:
    """Base of the callbacks that want more than linkypy's `compute`. Override what you want to hear.

    Every method runs on the callback's own thread, one call at a time; waiting there delays nobody else. What a method
    raises is logged and shown, and after repeated failure the callback is paused for a while.
    """

    settings: Mapping[str, Any] = MappingProxyType({})
    """Its table of the settings file, `[callbacks.<name>]`; there before `open` is called."""

    def open(self) -> None:
        """Called once before anything else; again after a pause as long as it raises."""

    def reading(self, reading: Reading, frame: Frame) -> None:
        """A frame came, complete or cut.

        `reading`: what this frame alone says; `frame`: its groups, as the meter sent them.
        """

    def link(self, link: Link) -> None:
        """The line's state or counters changed. Only the newest is kept while the callback is busy."""

    def idle(self) -> float | None:
        """Nothing waits to be heard.

        Returns seconds after which to be called again when nothing comes; None to wait for the next frame.
        """
        return None

    def close(self) -> None:
        """Nothing will come any more. The program waits a few seconds at most."""


class Computing(Protocol):
    """linkypy's interface."""

    def compute(self, data: dict[str, str], timestamp: str) -> object:
        """Take the labels of one frame, and the time at which it came."""


class LinkypyCallback(Callback):
    """A callback written for linkypy, called as linkypy called it: with fully valid frames only.

    A frame that was cut, or had a bad group, is not handed on: linkypy gave such a frame up.
    """

    def __init__(self, compute: Callable[[dict[str, str], str], object]) -> None:
        self._compute = compute

    def reading(self, reading: Reading, frame: Frame) -> None:
        """Hand the labels on, with the time as linkypy wrote it."""
        if frame.complete and not frame.rejected:
            self._compute(linkypy_data(frame), linkypy_timestamp(reading.at))


def linkypy_data(frame: Frame) -> dict[str, str]:
    """Labels to data, in the meter's order.

    Standard mode, which linkypy did not read: a label whose information is its horodate (DATE) gives that.
    """
    return {group.label: group.data or group.horodate or "" for group in frame.groups}


def linkypy_timestamp(at: Timestamp) -> str:
    """The time as linkypy's callbacks got it: UTC in ISO form, without an offset, `2026-11-24T06:30:15.250000`."""
    return datetime.fromtimestamp(at, UTC).replace(tzinfo=None).isoformat()


ENTRY_POINTS: Final = "linkytui.callbacks"  # the group of entry points by which an installed package brings a callback
