"""`linkytui replay`: plays a recording on the screen."""

import math
from pathlib import Path

import click

from linkytui.captures.open import open_capture
from linkytui.commands.common import Invocation, run_screen, takes_invocation
from linkytui.i18n import _
from linkytui.line.sources.capture import CaptureSource

_FASTEST = "max"


def _speed(_context: click.Context, _option: click.Parameter, text: str) -> float | None:
    """How many times faster; None is as fast as it can be read."""
    if text == _FASTEST:
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = math.nan
    if not 0 < speed < math.inf:
        raise click.BadParameter(_("{value} is neither a number above 0 nor max.").format(value=text))
    return speed


@click.command(
    help=_(
        "Play a recording on the screen: one made by linkytui, or bytes that any tool captured from a "
        "meter. Space pauses, the arrows skip, + and - change the speed. Nothing is stored or sent."
    )
)
@click.argument("capture", metavar=_("CAPTURE"), type=click.Path(path_type=Path))
@click.option(
    "--speed",
    callback=_speed,
    default="1",
    show_default=True,
    metavar=_("N|max"),
    help=_("Play N times faster, or as fast as possible."),
)
@click.option("--loop", is_flag=True, help=_("Start over at the end."))
@takes_invocation
def command(invocation: Invocation, capture: Path, speed: float | None, loop: bool) -> None:
    """Show a recording."""
    # --help answers without loading the screen.
    from linkytui.tui.app import LinkyApp
    from linkytui.tui.session import RecordingSession

    source = CaptureSource(open_capture(capture), speed=speed, loop=loop)
    run_screen(LinkyApp(RecordingSession(invocation.keeper, source)))
