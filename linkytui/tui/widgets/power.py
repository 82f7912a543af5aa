"""The power drawn now, big, and how much of the subscribed power that is."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.reactive import var

from linkytui.i18n import _, number, time_of_day
from linkytui.reading import Reading
from linkytui.reading.active_power import ActivePower
from linkytui.tui.glyphs import ASCII, glyphs
from linkytui.tui.widgets.big_number import big_number, grouped
from linkytui.tui.widgets.lines import Lines
from linkytui.wording.terms import duration

if TYPE_CHECKING:
    from linkytui.history.today import Today

_DIGITS: Final = 5
_UNCERTAIN: Final = 0.25
"""Share of the active power that its error may be; a figure that may be twice as much tells nothing."""
_MUCH: Final = 0.8  # share of the subscribed power from which on the gauge warns


class PowerPanel(Lines):
    """Apparent power in VA, large; beside it the share of the subscription, currents, voltage; below it a gauge."""

    reading: var[Reading | None] = var(None)
    active: var[ActivePower | None] = var(None)  # None until the registers have moved enough to tell
    today: var["Today | None"] = var(None)
    old: var[bool] = var(False)  # the values are not of now
    _higher: tuple[int, datetime] | None = None
    """A power above the peak that the history knew of, and when it was drawn."""

    def speak(self) -> None:
        self.border_title = _("Power now")
        self.border_subtitle = self._of_today()
        super().speak()

    def _of_today(self) -> str | None:
        """Peak and mean since midnight; None before anything is written."""
        power = self.today.span.power if self.today else None
        if power is None:
            return None
        peak, at = power.max, power.max_at
        if self._higher is not None and self._higher[0] > peak and self._higher[1].date() == at.date():
            peak, at = self._higher
        return _("today: peak {peak} at {time}, mean {mean} VA").format(
            peak=number(peak), time=time_of_day(at), mean=number(power.mean)
        )

    def watch_reading(self, reading: Reading | None) -> None:
        self.set_class(bool(reading and reading.over_subscription), "-over")
        self._note_peak(reading)
        self.update()

    def _note_peak(self, reading: Reading | None) -> None:
        """Take in a power above today's peak at once: the history tells of it some seconds later."""
        power = self.today.span.power if self.today else None
        if power is None or reading is None or reading.power is None:
            return
        at = datetime.fromtimestamp(reading.at, power.max_at.tzinfo)
        known = self._higher[0] if self._higher is not None and self._higher[1].date() == at.date() else 0
        if reading.power > max(known, power.max):
            self._higher = (reading.power, at)
            self.speak()

    watch_active = Lines.update

    def watch_today(self, old: "Today | None", new: "Today | None") -> None:
        if (old and old.span.power) != (new and new.span.power):
            self.speak()

    def watch_old(self, old: bool) -> None:
        self.set_class(old, "-old")

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002 -- always four
        reading = self.reading
        load = reading.load if reading else None
        style = _style(reading)
        digits = _plain(reading) if glyphs() is ASCII else _big(reading)
        facts = _facts(reading, self.active, width - len(digits[0]) - 2)
        rows = [
            Content.assemble((digit + "  ", f"bold {style}"), fact) for digit, fact in zip(digits, facts, strict=True)
        ]
        return [*rows, _gauge(load, style, width)]


def _shown(reading: Reading | None) -> int | None:
    """The power to show large: what is given to the grid while it is, else what is drawn; VA."""
    if reading is None:
        return None
    return reading.injected_power if reading.injected_power else reading.power


def _plain(reading: Reading | None) -> tuple[str, ...]:
    """The number as it is written, on the middle row."""
    value = _shown(reading)
    return " " * 9, ("-" if value is None else number(value)).rjust(8) + " ", " " * 9


def _big(reading: Reading | None) -> tuple[str, ...]:
    value = _shown(reading)
    if value is None:
        return tuple(
            row.ljust(len(blank)) for row, blank in zip(big_number("---"), big_number(grouped(0, _DIGITS)), strict=True)
        )
    return big_number(grouped(value, _DIGITS))


def _style(reading: Reading | None) -> str:
    if reading is None:
        return "$quiet"
    if reading.injected_power:
        return "$tint-injection"
    if reading.over_subscription or (reading.load or 0) > 1:
        return "$tint-over"
    return "$warning" if (reading.load or 0) > _MUCH else "$foreground"


def _facts(reading: Reading | None, active: ActivePower | None, room: int) -> list[Content]:
    """The three lines beside the number, in so many cells."""
    if reading is None:
        return [Content("VA"), Content(""), Content("")]
    first = Content.assemble(("VA", "bold"))
    third = _electrical(reading)
    if reading.injected_power:
        first = Content.assemble(("VA", "bold"), (f"  {glyphs().up} " + _("fed to the grid"), "bold $tint-injection"))
    elif active is not None and active.error <= _UNCERTAIN * active.watts:
        first = Content.assemble(
            ("VA", "bold"),
            f"  {glyphs().about} {number(_rounded(active))} W",
            (f" {glyphs().plus_minus}{number(active.error)}", "$quiet"),
        )
        window = _("W over {time}").format(time=duration(active.window))
        third = _joined(third, window, room)
    second = Content("")
    if reading.load is not None and reading.subscribed is not None and not reading.injected_power:
        share = number(reading.load * 100)
        second = Content.assemble(
            (f"{share} %", "bold " + _style(reading)),
            (" " + _("of {power} kVA").format(power=_kva(reading.subscribed)), "$quiet"),
        )
    elif reading.subscribed is not None:
        second = Content.styled(_("{power} kVA subscribed").format(power=_kva(reading.subscribed)), "$quiet")
    return [first, second, Content.styled(third, "$quiet")]


def _joined(text: str, more: str, room: int) -> str:
    """Both where they find room, else the first."""
    both = glyphs().dot.join(filter(None, (text, more)))
    return both if len(both) <= room else text


def _rounded(active: ActivePower) -> float:
    """Watts without digits that the uncertainty makes meaningless."""
    return round(active.watts, -1 if active.error >= 10 else 0)


def _kva(power: float) -> str:
    return number(power, 0 if power == int(power) else 1)


def _electrical(reading: Reading) -> str:
    """Currents and voltages, one figure or one a phase."""
    parts = []
    if reading.currents:
        parts.append(" / ".join("-" if value is None else str(value) for value in reading.currents) + " A")
    voltages = [value for value in reading.voltages if value is not None]
    if voltages:
        low, high = min(voltages), max(voltages)
        parts.append(f"{low} V" if low == high else f"{low}-{high} V")
    return glyphs().dot.join(parts)


def _gauge(load: float | None, style: str, width: int) -> Content:
    """A bar as wide as the row: the share of the subscribed power."""
    if load is None:
        return Content.styled(glyphs().rest * width, "$frame")
    filled = min(round(load * width), width)
    bar = style if style != "$foreground" else "$success"
    return Content.assemble((glyphs().full * filled, f"bold {bar}"), (glyphs().rest * (width - filled), "$frame"))
