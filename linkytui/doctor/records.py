"""Checks of what is kept: the history on the disk, its gaps, and the prices that bills go by."""

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

from linkytui.billing.account import Account
from linkytui.billing.hours import learned_hours
from linkytui.billing.kept_hours import read_hours
from linkytui.billing.plan import Plan, why_no_price
from linkytui.civil.days import DAY, ONE_DAY, local
from linkytui.civil.off_peak import OffPeak
from linkytui.civil.price_days import next_change
from linkytui.civil.spans import By
from linkytui.civil.times import Timestamp
from linkytui.doctor.check import Check, Verdict
from linkytui.doctor.listening import Heard
from linkytui.errors import LinkytuiError
from linkytui.history.schema import FILE_NAME
from linkytui.i18n import _, long_date, number, titled
from linkytui.reading.learned import alike_hours, as_windows
from linkytui.reading.model import Reading
from linkytui.settings.model import Settings
from linkytui.tariffs.status import StatusFile, sources_of
from linkytui.wording.terms import duration, percent, register_name
from linkytui.wording.until import windows_text

_MB: Final = 1e6
_LITTLE_ROOM: Final = 200e6  # bytes of free disk below which there is soon no room for a year
_NO_ROOM: Final = 5e6  # bytes below which nothing can be written any more

_OLD: Final = 120.0  # seconds after which a history that is written every ten seconds has stopped

_GAPS_SHARE: Final = 0.05  # of a week that may be missing

_PRICE: Final = (Decimal("0.03"), Decimal(2))  # EUR/kWh between which a price can be meant


def record_checks(settings: Settings, heard: Heard, now: Timestamp) -> Iterator[Check]:
    """What history, hours and prices tell, beside what the meter says now."""
    latest, read = heard.latest, heard.report is not None
    if not settings.history.enabled:
        yield Check("history", _("History"), Verdict.ATTENTION, _("switched off"), _("Set enabled in [history]."))
        return
    if heard.report is not None and heard.report.history_trouble:
        yield Check("recording", _("Recording"), Verdict.WRONG, heard.report.history_trouble)
    account = Account.open(settings)
    folder = account.reader.folder
    try:
        yield _history(account, now, read=read)
        if (gaps := _gaps(account, now)) is not None:
            yield gaps
    except LinkytuiError as error:
        yield Check("history", _("History"), Verdict.WRONG, str(error), _("{path} holds it.").format(path=folder))
        return
    except OSError as error:
        yield Check("history", _("History"), Verdict.WRONG, titled(str(folder), str(error.strerror)), "")
        return
    if (hours := _off_peak(account, heard, now)) is not None:
        yield hours
    yield from _prices(account, latest, now)


def _off_peak(account: Account, heard: Heard, now: Timestamp) -> Check | None:
    """The meter's off-peak hours, or those that the record shows, beside those set; None where there are none."""
    latest, title = heard.latest, _("Off-peak hours")
    today = local(now, account.zone).date()
    hours = heard.hours
    known = read_hours(account.reader.folder)
    if latest is not None and known.meter_id == latest.meter_id:
        hours.take_over(known)
    switches = None
    if latest is not None:
        switches = hours.day(today, latest) or hours.day(today + ONE_DAY, latest)
    windows = as_windows(switches) if switches is not None else None
    whose = _("the meter: {windows}")
    if not windows:
        windows, whose = learned_hours(account.reader, now), _("as the record shows: {windows}")
    own = OffPeak.of(account.settings.tariff.off_peak)
    mine = None if own is None else own.windows(today)
    if not windows:
        if not mine:
            return None
        return Check("off_peak", title, Verdict.OK, _("set: {windows}").format(windows=windows_text(list(mine))))
    found = whose.format(windows=windows_text(list(windows)))
    if mine is None:
        return Check("off_peak", title, Verdict.OK, found)
    if alike_hours(windows, tuple(mine)):
        return Check("off_peak", title, Verdict.OK, _("{found}, as set").format(found=found))
    remedy = _("Correct off_peak in [tariff]: hours are changing in many homes until October 2027.")
    text = _("{found}; set: {windows}").format(found=found, windows=windows_text(list(mine)))
    return Check("off_peak", title, Verdict.ATTENTION, text, remedy)


def _history(account: Account, now: Timestamp, *, read: bool) -> Check:
    """Size, room, and when it was last written."""
    folder, title = account.reader.folder, _("History")
    room = _room(folder)
    size = sum(file.stat().st_size for file in folder.glob(f"{FILE_NAME}*") if file.is_file())
    recorded = account.reader.recorded()
    free = _("{size} MB free").format(size=number(room / _MB, 0))
    if room < _NO_ROOM:
        remedy = _("Make room: nothing can be written. What the meter says meanwhile is kept in memory.")
        return Check("history", title, Verdict.WRONG, _("{path}: the disk is full").format(path=folder), remedy)
    if recorded is None:
        found = _("nothing is recorded yet in {path}; {free}").format(path=folder, free=free)
        remedy = "" if read else _("Have the meter read day and night: linkytui service install.")
        return Check("history", title, Verdict.OK if read else Verdict.ATTENTION, found, remedy)
    first, last = recorded
    found = _("{size} MB over {span}, last written {age} ago; {free}").format(
        size=number(size / _MB, 1), span=duration(last - first), age=duration(max(0.0, now - last)), free=free
    )
    if room < _LITTLE_ROOM:
        return Check(
            "history", title, Verdict.ATTENTION, found, _("Make room on the disk of {path}.").format(path=folder)
        )
    if last > now + _OLD:
        found = _("its last entry lies {time} in the future").format(time=duration(last - now))
        return Check("history", title, Verdict.ATTENTION, found, _("Set this machine's clock."))
    if now - last > _OLD:
        remedy = _("Have the meter read day and night: linkytui service install.")
        if read:
            remedy = _("The meter is read but nothing is written: see the checks of port and service, and the log.")
        return Check("history", title, Verdict.WRONG if read else Verdict.ATTENTION, found, remedy)
    return Check("history", title, Verdict.OK, found)


def _room(folder: Path) -> int:
    """Bytes that this user may still write where a folder is, or would be."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def _gaps(account: Account, now: Timestamp) -> Check | None:
    """What is missing of the last week; None before there is a day of record."""
    recorded = account.reader.recorded()
    if recorded is None or now - recorded[0] < DAY:
        return None
    start = max(now - 7 * DAY, recorded[0])
    gaps = account.reader.gaps(start, now)
    lost = sum(gap.end - gap.start for gap in gaps) + max(0.0, now - max(recorded[1], start))
    share = lost / (now - start)
    begin, end = (local(at, account.zone) for at in (start, now))
    spans = account.reader.spans(By.DAY, begin, end)
    drawn, estimated = sum(span.total_wh for span in spans), sum(span.estimated_wh for span in spans)
    title = _("Gaps")
    if not gaps and share < _GAPS_SHARE:
        return Check("gaps", title, Verdict.OK, _("none in {time}").format(time=duration(now - start)))
    found = _("{count} in {span}, {time} in all; {share} of the energy is estimated").format(
        count=len(gaps),
        span=duration(now - start),
        time=duration(lost),
        share=percent(estimated / drawn if drawn else 0),
    )
    if share < _GAPS_SHARE:
        return Check("gaps", title, Verdict.OK, found)
    return Check(
        "gaps", title, Verdict.ATTENTION, found, _("Have the meter read day and night: linkytui service install.")
    )


def _prices(account: Account, latest: Reading | None, now: Timestamp) -> Iterator[Check]:
    """What the bill goes by, how old it is, and what cannot be meant."""
    title, today = _("Prices"), local(now, account.zone).date()
    plan = account.plan(
        now, contract=latest.contract if latest else None, subscribed_kva=latest.subscribed if latest else None
    )
    if (odd := _odd(plan)) is not None:
        yield Check("prices", title, Verdict.WRONG, *odd)
        return
    offer = plan.prices(account.book)(plan.contract, today)
    if offer is None:
        yield Check(
            "prices", title, Verdict.WRONG, _("none is known"), why_no_price(plan, account.book, plan.contract, today)
        )
        return
    since = _("by hand") if offer.valid_from is None else _("since {day}").format(day=long_date(offer.valid_from))
    found = _("{offer}, {power} kVA, {since} ({source}); prices may change on {next}").format(
        offer=plan.title,
        power=offer.power_kva,
        since=since,
        source=offer.source.file,
        next=long_date(next_change(today)),
    )
    if plan.assumed:
        remedy = _("Set provider and offer in [tariff], unless this is yours.")
        yield Check("prices", title, Verdict.ATTENTION, _("assumed: {found}").format(found=found), remedy)
    elif (day := account.book.overdue(today, plan.key)) is not None:
        text = _("{found}; new ones were expected on {day}").format(found=found, day=long_date(day))
        yield Check("prices", title, Verdict.ATTENTION, text, _("Fetch them: linkytui prices --fetch."))
    else:
        yield Check("prices", title, Verdict.OK, found)
    if (grids := _grids(account.settings)) is not None:
        yield grids


def _odd(plan: Plan) -> tuple[str, str] | None:
    """A price by hand that cannot be meant, and what to do; None when there is none."""
    for register, price in (plan.hand.prices if plan.hand is not None else {}).items():
        if not _PRICE[0] <= price <= _PRICE[1]:
            found = _("{register} costs {price} EUR per kWh by hand").format(
                register=register_name(register), price=number(float(price), 4)
            )
            return found, _("Prices are in euros, taxes included, such as 0.1952: correct it in [tariff.prices].")
    return None


def _grids(settings: Settings) -> Check | None:
    """What was wrong with grids that were fetched; None when nothing was."""
    known = StatusFile().read()
    failed = [
        (source, known[source.place].error)
        for source in sources_of(settings.tariff)
        if source.place in known and known[source.place].error
    ]
    if not failed:
        return None
    source, error = failed[0]
    found = _("{count} could not be read: {first}").format(count=len(failed), first=titled(source.title, str(error)))
    return Check("grids", _("Price grids"), Verdict.ATTENTION, found, _("Prices read before stay in force."))
