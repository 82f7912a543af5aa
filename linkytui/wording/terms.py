"""Names for people: periods, contracts, colours, states of the line."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from linkytui.civil.days import DAY, HOUR, MINUTE
from linkytui.i18n import N_, _, number
from linkytui.link import Link, LinkState
from linkytui.reading.contracts import Contract
from linkytui.reading.model import Reading
from linkytui.tic.labels import Mode
from linkytui.tic.status import Colour

_NOT_CALLED: Final[Mapping[str, str]] = MappingProxyType({})
_UNUSED: Final = ("INDEX INACTIF", "INUTILIS", "NON UTILIS")
"""How begins what some meters call a register of which they say that nobody uses it."""
_SHORT_FORMS: Final = frozenset({"HP", "HC", "HSC", "HN", "WE", "JF"})
_LONGEST_SHORT_FORM: Final = 3


def contract_name(contract: Contract | None) -> str:
    """The contract as a bill calls it."""
    match contract:
        case Contract.BASE:
            return _("Base")
        case Contract.HPHC:
            return _("Peak / off-peak")
        case Contract.TEMPO:
            return "Tempo"
        case Contract.EJP:
            return "EJP"
        case Contract.OTHER:
            return _("Supplier's own offer")
        case None:
            return ""


def short_contract_name(contract: Contract) -> str:
    """The contract where there is little room."""
    match contract:
        case Contract.HPHC:
            return "HP/HC"
        case Contract.OTHER:
            return _("own")
    return contract_name(contract)


def register_name(register: str, called: Mapping[str, str] = _NOT_CALLED) -> str:
    """A register, or the period in which it counts, in words; EASF registers by their number.

    `called`: what the meter and the offer call the registers of a supplier's own calendar, as far as they do.
    """
    if name := called.get(register):
        return name
    match register:
        case "BASE":
            return _("All hours")
        case "HC":
            return _("Off-peak")
        case "HP":
            return _("Peak")
        case "HN":
            return _("Normal hours")
        case "PM":
            return _("Mobile peak")
        case "HCJB":
            return _("Blue off-peak")
        case "HPJB":
            return _("Blue peak")
        case "HCJW":
            return _("White off-peak")
        case "HPJW":
            return _("White peak")
        case "HCJR":
            return _("Red off-peak")
        case "HPJR":
            return _("Red peak")
        case _ if register.startswith("EASF"):
            return _("Register {number}").format(number=int(register[4:]))
    return register


def period_name(reading: Reading, called: Mapping[str, str] = _NOT_CALLED) -> str:
    """The running period; the offer's or the meter's own words where the registers have no names."""
    if reading.contract is Contract.OTHER and reading.period_text and reading.period not in called:
        called = called_by_meter({reading.period or "": reading.period_text})
    return register_name(reading.period or "", called)


def called_by_meter(texts: Mapping[str, str]) -> dict[str, str]:
    """What the meter calls the periods of its registers (LTARF), as one writes it; those that nobody uses left out."""
    words = {register: meter_words(text) for register, text in texts.items()}
    return {register: said[:1].upper() + said[1:] for register, said in words.items() if said}


def meter_words(text: str) -> str:
    """A name that a meter sends in capitals, within a sentence; empty where it says that nobody uses the register."""
    if text.upper().startswith(_UNUSED):
        return ""
    return " ".join(word if _is_short_form(word) else word.lower() for word in text.split())


def _is_short_form(word: str) -> bool:
    """Whether letters stand for words, as in HP, HC/HP or WE."""
    return all(part in _SHORT_FORMS for part in word.split("/")) or (
        len(word) <= _LONGEST_SHORT_FORM and word.isalpha() and not set(word.upper()) & set("AEIOUY")
    )


def colour_name(colour: Colour | None) -> str:
    """A Tempo colour; that it is not known is said too."""
    match colour:
        case Colour.BLUE:
            return _("blue")
        case Colour.WHITE:
            return _("white")
        case Colour.RED:
            return _("red")
        case None:
            return _("not known yet")


_ALERTS: Final = {
    "over_subscription": N_("too much power drawn"),
    "power": N_("power above a limit"),
    "silent": N_("silent meter"),
    "tempo_red": N_("Tempo red days"),
    "ejp_notice": N_("EJP notice"),
    "budget": N_("month's budget"),
    "backlog": N_("delay of InfluxDB"),
    "off_peak_starts": N_("start of off-peak"),
    "hours_changed": N_("change of off-peak hours"),
}


def alert_name(kind: str) -> str:
    """What an alert is about, by the name that the settings have for it; that name where it is none of ours."""
    return _(_ALERTS[kind]) if kind in _ALERTS else kind


def mode_name(mode: Mode) -> str:
    """The language of the meter's output."""
    return _("historic mode") if mode is Mode.HISTORIC else _("standard mode")


def percent(share: float, decimals: int = 0) -> str:
    """A share, 0 to 1, in per cent with its sign."""
    return f"{number(share * 100, decimals)} %"


def kwh(watt_hours: float, decimals: int = 3) -> str:
    """Energy in kWh, without its unit."""
    return number(watt_hours / 1000, decimals)


def money(amount: Decimal) -> str:
    """EUR to the cent, without their unit."""
    return number(float(amount), 2)


def unit_price(price: Decimal) -> str:
    """EUR/kWh to four decimals, or to as many as a grid prints."""
    digits = price.normalize().as_tuple().exponent
    return number(float(price), max(4, min(6, -int(digits))))


def duration(seconds: float) -> str:
    """How long, in one unit: 4 s, 12 min, 3 h, 2 d."""
    if seconds < MINUTE:
        return _("{n} s").format(n=number(max(0, int(seconds))))
    if seconds < HOUR:
        return _("{n} min").format(n=int(seconds / MINUTE))
    if seconds < DAY:
        return _("{n} h").format(n=int(seconds / HOUR))
    return _("{n} d").format(n=number(int(seconds / DAY)))


def clock_time(when: datetime) -> str:
    """The time of day, without seconds."""
    return f"{when:%H:%M}"


def state_name(link: Link) -> str:
    """The state of the line in a word or two."""
    return {
        LinkState.WAITING: _("waiting"),
        LinkState.LIVE: _("live"),
        LinkState.STALE: _("stale"),
        LinkState.SILENT: _("silent"),
        LinkState.NOISE: _("noise"),
        LinkState.NO_PORT: _("no port"),
        LinkState.UNPLUGGED: _("unplugged"),
        LinkState.NO_PERMISSION: _("no permission"),
        LinkState.BUSY: _("port busy"),
        LinkState.FAILED: _("port failed"),
        LinkState.NO_READER: _("no collector"),
        LinkState.ENDED: _("end of the recording"),
    }[link.state]


def state_advice(link: Link) -> tuple[str, str]:
    """What the state of the line means and what to do about it; two empty texts while all is well."""
    source = link.source
    match link.state:
        case LinkState.LIVE:
            return "", ""
        case LinkState.WAITING:
            baud = _("{baudrate} baud").format(baudrate=link.baudrate)
            speed = f" ({baud})" if link.baudrate else ""
            return (
                _("Waiting for the first frame"),
                _("Listening on {source}{speed}. A frame takes one to four seconds.").format(
                    source=source, speed=speed
                ),
            )
        case LinkState.STALE:
            return (_("No valid frame for a while"), _("These values are out of date. If this lasts, check the wires."))
        case LinkState.SILENT:
            return (
                _("The meter is silent"),
                _(
                    "{source} is open but sends nothing. Check the two wires on I1 and I2 and that the dongle is "
                    "lit; on a Raspberry Pi's own port, check that no login console uses it (raspi-config)."
                ).format(source=source),
            )
        case LinkState.NOISE:
            return (
                _("The signal cannot be read"),
                link.detail
                or _(
                    "Bytes arrive, but no valid group at either speed. Check the wires and the dongle's settings (7 "
                    "bits, even parity), and keep the cable away from mains wiring."
                ),
            )
        case LinkState.NO_PORT:
            return _("No meter found"), link.detail or _("Plug in the dongle, or give its port with --port.")
        case LinkState.UNPLUGGED:
            return (
                _("The dongle is unplugged"),
                _("{source} is gone. Reading resumes by itself once it is back.").format(source=source),
            )
        case LinkState.NO_PERMISSION:
            return _("No permission to open the port"), link.detail
        case LinkState.BUSY:
            return _("Another program is using the port"), link.detail
        case LinkState.FAILED:
            return _("The port cannot be opened"), link.detail
        case LinkState.NO_READER:
            return _("Nothing is reading the meter"), link.detail
        case LinkState.ENDED:
            return _("The recording is over"), _("Go back with the left arrow, or quit with q.")
