"""The power drawn now, big, and how much of the subscribed power that is."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.reactive import var

from linkytui.i18n import _, number, time_of_day
from linkytui.reading import Reading
from linkytui.reading.active_power import ActivePower
from linkytui.reading.model import Maximum
from linkytui.tui.canvas import FULL
from linkytui.tui.glyphs import glyphs
from linkytui.tui.widgets.big_number import FIGURE_SPACE, LARGE_ROWS, big_number, grouped, large_number
from linkytui.tui.widgets.lines import Lines
from linkytui.wording.terms import duration

if TYPE_CHECKING:
    from linkytui.history.today import Today

_DIGITS: Final = 5
_FACTS: Final = 30  # cells beside the number that the facts need
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
    _meters_highest: Maximum | None = None  # what the meter calls the highest of its day

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
        meters = self.reading.maximum_today if self.reading else None
        if meters is not None and meters.when is not None and meters.power > peak and meters.when.date() == at.date():
            # It counts while nobody listens, too.
            return _("today: peak {peak} at {time} (the meter), mean {mean} VA").format(
                peak=number(meters.power), time=time_of_day(meters.when), mean=number(power.mean)
            )
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
        highest = reading.maximum_today if reading else None
        if highest != self._meters_highest:
            self._meters_highest = highest
            self.speak()
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

    watch_old = Lines.update

    def lines(self, width: int, height: int) -> list[Content]:
        reading = self.reading
        load = reading.load if reading else None
        style = _style(reading)
        digits = _digits(reading, width, height - 1)
        facts = _facts(reading, self.active, width - len(digits[0]) - 2)
        margin = [Content("")] * ((len(digits) - len(facts)) // 2)  # beside tall digits they stand in the middle
        rows = [
            Content.assemble((digit + "  ", f"bold {style}"), fact)
            for digit, fact in zip(digits, (*margin, *facts, *margin), strict=True)
        ]
        shown = [*rows, _gauge(load, style, width)]
        return [Content.styled(row.plain, "$quiet") for row in shown] if self.old else shown


def _shown(reading: Reading | None) -> int | None:
    """The power to show large: what is given to the grid while it is, else what is drawn; VA."""
    if reading is None:
        return None
    return reading.injected_power if reading.injected_power else reading.power


def _digits(reading: Reading | None, width: int, rows: int) -> tuple[str, ...]:
    """The number as large as there is room for it and as the terminal can show it, in three rows or five."""
    signs = glyphs()
    large = large_number(_written(reading))
    if rows >= LARGE_ROWS and signs.levels[-1] == FULL and len(large[0]) + _FACTS <= width:
        return large
    return big_number(_written(reading)) if signs.solid else _plain(reading)


def _written(reading: Reading | None) -> str:
    """The number with room for five digits, whatever it is."""
    value = _shown(reading)
    if value is None:
        return "---".ljust(_DIGITS, FIGURE_SPACE) + " "
    return grouped(value, _DIGITS)


def _plain(reading: Reading | None) -> tuple[str, ...]:
    """The number as it is written, on the middle row."""
    value = _shown(reading)
    return " " * 9, ("-" if value is None else number(value)).rjust(8) + " ", " " * 9


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
    elif active is not None and (watts := _watts(reading, active)) is not None:
        first = Content.assemble(
            ("VA", "bold"),
            f"  {glyphs().about} {number(watts)} W",
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


def _watts(reading: Reading, active: ActivePower) -> float | None:
    """Watts without digits that the uncertainty makes meaningless; None where they would say more than they know.

    No appliance draws more W than VA: where the window of the registers still holds what was drawn before, they are of
    another moment than the power beside them.
    """
    power = reading.power
    if active.error > _UNCERTAIN * active.watts or (power is not None and active.watts - active.error > power):
        return None
    watts = round(active.watts, -1 if active.error >= 10 else 0)
    return watts if power is None else min(watts, power)


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
