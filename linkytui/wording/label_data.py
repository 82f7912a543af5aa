"""A label's data in words, shown beside the raw text on the meter screen."""

from datetime import datetime
from typing import Final

from linkytui.i18n import _, language, number, short_date, time_of_day
from linkytui.tic.groups import Group
from linkytui.tic.horodate import Horodate
from linkytui.tic.labels import KNOWN_LABELS, Kind, Label, Mode
from linkytui.tic.profiles import Contact, DayProfile
from linkytui.tic.status import Breaker, Colour, Status, absent_phases, closed_relays
from linkytui.wording.terms import colour_name, register_name

_TOMORROW: Final = {"BLEU": Colour.BLUE, "BLAN": Colour.WHITE, "ROUG": Colour.RED, "----": None}


def meaning(label: str, mode: Mode) -> str:
    """What the specification says that a label is, in the language spoken now; empty for unknown labels."""
    known = KNOWN_LABELS[mode].get(label)
    if known is None:
        return ""
    return known.meaning_fr if language() == "fr" else known.meaning_en


def explain(group: Group, mode: Mode, meter_id: str | None = None, *, brief: bool = False) -> str:
    """The data of a group in words and units; the text as it stands where there is nothing to decode.

    `group`: a group whose checksum and format are right; `mode`: the mode it came in; `meter_id`: ADSC, which helps to
    read the hours of a day profile; `brief`: leave out of a moment what a row of a table has no room for: year,
    seconds, season.
    """
    known = KNOWN_LABELS[mode].get(group.label)
    value = _value(group, known, meter_id)
    if known is None or not known.horodated or group.horodate is None:
        return value
    when = Horodate.parse(group.horodate)
    if brief and when.when is not None:
        if known.kind is Kind.DATE:
            return _moment(when.when)
        return f"{value}, {short_date(when.when.date())} {time_of_day(when.when)}"
    if known.kind is Kind.DATE:
        return _horodate(when)
    return _("{value} at {when}").format(value=value, when=_horodate(when))


def _value(group: Group, known: Label | None, meter_id: str | None) -> str:
    data = group.data
    match group.label:
        case "STGE":
            return _status(data)
        case "RELAIS":
            closed = [str(relay) for relay, state in enumerate(closed_relays(data), start=1) if state]
            return _("closed: {relays}").format(relays=", ".join(closed)) if closed else _("all open")
        case "PPOT":
            absent = sorted(absent_phases(data))
            phases = ", ".join(map(str, absent))
            return _("no voltage on phase {phases}").format(phases=phases) if absent else _("all phases present")
        case "PTEC":
            period = data.rstrip(".")
            return register_name("BASE" if period == "TH" else period)
        case "DEMAIN":
            return colour_name(_TOMORROW[data])
        case "OPTARIF":
            return _option(data)
        case "NTARF":
            return _("register {number}").format(number=int(data))
        case "PJOURF+1" | "PPOINTE":
            return _profile(data, meter_id)
    if known is None or known.kind in (Kind.IDENTIFIER, Kind.TEXT, Kind.CODE, Kind.BITS):
        return " ".join(data.split())
    if known.kind is Kind.INDEX:
        return f"{number(int(data) / 1000, 3)} k{known.unit}"
    if known.kind is Kind.INTEGER:
        return f"{number(int(data))} {known.unit}".rstrip()
    return data


def _option(data: str) -> str:
    if data.startswith("BBR"):
        return _("Tempo, load programme {code}").format(code=data[3])
    return {"BASE": _("Base"), "HC..": _("Peak / off-peak"), "EJP.": "EJP"}[data]


def _moment(when: datetime) -> str:
    return f"{when:%d/%m/%Y %H:%M:%S}" if language() == "fr" else f"{when:%Y-%m-%d %H:%M:%S}"


def _horodate(horodate: Horodate) -> str:
    if horodate.when is None:
        return _("clock never set")
    season = {"E": _("summer time"), "H": _("winter time")}.get(horodate.text[0].upper(), "")
    parts = [_moment(horodate.when), season, _("clock not to be trusted") if horodate.degraded else ""]
    return ", ".join(part for part in parts if part)


def _breaker(breaker: Breaker) -> str:
    return {
        Breaker.CLOSED: _("breaker closed"),
        Breaker.OPEN_OVERPOWER: _("breaker open: too much power"),
        Breaker.OPEN_OVERVOLTAGE: _("breaker open: overvoltage"),
        Breaker.OPEN_LOAD_SHEDDING: _("breaker open: load shedding"),
        Breaker.OPEN_ORDERED: _("breaker open: on order"),
        Breaker.OPEN_HOT_HIGH_CURRENT: _("breaker open: too hot, high current"),
        Breaker.OPEN_HOT_LOW_CURRENT: _("breaker open: too hot"),
        Breaker.UNDEFINED: _("breaker: undefined state"),
    }[breaker]


def _status(data: str) -> str:
    """The fields that say something now; those of the power line and Euridis outputs are normal in every state."""
    status = Status.parse(data)
    parts = [
        _("producer") if status.producer else _("consumer"),
        _("injecting") if status.injecting else _("drawing"),
        _("over the subscribed power") if status.over_reference else "",
        _("register {number}").format(number=status.supplier_index) if status.supplier_index else "",
        _breaker(status.breaker),
        _("dry contact open") if status.contact_open else _("dry contact closed"),
        _("terminal cover open") if status.cover_open else "",
        _("overvoltage") if status.overvoltage else "",
        _("clock not to be trusted") if status.clock_degraded else "",
        _("today {colour}").format(colour=colour_name(status.today)) if status.today else "",
        _("tomorrow {colour}").format(colour=colour_name(status.tomorrow)) if status.tomorrow else "",
        _("peak {number} announced").format(number=status.notice) if status.notice else "",
        _("peak {number} running").format(number=status.peak) if status.peak else "",
    ]
    return ", ".join(part for part in parts if part)


def _profile(data: str, meter_id: str | None) -> str:
    try:
        profile = DayProfile.parse(data, meter_id=meter_id)
    except ValueError:
        return data
    if not profile.slots:
        return _("not set")
    contacts = {Contact.OPEN: _("contact open"), Contact.CLOSED: _("contact closed")}
    slots = []
    for slot in profile.slots:
        parts = [f"{slot.start:%H:%M}"]
        if slot.index is not None:
            parts.append(_("register {number}").format(number=slot.index))
        if slot.contact in contacts:
            parts.append(contacts[slot.contact])
        slots.append(" ".join(parts))
    text = ", ".join(slots)
    return _("{profile} (hours read as a guess)").format(profile=text) if profile.guessed else text
