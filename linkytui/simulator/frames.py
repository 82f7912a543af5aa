"""Frames of the simulated meter in both modes: every label such a meter sends, in order.

Source: Enedis-NOI-CPT_54E, 6.1 (historic mode) and 6.2 (standard mode).
"""

from typing import Final

from linkytui.civil.days import ONE_DAY, local
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.simulator.counters import Peak
from linkytui.simulator.snapshot import Snapshot
from linkytui.tic.groups import Group
from linkytui.tic.profiles import UNUSED
from linkytui.tic.status import Colour

_OPTIONS: Final = {Contract.HPHC: "HC..", Contract.EJP: "EJP.", Contract.TEMPO: "BBR("}
_LABELS: Final = {
    Contract.BASE: ("BASE",),
    Contract.HPHC: ("HCHC", "HCHP"),
    Contract.EJP: ("EJPHN", "EJPHPM"),
    Contract.TEMPO: tuple(f"BBR{name}" for name in REGISTERS[Contract.TEMPO]),
}
_TOMORROW: Final = {None: "----", Colour.BLUE: "BLEU", Colour.WHITE: "BLAN", Colour.RED: "ROUG"}

# Names are centred in their sixteen characters.
_CALENDARS: Final = {
    Contract.BASE: "BASE",
    Contract.HPHC: "H PLEINE/CREUSE",
    Contract.EJP: "EJP",
    Contract.TEMPO: "TEMPO",
    Contract.OTHER: "HC et Week-End",
}
_TARIFFS: Final = {
    Contract.BASE: ("BASE",),
    Contract.HPHC: ("HEURE  CREUSE", "HEURE  PLEINE"),
    Contract.EJP: ("HEURES NORMALES", "POINTE  MOBILE"),
    Contract.TEMPO: tuple(f"{hours}  {colour}" for colour in ("BLEU", "BLANC", "ROUGE") for hours in ("HC", "HP")),
    Contract.OTHER: ("HEURE  CREUSE", "HEURE  PLEINE", "WEEK-END"),
}

_NO_MESSAGE: Final = "PAS DE          MESSAGE         "
_PROFILE_BLOCKS: Final = 11
_OPEN, _TEMPO_CONTACT, _CLOSED = 0x8000, 0x4000, 0xC000
_STANDARD_MODE: Final = 1 << 17
_EURIDIS_SECURED: Final = 0b11 << 19
_POWER_LINE_LOCKED: Final = 0b01 << 21


def historic(snapshot: Snapshot) -> list[Group]:
    """The groups of a normal frame in historic mode (6.1.1 and 6.1.2)."""
    contract, index = snapshot.calendar.contract, snapshot.period.register
    groups = [
        Group("ADCO", snapshot.meter_id),
        Group("OPTARIF", _OPTIONS.get(contract, "BASE")),
        Group("ISOUSC", f"{snapshot.subscribed_current:02}"),
    ]
    if contract is Contract.OTHER:
        groups.append(Group("BASE", f"{snapshot.counters.total:09}"))
    else:
        groups += [
            Group(label, f"{wh:09}") for label, wh in zip(_LABELS[contract], snapshot.counters.supplier, strict=False)
        ]
    if contract is Contract.EJP and any(
        window.start > snapshot.at for window in snapshot.calendar.windows(snapshot.at)
    ):
        groups.append(Group("PEJP", "30"))
    groups.append(Group("PTEC", f"{REGISTERS[contract][index - 1]:.<4}" if contract in _OPTIONS else "TH.."))
    if contract is Contract.TEMPO:
        groups.append(Group("DEMAIN", _TOMORROW[snapshot.calendar.tomorrow(snapshot.at)]))
    if snapshot.phases == 1:
        groups.append(Group("IINST", f"{snapshot.currents[0]:03}"))
        if snapshot.over_phases:
            groups.append(Group("ADPS", f"{snapshot.currents[0]:03}"))
        groups.append(Group("IMAX", "090"))
    else:
        groups += _currents(snapshot)
        groups += [Group(f"IMAX{phase}", "060") for phase in (1, 2, 3)]
        groups.append(Group("PMAX", f"{snapshot.counters.maxima[0].before.power:05}"))
    groups += [Group("PAPP", f"{round(snapshot.drawn_power, -1):05}"), Group("HHPHC", "A"), Group("MOTDETAT", "000000")]
    if snapshot.phases == 3:
        groups.append(Group("PPOT", "00"))
    return groups


def short(snapshot: Snapshot) -> list[Group]:
    """The groups of a short frame, by which a three-phase meter warns in historic mode (6.1.2)."""
    over = [Group(f"ADIR{phase}", f"{snapshot.currents[phase - 1]:03}") for phase in snapshot.over_phases]
    return [*over, Group("ADCO", snapshot.meter_id), *_currents(snapshot)]


def standard(snapshot: Snapshot) -> list[Group]:
    """The groups of a frame in standard mode (6.2.2)."""
    calendar, index = snapshot.calendar, snapshot.period.register
    today = local(snapshot.at).date()
    return [
        Group("ADSC", snapshot.meter_id),
        Group("VTIC", "02"),
        Group("DATE", "", horodate(snapshot.at)),
        Group("NGTF", f"{_CALENDARS[calendar.contract]:^16}"),
        Group("LTARF", f"{_TARIFFS[calendar.contract][index - 1]:^16}"),
        Group("EAST", f"{snapshot.counters.total:09}"),
        *(Group(f"EASF{n:02}", f"{wh:09}") for n, wh in enumerate(snapshot.counters.supplier, 1)),
        *(Group(f"EASD{n:02}", f"{wh:09}") for n, wh in enumerate(snapshot.counters.distributor, 1)),
        *_produced_energy(snapshot),
        *(Group(f"IRMS{phase}", f"{current:03}") for phase, current in enumerate(snapshot.currents, 1)),
        *(Group(f"URMS{phase}", f"{voltage:03}") for phase, voltage in enumerate(snapshot.voltages, 1)),
        Group("PREF", f"{snapshot.subscribed_kva:02}"),
        Group("PCOUP", f"{snapshot.subscribed_kva:02}"),
        *_powers(snapshot),
        *_curve(snapshot),
        *(
            Group(f"UMOY{phase}", f"{voltage:03}", horodate(snapshot.mean_voltages_at))
            for phase, voltage in enumerate(snapshot.mean_voltages, 1)
        ),
        Group("STGE", f"{_status(snapshot):08X}"),
        *_peaks(snapshot),
        Group("MSG1", _NO_MESSAGE),
        Group("PRM", snapshot.delivery_point),
        Group("RELAIS", f"{int(snapshot.period.contact_closed):03}"),
        Group("NTARF", f"{index:02}"),
        Group("NJOURF", f"{calendar.day_number(today):02}"),
        Group("NJOURF+1", f"{calendar.day_number(today + ONE_DAY):02}"),
        Group("PJOURF+1", _profile(snapshot, calendar.profile(today + ONE_DAY))),
        *_next_peak_profile(snapshot),
    ]


def horodate(at: Timestamp, season: str | None = None) -> str:
    """A moment as the meter writes it (6.2.1.1). `season`: the letter, if not that of the moment."""
    now = local(at)
    return f"{season or ('E' if now.dst() else 'H')}{now:%y%m%d%H%M%S}"


def _currents(snapshot: Snapshot) -> list[Group]:
    return [Group(f"IINST{phase}", f"{current:03}") for phase, current in enumerate(snapshot.currents, 1)]


def _produced_energy(snapshot: Snapshot) -> list[Group]:
    if not snapshot.producer:
        return []
    reactive = [Group(f"ERQ{quadrant}", f"{varh:09}") for quadrant, varh in enumerate(snapshot.counters.reactive, 1)]
    return [Group("EAIT", f"{snapshot.counters.injected:09}"), *reactive]


def _powers(snapshot: Snapshot) -> list[Group]:
    groups = [Group("SINSTS", f"{snapshot.drawn_power:05}")]
    if snapshot.phases == 3:
        groups += [Group(f"SINSTS{phase}", f"{power:05}") for phase, power in enumerate(snapshot.phase_powers, 1)]
    maxima = snapshot.counters.maxima
    groups += [_maximum(f"SMAXSN{phase or ''}", maximum.today) for phase, maximum in enumerate(maxima)]
    groups += [_maximum(f"SMAXSN{phase or ''}-1", maximum.before) for phase, maximum in enumerate(maxima)]
    if snapshot.producer:
        groups += [
            Group("SINSTI", f"{snapshot.injected_power:05}"),
            _maximum("SMAXIN", snapshot.counters.injected_maximum.today),
            _maximum("SMAXIN-1", snapshot.counters.injected_maximum.before),
        ]
    return groups


def _maximum(label: str, peak: Peak) -> Group:
    return Group(label, f"{peak.power:05}", horodate(peak.at))


def _curve(snapshot: Snapshot) -> list[Group]:
    points = list(zip(("", "-1"), snapshot.counters.curve, strict=False))
    groups = [Group(f"CCASN{suffix}", f"{point.drawn:05}", horodate(point.end)) for suffix, point in points]
    if snapshot.producer:
        groups += [Group(f"CCAIN{suffix}", f"{point.injected:05}", horodate(point.end)) for suffix, point in points]
    return groups


def _status(snapshot: Snapshot) -> int:
    """The status register (6.2.3.14)."""
    at, calendar = snapshot.at, snapshot.calendar
    windows = calendar.windows(at)
    return (
        int(not snapshot.period.contact_closed)
        | bool(snapshot.over_phases) << 7
        | snapshot.producer << 8
        | bool(snapshot.injected_power) << 9
        | (snapshot.period.register - 1) << 10
        | (snapshot.period.distributor - 1) << 14
        | _STANDARD_MODE
        | _EURIDIS_SECURED
        | _POWER_LINE_LOCKED
        | (calendar.today(at) or 0) << 24
        | (calendar.tomorrow(at) or 0) << 26
        | next((window.number for window in windows if window.start > at), 0) << 28
        | next((window.number for window in windows if window.start <= at), 0) << 30
    )


def _peaks(snapshot: Snapshot) -> list[Group]:
    """DPMn and FPMn; of two peaks with one number, the earlier (6.2.3.15)."""
    windows = {window.number: window for window in reversed(snapshot.calendar.windows(snapshot.at))}
    groups = []
    for number in sorted(windows):
        groups.append(Group(f"DPM{number}", "00", horodate(windows[number].start, season=" ")))
        groups.append(Group(f"FPM{number}", "00", horodate(windows[number].end, season=" ")))
    return groups


def _next_peak_profile(snapshot: Snapshot) -> list[Group]:
    """PPOINTE, from the announcement of a peak until it begins (6.2.3.23)."""
    calendar = snapshot.calendar
    coming = [window for window in calendar.windows(snapshot.at) if window.start > snapshot.at]
    return [Group("PPOINTE", _profile(snapshot, calendar.peak_profile(window))) for window in coming[:1]]


def _profile(snapshot: Snapshot, slots: list[tuple[float, int]]) -> str:
    """The eleven blocks of a day profile (6.2.3.22)."""
    calendar, blocks = snapshot.calendar, []
    for hour, index in slots:
        if calendar.contract is Contract.TEMPO:
            contact = _TEMPO_CONTACT
        else:
            contact = _CLOSED if calendar.closes_contact(index) else _OPEN
        blocks.append(f"{int(hour):02}{round(hour % 1 * 60):02}{contact | index:04X}")
    return " ".join(blocks + [UNUSED] * (_PROFILE_BLOCKS - len(blocks)))
