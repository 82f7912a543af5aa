"""The energy registers in kWh: the running one marked, how much today."""

from collections.abc import Mapping
from typing import Final

from textual.content import Content
from textual.reactive import var

from linkytui.i18n import _
from linkytui.reading import Reading
from linkytui.tui.glyphs import glyphs
from linkytui.tui.tints import tint_of
from linkytui.tui.widgets.lines import Lines, sides
from linkytui.wording.terms import kwh, register_name

_TODAY: Final = 8  # cells of what was drawn today, the space before it included


class RegistersPanel(Lines):
    """One row a register, and the totals drawn and injected."""

    reading: var[Reading | None] = var(None)
    today: var[Mapping[str, int] | None] = var(None)  # Wh per register since midnight; None where there is no history

    def speak(self) -> None:
        self.border_title = _("Energy, kWh")
        self.border_subtitle = _("index and today") if self.today else None
        super().speak()

    called: var[Mapping[str, str]] = var({})  # what meter and offer call the registers of an own calendar

    watch_reading = watch_called = Lines.update

    def watch_today(self) -> None:
        self.speak()

    def lines(self, width: int, height: int) -> list[Content]:
        reading = self.reading
        if reading is None or not (reading.registers or reading.total):
            return [Content.styled(_("no register yet"), "$quiet")]
        marker = glyphs().running
        rows = [
            self._row(register_name(name, self.called), value, name, width, marker if name == reading.period else " ")
            for name, value in reading.registers.items()
        ]
        extra = []
        if len(reading.registers) != 1 and reading.total is not None:
            extra.append(self._row(_("Total"), reading.total, None, width, " "))
        if reading.injected is not None:
            extra.insert(0, self._row(_("Injected"), reading.injected, "INJ", width, " "))
        room = max(height - len(rows), 0)
        return rows + extra[:room]

    def _row(self, title: str, watt_hours: int, register: str | None, width: int, marker: str) -> Content:
        running = marker.strip() != ""
        tint = "$tint-injection" if register == "INJ" else f"$tint-{tint_of(register)}" if register else "$quiet"
        name = Content.assemble((f"{marker} ", f"bold {tint}"), (title, f"bold {tint}" if running else tint))
        value = kwh(watt_hours)
        today = ""
        if self.today is not None:
            today = f"+{kwh(self.today[register], 2)}" if register is not None and register in self.today else ""
            today = today.rjust(_TODAY)
        weight = "bold" if running else ""
        return sides(name, Content.assemble((value, weight), (today, "$quiet")), width)
