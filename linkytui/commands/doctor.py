"""`linkytui doctor`: looks at line, records and outside, and says what is wrong and what to do."""

import json
import shutil
import sys
import time
from collections.abc import Iterator
from textwrap import wrap
from typing import Final

import click

from linkytui.commands.common import Invocation, takes_invocation
from linkytui.doctor.check import Check, Verdict, discreet
from linkytui.doctor.doctor import SECONDS, examine
from linkytui.doctor.listening import Heard
from linkytui.doctor.outside import terminal_check
from linkytui.errors import SettingsError
from linkytui.i18n import _, number, titled
from linkytui.looks import is_dumb

_LOOKS: Final = {Verdict.OK: "green", Verdict.ATTENTION: "yellow", Verdict.WRONG: "red"}

_NARROWEST: Final = 40


@click.command(
    help=_(
        "Check the port, the signal, what the meter says, its clock, the history, the prices, and what lies outside: "
        "InfluxDB, MQTT, alerts, the service. Says what is wrong and what to do, without any number of your meter. "
        "Exits with 1 when something is wrong."
    )
)
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, max=3600),
    default=SECONDS,
    show_default=True,
    metavar=_("SECONDS"),
    help=_("How long to listen to the meter."),
)
@click.option("--notify", is_flag=True, help=_("Also send a test to everyone whom alerts go to."))
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object per check."))
@takes_invocation
def command(invocation: Invocation, seconds: float, notify: bool, as_json: bool) -> None:
    """Examine and tell."""
    wrong = False
    for check in _checks(
        invocation, seconds, notify=notify, show=not as_json and sys.stderr.isatty() and not is_dumb()
    ):
        wrong = wrong or check.verdict is Verdict.WRONG
        if as_json:
            click.echo(discreet(json.dumps(check.as_dict(), ensure_ascii=False)))
        else:
            for line in _lines(check, shutil.get_terminal_size((100, 24)).columns):
                click.echo(line)
    if wrong:
        click.get_current_context().exit(1)


def _checks(invocation: Invocation, seconds: float, *, notify: bool, show: bool) -> Iterator[Check]:
    """All of them; settings that cannot be read are the first and the last."""
    try:
        settings = invocation.settings
    except SettingsError as error:
        remedy = _("Correct it: linkytui config edit.")
        yield Check("settings", _("Settings"), Verdict.WRONG, str(error), remedy)
        return
    progress = _Progress(seconds, show=show)
    for check in examine(settings, seconds, now=time.time, tell=progress.tell, notify=notify):
        progress.clear()
        yield check
    size = shutil.get_terminal_size()
    yield terminal_check(getattr(sys.stdout, "encoding", None) or "ascii", size.columns, size.lines)


class _Progress:
    """One line that is written anew while it is listened."""

    def __init__(self, seconds: float, *, show: bool) -> None:
        self._seconds = seconds
        self._show = show

    def tell(self, heard: Heard) -> None:
        """Say how far it is."""
        if self._show:
            text = _("Listening: {done} of {seconds} s, {frames} frames").format(
                done=number(heard.seconds, 0), seconds=number(self._seconds, 0), frames=number(heard.whole)
            )
            click.echo(f"\r\033[K{text}", err=True, nl=False)

    def clear(self) -> None:
        """Take the line away."""
        if self._show:
            click.echo("\r\033[K", err=True, nl=False)
            self._show = False


def verdict_word(verdict: Verdict) -> str:
    """A verdict in the language spoken now."""
    return {Verdict.OK: _("ok"), Verdict.ATTENTION: _("attention"), Verdict.WRONG: _("wrong")}[verdict]


def _lines(check: Check, width: int) -> Iterator[str]:
    """A check as people read it: the verdict, what was found, and below it what to do."""
    words = {verdict: verdict_word(verdict) for verdict in Verdict}
    column = max(map(len, words.values()))
    head = words[check.verdict].ljust(column)
    room = max(width - column - 2, _NARROWEST)
    first, *more = wrap(discreet(titled(check.title, check.found)), room) or [check.title]
    yield f"{click.style(head, fg=_LOOKS[check.verdict])}  {first}"
    indent = " " * (column + 2)
    yield from (indent + line for line in more)
    if check.remedy:
        yield from (
            indent + line for line in wrap(discreet(check.remedy), room, initial_indent="→ ", subsequent_indent="  ")
        )
