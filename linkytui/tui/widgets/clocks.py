"""The meter's clock beside this machine's, and whether a time server keeps that right."""

from collections.abc import Iterator
from typing import Final

from textual.content import Content
from textual.reactive import var

from linkytui.civil.days import local
from linkytui.i18n import _, time_of_day
from linkytui.reading import Reading
from linkytui.tui.widgets.lines import Lines
from linkytui.wording.terms import duration

_APART: Final = 60.0  # seconds from which on the difference is worth a colour: a meter is set now and then


class Clocks(Lines):
    """One row; what finds no room in it is left out."""

    now: var[float] = var(0.0)
    reading: var[Reading | None] = var(None)
    synchronised: var[bool | None] = var(None)
    """Whether this machine says that its clock is; None where nobody asked it, or its clock does not count."""

    watch_now = watch_reading = watch_synchronised = Lines.update

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002 -- one row
        """Both clocks, their difference, the machine's word."""
        first, *rest = self._parts()
        text = first[0] if len(first[0]) < width else _("Clocks")
        row = Content.styled(f" {text}", first[1])
        for part in rest:
            longer = Content.assemble(row, "  ", part)
            if longer.cell_length <= width:
                row = longer
        return [row]

    def _parts(self) -> Iterator[tuple[str, str]]:
        reading, here = self.reading, _shown(self.now)
        if reading is None or reading.meter_time is None:
            yield _("Clocks: machine {here}").format(here=here), "$quiet"
        else:
            ahead = reading.meter_time.timestamp() - reading.at
            text = _("Clocks: meter {meter}, machine {here}")
            yield text.format(meter=_shown(self.now + ahead), here=here), "$quiet"
            yield _difference(ahead), "$warning" if abs(ahead) >= _APART else "$quiet"
            if reading.clock_degraded:
                yield _("the meter doubts its own"), "$warning"
        if self.synchronised is not None:
            yield (_("synchronised"), "$quiet") if self.synchronised else (_("not synchronised"), "$warning")


def _shown(at: float) -> str:
    return time_of_day(local(at), seconds=True)


def _difference(ahead: float) -> str:
    """By how much the meter's clock is ahead of the machine's or behind it, in words."""
    if abs(ahead) < 1:
        return _("the same")
    words = _("{time} ahead") if ahead > 0 else _("{time} behind")
    return words.format(time=duration(abs(ahead)))
