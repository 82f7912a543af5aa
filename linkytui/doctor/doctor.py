"""Every check, one after the other, as soon as each is known."""

import threading
from collections.abc import Callable, Iterator

from linkytui.civil.synchronised import synchronised
from linkytui.civil.times import Timestamp
from linkytui.doctor.check import Check
from linkytui.doctor.line import line_checks
from linkytui.doctor.listening import Heard, listen
from linkytui.doctor.outside import outside_checks
from linkytui.doctor.records import record_checks
from linkytui.line.sources.base import Source
from linkytui.line.sources.configured import open_source
from linkytui.settings.model import Settings

SECONDS = 20.0
"""How long it is listened unless told otherwise: some ten frames."""


def examine(
    settings: Settings,
    seconds: float = SECONDS,
    *,
    now: Callable[[], Timestamp],
    tell: Callable[[Heard], object] = lambda _heard: None,
    stop: threading.Event | None = None,
    notify: bool = False,
    source: Source | None = None,
) -> Iterator[Check]:
    """Listen, then look at everything else. Changes nothing, and never takes the port from whoever has it.

    `tell`: what was heard so far, while listening; `notify`: also send a test to whom alerts go; `source`: to listen to
    in the place of the running collector, screen or port.
    """
    heard = listen(source or open_source(settings), settings, seconds, tell=tell, stop=stop)
    yield from line_checks(heard, settings, synchronised=synchronised())
    yield from record_checks(settings, heard, now())
    yield from outside_checks(settings, heard.report, notify=notify)
