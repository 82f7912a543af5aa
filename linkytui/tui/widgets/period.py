"""The tariff period as a badge, Tempo's days, notices."""

from collections.abc import Mapping
from datetime import date

from textual.content import Content
from textual.reactive import var

from linkytui.civil.days import ONE_DAY
from linkytui.civil.tempo import days_left, tempo_day
from linkytui.i18n import _
from linkytui.reading import Contract, Reading
from linkytui.reading.ahead import Outlook
from linkytui.reading.outlook import Hours
from linkytui.tic import Colour
from linkytui.tui.glyphs import glyphs
from linkytui.tui.tints import badge, tint_of
from linkytui.tui.widgets.lines import Lines, sides
from linkytui.wording.terms import clock_time, colour_name, contract_name, period_name
from linkytui.wording.until import origin_text, short_until, then_text, until_text

_TINTS = {Colour.BLUE: "$tint-blue-peak", Colour.WHITE: "$tint-white-peak", Colour.RED: "$tint-red-peak"}


class PeriodPanel(Lines):
    """The running period in words and colour; Tempo's today and tomorrow; EJP's notice; what the meter has to say."""

    reading: var[Reading | None] = var(None)
    ahead: var[Outlook | None] = var(None)
    hours: var[Hours | None] = var(None)

    def speak(self) -> None:
        self.border_title = _("Period")
        self._say_origin()
        super().speak()

    called: var[Mapping[str, str]] = var({})  # what meter and offer call the registers of an own calendar

    watch_reading = watch_hours = watch_called = Lines.update

    def watch_ahead(self, before: Outlook | None, now: Outlook | None) -> None:
        if (before and before.origin) is not (now and now.origin):
            self._say_origin()
        self.update()

    def _say_origin(self) -> None:
        """Who says the hours."""
        self.border_subtitle = origin_text(self.ahead.origin) if until_text(self.ahead) and self.ahead else None

    def lines(self, width: int, height: int) -> list[Content]:
        reading = self.reading
        if reading is None:
            return [Content.styled(_("not known yet"), "$quiet")]
        badge = _badge(reading, self.called)
        until = Content.styled(short_until(self.ahead), "bold")
        if badge.cell_length + until.cell_length < width:
            badge = sides(badge, until, width)
        notices = _notices(reading)
        days = _days(reading, self.hours)
        if height < 3:
            days = [sides(days[0], days[1], width)] if days else []
            return [badge, *days, *notices]
        left = _left(reading, self.hours) if days and self.hours else []
        return [badge, *(days or [self._detail(reading)]), *left, *notices]

    def _detail(self, reading: Reading) -> Content:
        """What comes then; the contract where nobody knows."""
        then = then_text(self.ahead) or ("" if short_until(self.ahead) else until_text(self.ahead))
        return Content.styled(then or contract_name(reading.contract), "" if then else "$quiet")


def _badge(reading: Reading, called: Mapping[str, str]) -> Content:
    name = period_name(reading, called).upper()
    if not name:
        return Content.styled(_("period not known yet"), "$quiet")
    return Content.styled(f" {name} ", badge(tint_of(reading.period)))


def _days(reading: Reading, hours: Hours | None) -> list[Content]:
    if reading.contract is not Contract.TEMPO:
        return []
    tomorrow, told = reading.tomorrow, ""
    if tomorrow is None and hours is not None:
        tomorrow = hours.colours.get(_tempo_day(reading) + ONE_DAY)
        told = f" ({hours.calendar})" if tomorrow is not None and hours.calendar else ""
    day = _day(_("tomorrow"), tomorrow, warn=tomorrow is Colour.RED) + Content.styled(told, "$quiet")
    return [_day(_("today"), reading.today), day]


def _tempo_day(reading: Reading) -> date:
    return tempo_day(reading.at if reading.meter_time is None else reading.meter_time.timestamp())


def _left(reading: Reading, hours: Hours) -> list[Content]:
    """The days that the season still has of each colour, as far as that is known; what a calendar did not answer where
    that is so.
    """
    if hours.calendar_trouble and reading.tomorrow is None:
        return [Content.styled(hours.calendar_trouble, "$quiet")]
    day = _tempo_day(reading)
    known = dict(hours.colours) if reading.today is None else {**hours.colours, day: reading.today}
    left = days_left(day, known)
    shown = [(f" {glyphs().square} {left[colour]}", _TINTS[colour]) for colour in Colour if colour in left]
    return [Content.assemble((_("left"), "$quiet"), *shown)] if shown else []


def _day(name: str, colour: Colour | None, *, warn: bool = False) -> Content:
    if colour is None:
        return Content.styled(f"{name} " + _("not known yet"), "$quiet")
    sign = glyphs().alarm if warn else glyphs().square
    return Content.assemble((f"{name} ", "$quiet"), (f"{sign} {colour_name(colour)}", f"bold {_TINTS[colour]}"))


def _notices(reading: Reading) -> list[Content]:
    """What deserves a line of its own, the most urgent first."""
    notices = []
    peak = reading.peak
    if peak is not None and not peak.running and reading.contract is not Contract.TEMPO:
        text = _("mobile peak announced")
        if peak.start is not None:
            text = _("mobile peak at {time}").format(time=clock_time(peak.start))
        elif reading.contract is Contract.EJP:
            text = _("EJP within 30 min")
        notices.append(Content.styled(f"{glyphs().alarm} {text}", "bold $warning"))
    if reading.absent_phases:
        phases = ", ".join(map(str, sorted(reading.absent_phases)))
        text = _("no voltage on phase {phases}").format(phases=phases)
        notices.append(Content.styled(f"{glyphs().alarm} {text}", "bold $error"))
    if reading.message:
        notices.append(Content.styled(reading.message, "$quiet"))
    return notices
