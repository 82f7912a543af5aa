"""A running lap in one row."""

from textual.content import Content
from textual.reactive import var

from linkytui.i18n import _, number
from linkytui.reading.lap import LapFigures
from linkytui.tui.glyphs import glyphs
from linkytui.tui.tints import badge
from linkytui.tui.widgets.lines import Lines, sides
from linkytui.wording.terms import kwh


class LapBar(Lines):
    """How long, how much, mean and peak. Hidden while no lap runs."""

    lap: var[LapFigures | None] = var(None)

    def watch_lap(self, lap: LapFigures | None) -> None:
        self.display = lap is not None
        self.update()

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002
        lap = self.lap
        if lap is None:
            return []
        dot = glyphs().dot
        facts = [clock_text(lap.end - lap.start), f"{kwh(lap.total_wh)} kWh"]
        if lap.mean is not None and lap.peak is not None:
            facts.append(_("mean {power} VA").format(power=number(lap.mean)))
            facts.append(_("peak {power} VA").format(power=number(lap.peak)))
        left = Content.assemble((" " + _("Lap") + " ", badge("primary")), f" {dot.join(facts)}")
        return [sides(left, Content.assemble(("l", "bold $accent"), " " + _("stops it") + " "), width)]


def clock_text(seconds: float) -> str:
    """A length of time as a stopwatch shows it: 00:42, 1:05:09."""
    whole = max(int(seconds), 0)
    if whole < 3600:
        return f"{whole // 60:02}:{whole % 60:02}"
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
