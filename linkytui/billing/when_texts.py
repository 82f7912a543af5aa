"""When to run something, in words."""

from collections.abc import Iterator
from datetime import tzinfo
from decimal import Decimal

from linkytui.billing.when import Choice
from linkytui.civil.days import ONE_DAY, local
from linkytui.civil.times import Timestamp
from linkytui.i18n import _, number, short_date, time_of_day, weekday
from linkytui.reading.ahead import Origin
from linkytui.wording.terms import money
from linkytui.wording.until import origin_text


def when_lines(choice: Choice, limit: Timestamp, now: Timestamp, zone: tzinfo) -> Iterator[str]:
    """The answer, the most important first."""
    best = choice.best if choice.saved else choice.now
    end = moment_text(best.end, now, zone)
    if choice.one_price:
        yield _("It does not matter when: {eur} EUR at any time, done by {end} if you start now.").format(
            eur=money(best.eur), end=end
        )
        return
    if best.start == choice.now.start:
        yield _("Start now: {eur} EUR, done by {end}.").format(eur=money(best.eur), end=end)
        yield _("No later time up to {limit} is cheaper.").format(limit=moment_text(limit, now, zone))
        return
    text = _("Start at {start}: {eur} EUR, done by {end}.")
    yield text.format(start=moment_text(best.start, now, zone), eur=money(best.eur), end=end)
    text = _("Now it would cost {eur} EUR: waiting saves {saved} EUR.")
    yield text.format(eur=money(choice.now.eur), saved=money(choice.saved))


def known_text(known_until: Timestamp, origin: Origin | None, now: Timestamp, zone: tzinfo) -> str:
    """How far the prices are known, and who says the hours."""
    until = moment_text(known_until, now, zone)
    if origin is None:
        return _("Prices are known until {time}.").format(time=until)
    text = _("Prices are known until {time}; hours: {origin}.")
    return text.format(time=until, origin=origin_text(origin))


def too_long_text(
    kwh: Decimal, kw: Decimal, limit: Timestamp, known_until: Timestamp, now: Timestamp, zone: tzinfo
) -> str:
    """Why there is no time for it."""
    hours, until = number(float(kwh / kw), 1), moment_text(limit, now, zone)
    if limit < known_until:
        return _("It takes {hours} h, too long to be done by {time}.").format(hours=hours, time=until)
    return _("It takes {hours} h, and prices are known only until {time}.").format(hours=hours, time=until)


def moment_text(at: Timestamp, now: Timestamp, zone: tzinfo) -> str:
    """A moment of today or tomorrow: the time of day, with the day where it is not the same."""
    when, today = local(at, zone), local(now, zone).date()
    clock = time_of_day(when)
    if when.date() == today:
        return clock
    if when.date() == today + ONE_DAY:
        return _("{time} tomorrow").format(time=clock)
    return f"{weekday(when.date())} {short_date(when.date())} {clock}"
