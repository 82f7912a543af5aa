"""`linkytui decode`: prints the frames of a recording or stream, in words or as JSON."""

import os
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal

import click

from linkytui.captures.open import bytes_of_stream
from linkytui.captures.trouble import reading
from linkytui.commands.common import Invocation, takes_invocation
from linkytui.errors import CaptureError
from linkytui.i18n import _, number
from linkytui.tic import Frame, FrameReader
from linkytui.wording.label_data import explain, meaning

_MODES: Final = ("auto", "historic", "standard")
_BLOCK: Final = 1 << 16
_STREAM: Final = "-"


@click.command(
    help=_(
        "Decode a recording, or standard input with -, frame by frame: what each label says and which "
        "groups were damaged. Reads raw dumps from any tool and recordings made by linkytui."
    )
)
@click.argument("capture", metavar=_("CAPTURE|-"), type=click.Path())
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object per frame."))
@click.option(
    "--mode", type=click.Choice(_MODES), default="auto", show_default=True, help=_("Accept only groups of this mode.")
)
@takes_invocation
def command(
    _invocation: Invocation, capture: str, as_json: bool, mode: Literal["auto", "historic", "standard"]
) -> None:
    """Decode a recording."""
    name = _("The standard input") if capture == _STREAM else capture
    reader = FrameReader(mode, text=True)
    write: _Writer = _JsonWriter() if as_json else _TextWriter()
    damaged = came = 0

    def count_damage() -> None:
        nonlocal damaged
        damaged += 1

    try:
        for data in bytes_of_stream(_blocks(capture), name, damage=count_damage):
            came += len(data)
            if frames := reader.feed(data):
                write(frames)
    finally:
        last = reader.close()
        if last is not None:
            write([last])
        if write.frames:
            click.echo(_summary(reader, write.frames, damaged), err=True)
    if not came:
        raise CaptureError(_("{path} is empty. To make a recording: linkytui record FILE.").format(path=name))
    if not reader.accepted:
        text = _("{path} contains no group that a meter would send. To make a recording: linkytui record FILE.")
        raise CaptureError(text.format(path=name))


def _blocks(capture: str) -> Iterator[bytes]:
    """The content of a file, or the standard input as it comes."""
    if capture == _STREAM:
        while block := os.read(sys.stdin.fileno(), _BLOCK):
            yield block
        return
    path = Path(capture)
    with reading(path), path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _summary(reader: FrameReader, frames: int, damaged: int) -> str:
    """The last line: what was read and what was not."""
    parts = [
        _(
            "Frames: {frames}. Groups accepted: {accepted}, rejected: {rejected} "
            "(checksum {checksum}, format {format}, structure {structure})."
        ).format(
            frames=number(frames),
            accepted=number(reader.accepted),
            rejected=number(sum(reader.rejected.values())),
            checksum=number(reader.rejected["checksum"]),
            format=number(reader.rejected["format"]),
            structure=number(reader.rejected["structure"]),
        )
    ]
    if reader.restored:
        parts.append(_("Missing “space” checksums restored: {count}.").format(count=number(reader.restored)))
    if damaged:
        parts.append(_("Damaged lines in the recording: {count}.").format(count=number(damaged)))
    return " ".join(parts)


class _Writer(ABC):
    """Writes frames and counts them."""

    def __init__(self) -> None:
        self.frames = 0

    @abstractmethod
    def __call__(self, frames: list[Frame]) -> None:
        """Write some."""


class _JsonWriter(_Writer):
    """Writes frames as JSON, one a line."""

    def __init__(self) -> None:
        import msgspec

        super().__init__()
        self._encoder = msgspec.json.Encoder()
        self._out = sys.stdout.buffer

    def __call__(self, frames: list[Frame]) -> None:
        self.frames += len(frames)
        self._out.write(b"".join(self._encoder.encode(_as_plain(frame)) + b"\n" for frame in frames))
        self._out.flush()


def _as_plain(frame: Frame) -> dict[str, Any]:
    """A frame as JSON has it."""
    return {
        "mode": frame.mode,
        "complete": frame.complete,
        "offset": frame.offset,
        "groups": [
            {"label": label, "data": data} if horodate is None else {"label": label, "horodate": horodate, "data": data}
            for label, data, horodate in frame.groups
        ],
        "rejected": [{"raw": item.raw, "reason": item.reason} for item in frame.rejected],
    }


class _TextWriter(_Writer):
    """Writes frames as tables for people: label, meaning, value in words."""

    def __init__(self) -> None:
        super().__init__()
        self._meter_id: str | None = None

    def __call__(self, frames: list[Frame]) -> None:
        for frame in frames:
            self.frames += 1
            click.echo("\n".join(self._lines(frame)))

    def _lines(self, frame: Frame) -> Iterator[str]:
        title = _("Frame {number}, {mode} mode, byte {offset}").format(
            number=self.frames, mode=_mode_name(frame), offset=frame.offset
        )
        yield click.style(title if frame.complete else title + ", " + _("incomplete"), bold=True)
        rows = []
        for group in frame.groups:
            if group.label == "ADSC":
                self._meter_id = group.data
            rows.append((group.label, meaning(group.label, frame.mode), explain(group, frame.mode, self._meter_id)))
        labels, meanings = (max((len(row[column]) for row in rows), default=0) for column in (0, 1))
        for label, what, value in rows:
            yield f"  {click.style(label.ljust(labels), fg='cyan')}  {what.ljust(meanings)}  {value}"
        for item in frame.rejected:
            raw = "".join(character if character.isprintable() else "·" for character in item.raw)
            yield "  " + click.style(f"{_reason_name(item.reason)}: {raw}", fg="red")
        yield ""


def _mode_name(frame: Frame) -> str:
    return _("historic") if frame.mode == "historic" else _("standard")


def _reason_name(reason: str) -> str:
    return {
        "checksum": _("rejected, wrong checksum"),
        "format": _("rejected, wrong format"),
        "structure": _("rejected, not a group"),
    }[reason]
