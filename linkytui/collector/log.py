"""The collector's log: one line per event that matters, none per frame."""

import logging
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Final, TextIO

from linkytui.civil.times import Monotonic
from linkytui.i18n import _, number
from linkytui.line.listener import Listener
from linkytui.link import Link, LinkState
from linkytui.wording.terms import mode_name, state_name

_LOG: Final = logging.getLogger(__name__)

_LOSSES_EVERY: Final = 3600.0  # seconds between two lines about rejected groups at least

_PRIORITIES: Final = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (logging.DEBUG, 7))
"""Levels and the priorities that the journal takes from the beginning of a line (sd-daemon(3))."""


class _JournalFormatter(logging.Formatter):
    """The journal knows the time and the unit; it wants the priority, on each line."""

    def format(self, record: logging.LogRecord) -> str:
        priority = next((value for level, value in _PRIORITIES if record.levelno >= level), 7)
        return "\n".join(f"<{priority}>{line}" for line in super().format(record).splitlines())


def set_up_log(level: str, stream: TextIO = sys.stderr, environ: Mapping[str, str] = os.environ) -> None:
    """Send the program's log to a stream, in the journal's form where the journal reads it."""
    handler = logging.StreamHandler(stream)
    if is_journal(stream, environ):
        handler.setFormatter(_JournalFormatter("%(message)s"))
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("linkytui").setLevel(level.upper())
    logging.captureWarnings(True)


def is_journal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether a stream leads to the journal, as JOURNAL_STREAM tells it: by device and inode."""
    try:
        info = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return environ.get("JOURNAL_STREAM") == f"{info.st_dev}:{info.st_ino}"


class EventLog(Listener):
    """Writes down what happens to the line."""

    def __init__(self, *, monotonic: Callable[[], Monotonic] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._link = Link()
        self._told = Link()  # as it was when its losses were last told
        self._told_at = monotonic()

    def link_changed(self, link: Link) -> None:
        before, self._link = self._link, link
        if (link.state, link.detail) != (before.state, before.detail):
            self._tell_state(link)
        if before.mode is not None and link.mode is not None and link.mode is not before.mode:
            _LOG.warning("%s", _("The meter has switched to {mode}").format(mode=mode_name(link.mode)))
        if link.rejected_total == self._told.rejected_total:
            return
        if (now := self._monotonic()) - self._told_at >= _LOSSES_EVERY:
            self._told_at = now
            self._tell_losses(link)

    def meter_reset(self) -> None:
        _LOG.warning("%s", _("A different meter is on the line."))

    def _tell_state(self, link: Link) -> None:
        level = logging.INFO if link.state in (LinkState.LIVE, LinkState.WAITING) else logging.WARNING
        if link.state.down:
            level = logging.ERROR
        facts = [
            link.source,
            _("{baudrate} baud").format(baudrate=link.baudrate) if link.baudrate and not link.state.down else "",
            mode_name(link.mode) if link.mode and not link.state.down else "",
            link.detail,
        ]
        _LOG.log(level, "%s", ": ".join(filter(None, (state_name(link), ", ".join(filter(None, facts))))))

    def _tell_losses(self, link: Link) -> None:
        before, self._told = self._told, link
        rejected = link.rejected_total - before.rejected_total
        groups = link.accepted - before.accepted + rejected
        text = _("Rejected since the last report: {rejected} of {groups} groups ({rate} %)")
        rate = number(100 * rejected / groups, 2)
        _LOG.info("%s", text.format(rejected=number(rejected), groups=number(groups), rate=rate))
