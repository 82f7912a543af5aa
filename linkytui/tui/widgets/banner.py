"""The banner above the strip: what is wrong and what to do; empty while all is well."""

from typing import Final

from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from linkytui.i18n import _, number
from linkytui.link import Link, LinkState
from linkytui.reading import Reading
from linkytui.tui.glyphs import glyphs
from linkytui.wording.terms import mode_name, state_advice

MODE_CHANGE_SHOWN: Final = 600.0  # seconds for which a change of the meter's mode is told


class Banner(Static):
    """A title and its remedy. Hidden while the line is live and nothing calls for attention."""

    link: var[Link] = var(Link())
    reading: var[Reading | None] = var(None)
    now: var[float] = var(0.0)  # seconds since 1970
    trouble: var[str] = var("")  # what is wrong with the history; empty when all is well

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._said: tuple[str, str, str] = ("", "", "")

    def speak(self) -> None:
        """Say it in the language spoken now."""
        self._said = ("", "", "")
        self._say()

    def _say(self) -> None:
        if not self.is_mounted:
            return
        said = kind, title, text = self._what()
        if said == self._said:
            return
        self._said = said
        self.display = bool(title)
        for name in ("alarm", "down", "note"):
            self.set_class(kind == name, f"-{name}")
        sign = f"{glyphs().alarm} " if kind == "alarm" else ""
        self.update(Content.assemble((sign + title, "bold"), ("\n" + text) if text else ""))

    on_mount = watch_link = watch_reading = watch_trouble = watch_now = _say

    def _what(self) -> tuple[str, str, str]:
        """Kind (alarm, down, note or nothing), title and text of what matters most."""
        title, text = state_advice(self.link)
        if title:
            return "down" if self.link.state not in (LinkState.WAITING, LinkState.ENDED) else "note", title, text
        reading = self.reading
        if reading is not None and reading.over_subscription:
            return "alarm", _("Over the subscribed power"), _over(reading)
        changed = self.link.mode_changed_at
        if changed is not None and self.link.mode is not None and 0 <= self.now - changed < MODE_CHANGE_SHOWN:
            return (
                "note",
                _("The meter has switched to {mode}").format(mode=mode_name(self.link.mode)),
                _("The grid operator has changed its mode. Reading and history continue."),
            )
        if self.trouble:
            return "down", _("History"), self.trouble
        return "", "", ""


def _over(reading: Reading) -> str:
    if reading.over_phases:
        phases = ", ".join(map(str, reading.over_phases))
        return _("Phase {phases} is overloaded: switch something off before the breaker trips.").format(phases=phases)
    if reading.power is None or reading.subscribed is None:
        return _("Switch something off before the breaker trips.")
    return _("{power} VA of {subscribed} VA: switch something off before the breaker trips.").format(
        power=number(reading.power), subscribed=number(reading.subscribed * 1000)
    )
