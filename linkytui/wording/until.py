"""Until when a period lasts and what follows, in words: "peak until 22:30, then 8 h off-peak"."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Final

from linkytui.civil.days import DAY, HOUR, MINUTE, ONE_DAY, local
from linkytui.civil.times import Timestamp
from linkytui.i18n import N_, _, time_of_day, weekday
from linkytui.reading.ahead import Origin, Outlook, Period, Stretch
from linkytui.reading.meter_hours import DaySwitches
from linkytui.wording.terms import meter_words

_NAMES: Final[Mapping[str, str]] = {
    "HC": N_("off-peak"),
    "HP": N_("peak"),
    "HN": N_("normal hours"),
    "PM": N_("mobile peak"),
    "HCJB": N_("blue off-peak"),
    "HPJB": N_("blue peak"),
    "HCJW": N_("white off-peak"),
    "HPJW": N_("white peak"),
    "HCJR": N_("red off-peak"),
    "HPJR": N_("red peak"),
}


def until_text(outlook: Outlook | None) -> str:
    """The sentence of an outlook; empty where there is nothing to say.

    It ends with what is known: without a length where the hours of a change of the clocks leave it open.
    """
    if outlook is None or not outlook.stretches:
        return ""
    here = outlook.stretches[0]
    name = period_words(here.period, outlook.names)
    if outlook.from_tomorrow:
        return _from_tomorrow(outlook, name)
    if not here.sure:
        return ""
    if not here.ends:
        if here.end - here.start < DAY:
            return ""  # it only ends where the knowledge does
        return _("{period} until at least midnight tomorrow").format(period=name)
    time = until_time(here, here.start, outlook.zone)
    after = outlook.stretches[1] if len(outlook.stretches) > 1 else None
    if after is None:
        return _("{period} until {time}").format(period=name, time=time)
    following = period_words(after.period, outlook.names)
    if not after.ends or not after.sure:
        text = _("{period} until {time}, then {next}")
        return text.format(period=name, time=time, next=following)
    if _is_tempo(after.period) or _is_tempo(here.period):
        text = _("{period} until {time}, then {next} until {end}")
        return text.format(period=name, time=time, next=following, end=until_time(after, here.start, outlook.zone))
    text = _("{period} until {time}, then {length} {next}")
    return text.format(period=name, time=time, length=length_text(after.end - after.start), next=following)


def _from_tomorrow(outlook: Outlook, name: str) -> str:
    here = outlook.stretches[0]
    if not here.sure:
        return ""
    if not here.ends:
        return _("tomorrow: {period} all day").format(period=name)
    return _("tomorrow: {period} until {time}").format(period=name, time=until_time(here, here.start, outlook.zone))


def short_until(outlook: Outlook | None) -> str:
    """The next change alone, where there is little room: "until 22:30"; empty where none is known."""
    if outlook is None or outlook.from_tomorrow or not outlook.stretches:
        return ""
    here = outlook.stretches[0]
    return _("until {time}").format(time=until_time(here, here.start, outlook.zone)) if here.ends and here.sure else ""


def then_text(outlook: Outlook | None) -> str:
    """What follows the next change: "then 8 h off-peak"; empty where that is not known."""
    if outlook is None or not short_until(outlook) or len(outlook.stretches) < 2:
        return ""
    here, after = outlook.stretches[:2]
    following = period_words(after.period, outlook.names)
    if not after.ends or not after.sure:
        return _("then {next}").format(next=following)
    if _is_tempo(after.period) or _is_tempo(here.period):
        return _("then {next} until {end}").format(next=following, end=until_time(after, here.start, outlook.zone))
    return _("then {length} {next}").format(length=length_text(after.end - after.start), next=following)


def origin_text(origin: Origin) -> str:
    """Who says the hours, in few words."""
    match origin:
        case Origin.METER:
            return _("meter's timetable")
        case Origin.SETTINGS:
            return _("your settings")
        case Origin.LEARNED:
            return _("learned")


def period_words(period: Period, names: Mapping[str, str]) -> str:
    """A period within a sentence; the supplier's own words, or the register's number, where it has no name."""
    register = period.register
    if register is not None and register in _NAMES:
        return _(_NAMES[register])
    if period.off_peak is not None:
        return _("off-peak") if period.off_peak else _("peak")
    if register is None:
        return ""
    return meter_words(names.get(register, "")) or _("register {number}").format(number=int(register[4:]))


def until_time(stretch: Stretch, now: Timestamp, zone: tzinfo) -> str:
    """When a stretch ends, with the day of the week where that is more than a day ahead."""
    end = local(stretch.end, zone)
    far = end.date() > local(now, zone).date() + ONE_DAY or stretch.end - now > DAY + HOUR
    return f"{weekday(end.date())} {time_of_day(end)}" if far else time_of_day(end)


def length_text(seconds: float) -> str:
    """A length in hours and minutes: `8 h`, `9 h 30`, `45 min`."""
    hours, minutes = divmod(round(seconds / MINUTE), 60)
    if not hours:
        return _("{n} min").format(n=minutes)
    return f"{hours} h {minutes:02}" if minutes else f"{hours} h"


def hours_text(switches: DaySwitches) -> str:
    """The off-peak hours of a day, `22:30-06:30`; those of every register by its number where there are others than 1
    and 2.
    """
    if {number for _second, number in switches} <= {1, 2}:
        return windows_text([(first, end) for first, end, number in _spans(switches) if number == 1])
    return ", ".join(
        f"{_clock(first)}-{_clock(end)} " + _("register {number}").format(number=number)
        for first, end, number in _spans(switches)
    )


def windows_text(windows: list[tuple[int, int]]) -> str:
    """Stretches of a day in seconds after midnight, as people say them: over midnight in one piece."""
    windows = sorted(windows)
    if len(windows) > 1 and windows[0][0] == 0 and windows[-1][1] == DAY:
        windows = [*windows[1:-1], (windows[-1][0], windows[0][1])]
    return ", ".join(f"{_clock(first)}-{_clock(end)}" for first, end in windows)


def _spans(switches: DaySwitches) -> list[tuple[int, int, int]]:
    ends = [second for second, _number in switches[1:]] + [DAY]
    return [(first, end, number) for (first, number), end in zip(switches, ends, strict=True)]


def _clock(second: int) -> str:
    return f"{second // HOUR:02}:{second % HOUR // MINUTE:02}"


def _is_tempo(period: Period) -> bool:
    return period.register is None or period.register[-2:] in ("JB", "JW", "JR")
