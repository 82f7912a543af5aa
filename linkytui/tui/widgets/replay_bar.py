"""The playback position in a recording."""

from textual.content import Content
from textual.reactive import var

from linkytui.i18n import _, number
from linkytui.line.playback import Playback
from linkytui.tui.glyphs import glyphs
from linkytui.tui.widgets.lines import Lines


class ReplayBar(Lines):
    """Playing or held, speed, position and length, and a bar with a knob. Hidden while nothing is replayed."""

    playback: var[Playback | None] = var(None)

    def watch_playback(self, playback: Playback | None) -> None:
        self.display = playback is not None
        self.update()

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002
        playback = self.playback
        if playback is None:
            return []
        sign = glyphs().pause if playback.paused else glyphs().play
        left = f" {sign} {speed_text(playback.speed)}  {_clock(playback.position)} "
        right = f" {_clock(playback.duration)}" + ("  " + _("loop") + " " if playback.loop else " ")
        room = max(width - len(left) - len(right), 1)
        share = playback.position / playback.duration if playback.duration else 0.0
        knob = round(min(max(share, 0.0), 1.0) * (room - 1))
        return [
            Content.assemble(
                (left, "bold"),
                (glyphs().full * knob, "$accent"),
                (glyphs().knob, "bold $accent"),
                (glyphs().rest * (room - 1 - knob), "$frame"),
                right,
            )
        ]


def speed_text(speed: float | None) -> str:
    """A speed as people write it: ×1, ×60, ×0.5."""
    if speed is None:
        return _("full speed")
    return f"{glyphs().times}{number(speed, 0 if speed == int(speed) else 2)}"


def _clock(seconds: float) -> str:
    whole = int(seconds)
    if whole < 3600:
        return f"{whole // 60:02}:{whole % 60:02}"
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
