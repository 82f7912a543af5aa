"""The doctor's screen: every check with its verdict and what to do, as each comes to be known."""

import logging
import threading
from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import Static

from linkytui.doctor.check import Check, Verdict, discreet
from linkytui.doctor.doctor import SECONDS, examine
from linkytui.doctor.listening import Heard
from linkytui.i18n import _, number
from linkytui.tui.glyphs import ASCII, glyphs
from linkytui.tui.page import Page
from linkytui.tui.session import Session

_LOG: Final = logging.getLogger(__name__)

_TITLE: Final = 16  # cells of a check's title

_TINTS: Final = {Verdict.OK: "$success", Verdict.ATTENTION: "$warning", Verdict.WRONG: "$error"}


class DoctorScreen(Page, keys="doctor"):
    """Examines when it is opened, in a thread, and again on a key."""

    progress: var[str] = var("")  # how far it is; empty when it is done

    class Progressed(Message):
        """Something more is known."""

        def __init__(self, round_: int, text: str, check: Check | None = None, *, done: bool = False) -> None:
            super().__init__()
            self.round, self.text, self.check, self.done = round_, text, check, done

    def __init__(self, session: Session) -> None:
        """`session`: whose settings and line are looked at."""
        super().__init__()
        self._session = session
        self._stop = threading.Event()
        self._round = 0  # what came of an earlier examination is not shown
        self._checks: list[Check] = []

    def body(self) -> ComposeResult:
        with VerticalScroll(id="checks"):
            yield Static(id="report", markup=False)

    def on_mount(self) -> None:
        self.query_one("#checks").focus()
        self.action_examine()

    def on_unmount(self) -> None:
        self._stop.set()

    def on_resize(self) -> None:
        """Lines break elsewhere."""
        self.call_after_refresh(self.speak)

    def speak(self) -> None:
        """Say title and checks in the language spoken now; what was found stays in the one it was found in."""
        self.watch_progress()
        self.query_one("#report", Static).update(Content("\n").join(self._lines()))
        if self._session.tag:
            self.note(_("Only your own meter is checked, not a recording or the simulated meter."))

    def watch_progress(self) -> None:
        """Say how far it is."""
        if self.is_mounted:
            self.entitle(_("Doctor"), (self.progress, "$quiet"))

    def action_examine(self) -> None:
        """Begin anew."""
        if self._session.tag:
            return
        self._stop.set()
        self._stop = threading.Event()
        self._round += 1
        self._checks = []
        self.progress = _("listening…")
        # A worker of Textual's would hold up the end of the program for as long as a server says nothing.
        threading.Thread(target=self._examine, args=(self._round, self._stop), name="doctor", daemon=True).start()
        self.speak()

    def _examine(self, round_: int, stop: threading.Event) -> None:
        def tell(heard: Heard) -> None:
            text = _("listening: {done} of {seconds} s").format(
                done=number(heard.seconds, 0), seconds=number(SECONDS, 0)
            )
            self.post_message(self.Progressed(round_, text))

        try:
            for check in examine(self._session.settings, now=self._session.now, tell=tell, stop=stop):
                self.post_message(self.Progressed(round_, _("checking…"), check))
        except Exception:
            _LOG.exception("the doctor failed")
        finally:
            self.post_message(self.Progressed(round_, "", done=True))

    @on(Progressed)
    def _told(self, message: Progressed) -> None:
        if message.round != self._round:
            return
        self.progress = message.text
        if message.check is not None:
            self._checks.append(message.check)
            self.speak()

    def _lines(self) -> Iterator[Content]:
        room = max(self.size.width - _TITLE - 7, 20)  # beside a scroll bar, should there be one
        arrow = "->" if glyphs() is ASCII else "→"
        marks = {Verdict.OK: glyphs().live, Verdict.ATTENTION: glyphs().alarm, Verdict.WRONG: glyphs().alarm}
        for check in self._checks:
            tint = _TINTS[check.verdict]
            text = tint if check.verdict is not Verdict.OK else ""
            first, *more = wrap(discreet(check.found), room) or [""]
            title = check.title[:_TITLE].ljust(_TITLE)
            yield Content.assemble((f" {marks[check.verdict]} ", tint), (title, "bold"), " ", (first, text))
            indent = " " * (_TITLE + 4)
            for line in more:
                yield Content.assemble(indent, (line, text))
            for line in wrap(discreet(check.remedy), room, initial_indent=f"{arrow} ", subsequent_indent="  "):
                yield Content.assemble(indent, (line, "$quiet"))
