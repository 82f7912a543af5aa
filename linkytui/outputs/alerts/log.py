"""The list of alerts that were told: a file of one JSON object a line, kept by whoever reads the meter."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from linkytui.civil.times import Timestamp
from linkytui.i18n import _
from linkytui.outputs.alerts.channels import ChannelError
from linkytui.outputs.alerts.engine import Alert

FILE_NAME: Final = "alerts.jsonl"
_KEPT: Final = 1000  # alerts; as many again are written before the oldest are taken out


class ToldAlert(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that was told."""

    at: Timestamp  # when it was told, by the machine's clock
    kind: str  # of the rule, as the settings name it
    began: bool  # False: it ended
    text: str  # as it was told, in the language of then


class AlertLog:
    """Writes each alert down; a channel like those to the outside, so that the reading never waits for the disk."""

    name = FILE_NAME

    def __init__(self, folder: Path, *, now: Callable[[], Timestamp] = time.time, kept: int = _KEPT) -> None:
        """Nothing is opened yet.

        `folder`: the history's, which those may read who may see the past; `kept`: how many are remembered at least.
        """
        self._path = folder / FILE_NAME
        self._now = now
        self._kept = kept
        self._lines: int | None = None  # in the file; not counted yet

    def deliver(self, alert: Alert) -> None:
        """Add one. Raises ChannelError: it could not be written."""
        told = ToldAlert(at=self._now(), kind=alert.rule.kind, began=alert.began, text=alert.text)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab+") as file:
                # A line that was cut off by a power cut must not swallow this one.
                torn = file.tell() > 0 and file.seek(-1, 2) >= 0 and file.read(1) != b"\n"
                file.write(b"\n" * torn + msgspec.json.encode(told) + b"\n")
            self._shorten()
        except OSError as error:
            text = _("The list of alerts cannot be written: {reason}")
            raise ChannelError(text.format(reason=error.strerror or type(error).__name__)) from None

    def _shorten(self) -> None:
        if self._lines is None:
            self._lines = len(self._path.read_bytes().splitlines())
        else:
            self._lines += 1
        if self._lines <= 2 * self._kept:
            return
        lines = self._path.read_bytes().splitlines(keepends=True)[-self._kept :]
        new = self._path.with_suffix(".new")
        new.write_bytes(b"".join(lines))
        new.replace(self._path)
        self._lines = len(lines)


def told_alerts(folder: Path) -> list[ToldAlert]:
    """What a folder's list holds, the newest first; lines that cannot be read are left out. May wait for the disk."""
    found: list[ToldAlert] = []
    with contextlib.suppress(OSError):
        for line in (folder / FILE_NAME).read_bytes().splitlines():
            with contextlib.suppress(msgspec.MsgspecError):
                found.append(msgspec.json.decode(line, type=ToldAlert))
    return found[::-1]
