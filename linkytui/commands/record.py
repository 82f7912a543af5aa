"""`linkytui record`: writes what the meter sends to a file, byte for byte."""

import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linkytui.commands.common import Invocation, heeded, takes_invocation
from linkytui.errors import LinkytuiError
from linkytui.i18n import _, number
from linkytui.line.listener import Arrival, Listener
from linkytui.line.pipeline import Pipeline
from linkytui.line.recorder import CaptureRecorder
from linkytui.line.sources.configured import open_source
from linkytui.link import Link
from linkytui.looks import is_dumb

if TYPE_CHECKING:
    from types import FrameType


@click.command(
    help=_(
        "Record what the meter sends to OUT, byte for byte, until Ctrl-C. A name ending in .tic, .raw or "
        ".bin makes a raw dump; any other also keeps the time of every byte; .gz compresses."
    )
)
@click.argument("out", metavar=_("OUT"), type=click.Path(path_type=Path))
@click.option("--anonymise", is_flag=True, help=_("Replace the meter and delivery-point numbers with pseudonyms."))
@click.option(
    "--duration", type=click.FloatRange(min=0, min_open=True), metavar=_("SECONDS"), help=_("Stop after this time.")
)
@click.option("--force", is_flag=True, help=_("Overwrite OUT if it exists."))
@takes_invocation
def command(invocation: Invocation, out: Path, anonymise: bool, duration: float | None, force: bool) -> None:
    """Record the meter."""
    settings = invocation.settings
    recorder = CaptureRecorder(out, anonymise=anonymise, overwrite=force)
    count = _Count(out, show=sys.stderr.isatty() and not is_dumb())
    meant = invocation.origins["meter.port"].kind == "option"
    pipeline = Pipeline(open_source(settings, meant=meant), mode=settings.meter.mode, listeners=[recorder, count])
    try:
        _run(pipeline, recorder, count, duration)
    finally:
        pipeline.close()
    if recorder.error is not None:
        raise recorder.error
    if not recorder.recorded:
        text = _("Nothing came from {source}: check the cable and its connection to the meter.")
        raise LinkytuiError(text.format(source=pipeline.link.source))
    click.echo(count.describe(), err=True)
    if recorder.lost:
        text = _("The disk was too slow: {count} bytes are missing from {path}.")
        raise LinkytuiError(text.format(count=number(recorder.lost), path=out))


def _run(pipeline: Pipeline, recorder: CaptureRecorder, count: "_Count", duration: float | None) -> None:
    """Turn until the time is over, someone ends it, or the file takes no more.

    Raises LinkytuiError: the line cannot be opened, once bytes came it is waited for instead.
    """
    stop = threading.Event()

    def end(_number: int, _frame: "FrameType | None") -> None:
        stop.set()

    numbers = heeded(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in numbers}
    deadline = None if duration is None else time.monotonic() + duration
    try:
        while not stop.is_set() and recorder.error is None:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                break
            wait = pipeline.step()
            if pipeline.link.state.down and not count.bytes:
                raise LinkytuiError(pipeline.link.detail)
            if wait is None:
                break
            stop.wait(wait if left is None else min(wait, left))
    finally:
        for number_, handler in before.items():
            signal.signal(number_, handler)


class _Count(Listener):
    """What is in the recording so far, on a terminal in one line that is written anew."""

    def __init__(self, out: Path, *, show: bool) -> None:
        self.frames = self.rejected = self.bytes = 0
        self._out = out
        self._show = show

    def describe(self) -> str:
        """The counts in words."""
        return _("{path}: frames {frames}, groups rejected {rejected}, bytes {bytes}").format(
            path=self._out, frames=number(self.frames), rejected=number(self.rejected), bytes=number(self.bytes)
        )

    def bytes_came(self, data: bytes, at: float) -> None:  # noqa: ARG002 -- the moment is the recorder's matter
        self.bytes += len(data)

    def frame_came(self, arrival: Arrival) -> None:
        self.frames += 1
        self.rejected += len(arrival.frame.rejected)

    def link_changed(self, link: Link) -> None:
        if self._show:
            trouble = f" {link.detail}" if link.state.down else ""
            self._say(f"\r\033[K{self.describe()}{trouble}")

    def close(self) -> None:
        if self._show:
            self._say("\r\033[K")

    def _say(self, text: str) -> None:
        try:
            click.echo(text, err=True, nl=False)
        except OSError:
            self._show = False  # the terminal has gone; the recording goes on
