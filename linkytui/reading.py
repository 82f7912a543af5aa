"""One meaning for every frame: what a meter says, whichever mode, contract or number of phases it has.

Historic and standard mode end here. What a meter does not say is None, never zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from linkytui.tic import Colour, Frame, Group, Horodate, Mode, Status, absent_phases
from linkytui.tic.labels import LABELS

VOLTS_PER_SUBSCRIBED_AMPERE: Final = 200
"""Subscribed power is counted at 200 V, not at the 230 V of the outlet (Enedis-NOI-CPT_54E, 6.1.1)."""


class Contract(StrEnum):
    """Tariff options, by the names that grids and bills use."""

    BASE = "BASE"
    HPHC = "HPHC"
    TEMPO = "TEMPO"
    EJP = "EJP"
    OTHER = "OTHER"
    """A supplier's own calendar: its registers keep the meter's names, EASF01 to EASF10."""


REGISTERS: Final[Mapping[Contract, tuple[str, ...]]] = MappingProxyType(
    {
        Contract.BASE: ("BASE",),
        Contract.HPHC: ("HC", "HP"),
        Contract.EJP: ("HN", "PM"),
        Contract.TEMPO: ("HCJB", "HPJB", "HCJW", "HPJW", "HCJR", "HPJR"),
        Contract.OTHER: tuple(f"EASF{number:02}" for number in range(1, 11)),
    }
)
"""The registers of each contract, in the meter's order: register n is EASFn of the standard mode.

Source: Enedis-NOI-CPT_54E, 6.1.1, column of the supplier's index."""

_HISTORIC_REGISTERS: Final = {
    "BASE": "BASE",
    "HCHC": "HC",
    "HCHP": "HP",
    "EJPHN": "HN",
    "EJPHPM": "PM",
    "BBRHCJB": "HCJB",
    "BBRHPJB": "HPJB",
    "BBRHCJW": "HCJW",
    "BBRHPJW": "HPJW",
    "BBRHCJR": "HCJR",
    "BBRHPJR": "HPJR",
}
_HISTORIC_CONTRACTS: Final = {
    "BASE": Contract.BASE,
    "HC..": Contract.HPHC,
    "EJP.": Contract.EJP,
}
_HISTORIC_PERIODS: Final = {
    "TH..": "BASE",
    "HC..": "HC",
    "HP..": "HP",
    "HN..": "HN",
    "PM..": "PM",
    **{period: period for period in REGISTERS[Contract.TEMPO]},
}
_TOMORROW: Final = {"BLEU": Colour.BLUE, "BLAN": Colour.WHITE, "ROUG": Colour.RED}
_DAY_COLOURS: Final = {"B": Colour.BLUE, "W": Colour.WHITE, "R": Colour.RED}

# Calendar names that suppliers give to the four regulated options; any other name is the supplier's own calendar.
_CALENDARS: Final = {
    "BASE": Contract.BASE,
    "H PLEINE/CREUSE": Contract.HPHC,
    "TEMPO": Contract.TEMPO,
    "EJP": Contract.EJP,
}

_THREE_PHASE_TYPES: Final = frozenset({"63", "68", "71", "76"})

_MAX_STRANGERS: Final = 64
"""Unknown labels that wait for their second coming; noise must not fill the memory."""

# Sent only while they are true, so a frame that can tell absence takes them back.
_PASSING: Final = (
    frozenset({"ADPS", "ADIR1", "ADIR2", "ADIR3", "PEJP", "PPOINTE", "MSG2"})
    | {f"{edge}PM{peak}" for edge in "DF" for peak in (1, 2, 3)}
    | {f"CCA{way}N{point}" for way in "SI" for point in ("", "-1")}
)


@dataclass(frozen=True, slots=True)
class Maximum:
    """The highest apparent power of a day, as the meter's breaker filter saw it (Enedis-NOI-CPT_54E, 6.2.3.11)."""

    power: int
    """VA."""
    when: datetime | None
    """When it was reached; None when the meter does not say."""


@dataclass(frozen=True, slots=True)
class Peak:
    """An announced or running mobile peak: the dear hours of EJP, the white and red days of Tempo."""

    number: int | None
    """1 to 3 in standard mode (white is 1 and red 2 on Tempo); None in historic mode."""
    running: bool
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a meter says at one moment. None is "not said"."""

    at: float
    """Seconds since 1970 at which the last byte came."""
    mode: Mode
    meter_id: str | None = None
    """Serial number, twelve digits: ADCO or ADSC."""
    contract: Contract | None = None
    calendar: str | None = None
    """The contract in the meter's own words: OPTARIF or NGTF, without its padding."""
    period: str | None = None
    """The register that counts now, one of `REGISTERS[contract]`."""
    period_text: str | None = None
    """The running period in the supplier's own words (LTARF), without its padding."""
    registers: Mapping[str, int] = field(default_factory=dict)
    """Wh per register, in the meter's order; only those that were said."""
    total: int | None = None
    """Wh drawn in all."""
    injected: int | None = None
    """Wh given to the grid in all; producers in standard mode only."""
    power: int | None = None
    """VA drawn."""
    injected_power: int | None = None
    """VA given to the grid."""
    phase_powers: tuple[int | None, ...] = ()
    """VA per phase; three-phase standard mode only."""
    currents: tuple[int | None, ...] = ()
    """A per phase: one or three values."""
    voltages: tuple[int | None, ...] = ()
    """V per phase: one or three values."""
    phases: int | None = None
    """1 or 3."""
    subscribed: float | None = None
    """Subscribed power in kVA: PREF, or ISOUSC at 200 V per phase."""
    cutoff: int | None = None
    """Breaker threshold in kVA (PCOUP)."""
    over_subscription: bool | None = None
    """More than the subscribed power is drawn, as ADPS, ADIR or STGE say; None when nothing told either way."""
    over_phases: tuple[int, ...] = ()
    """The phases that draw too much, where the meter names them."""
    injecting: bool | None = None
    """Energy flows to the grid now."""
    today: Colour | None = None
    """Tempo: the colour of the day that runs, from 06:00 to 06:00."""
    tomorrow: Colour | None = None
    """Tempo: the colour announced for tomorrow."""
    peak: Peak | None = None
    """The mobile peak that runs or is announced; on EJP, the notice."""
    maximum_today: Maximum | None = None
    maximum_yesterday: Maximum | None = None
    meter_time: datetime | None = None
    clock_degraded: bool | None = None
    """The meter says that its own clock is not to be trusted."""
    absent_phases: frozenset[int] = frozenset()
    """Phases without voltage (PPOT)."""
    message: str | None = None
    """MSG2 if there is one, else MSG1, without padding; None for Enedis' "no message"."""

    @property
    def load(self) -> float | None:
        """Share of the subscribed power that is drawn, 1.0 being all of it."""
        if self.power is None or not self.subscribed:
            return None
        return self.power / (self.subscribed * 1000)


class Seen(NamedTuple):
    """A label as the meter last said it."""

    group: Group
    at: float
    """Seconds since 1970."""
    times: int
    """How many times it was accepted."""


class Meter:
    """What one meter has said so far: keeps each label's last good value, and reads it all as one `Reading`.

    It holds no clock and no file: times come with the frames.
    """

    def __init__(self) -> None:
        self.labels: dict[str, Seen] = {}
        """Labels by name, those of unknown meaning included once they came twice."""
        self.rejections: dict[str, int] = {}
        """How often each label's group was rejected; unreadable labels count under an empty name."""
        self._strangers: set[str] = set()
        self._mode: Mode | None = None
        self._at = 0.0
        self._context: tuple[Contract | None, int | None] = (None, None)

    @property
    def latest(self) -> Reading | None:
        """The last known of everything; None before the first frame."""
        if self._mode is None:
            return None
        known = {label: seen.group for label, seen in self.labels.items()}
        contract, phases = self._context
        return read_groups(known, self._mode, at=self._at, contract=contract, phases=phases)

    def observe(self, frame: Frame, at: float) -> Reading:
        """Take a frame in and return what this frame alone says.

        Contract and phases are taken from earlier frames where this one lost them, so that a register keeps its name.

        Args:
            frame: groups that were checked.
            at: seconds since 1970 at which the frame's last byte came.
        """
        if self._mode is not frame.mode:
            self.labels.clear()
            self._strangers.clear()
            self._mode, self._context = frame.mode, (None, None)
        self._at = at
        for item in frame.rejected:
            name = item.label or ""
            self.rejections[name] = self.rejections.get(name, 0) + 1
        labels = self.labels
        for group in frame.groups:
            seen = labels.get(group.label)
            if seen is not None:
                labels[group.label] = Seen(group, at, seen.times + 1)
            else:
                self._meet(group, frame.mode, at)
        said = {group.label: group for group in frame.groups}
        absent = frame.tells_absence
        if absent:
            for label in _PASSING & self.labels.keys() - said.keys():
                del self.labels[label]
        contract, phases = self._context
        reading = read_groups(said, frame.mode, at=at, contract=contract, phases=phases, tells_absence=absent)
        self._context = reading.contract, reading.phases
        return reading

    def _meet(self, group: Group, mode: Mode, at: float) -> None:
        """Take in a label that is not among the known ones yet."""
        label = group.label
        if label in LABELS[mode]:
            self.labels[label] = Seen(group, at, 1)
        elif label in self._strangers:
            self._strangers.discard(label)
            self.labels[label] = Seen(group, at, 2)
        elif len(self._strangers) < _MAX_STRANGERS:
            # One error in 64 passes the sum: a label that nobody knows must come twice.
            self._strangers.add(label)


def read_groups(
    groups: Mapping[str, Group],
    mode: Mode,
    *,
    at: float,
    contract: Contract | None = None,
    phases: int | None = None,
    tells_absence: bool = True,
) -> Reading:
    """Give the groups of one frame, or the last known of each label, their meaning.

    Args:
        groups: checked groups by label.
        mode: the mode they came in.
        at: seconds since 1970.
        contract: what holds when the groups do not say the contract.
        phases: likewise, 1 or 3.
        tells_absence: whether a label that is not there is known to be absent.
    """
    data = {label: group.data for label, group in groups.items()}
    if mode is Mode.HISTORIC:
        return _read_historic(
            data, at, _historic_contract(data) or contract, _phases(data, "IINST") or phases, tells_absence
        )
    said = _standard_contract(data) or contract
    if said is None and tells_absence:
        said = Contract.OTHER  # no calendar is programmed into the meter
    return _read_standard(groups, data, at, said, _phases(data, "IRMS") or phases)


def _historic_contract(data: Mapping[str, str]) -> Contract | None:
    option = data.get("OPTARIF")
    if option is None:
        return None
    return Contract.TEMPO if option.startswith("BBR") else _HISTORIC_CONTRACTS[option]


def _standard_contract(data: Mapping[str, str]) -> Contract | None:
    status = _status(data)
    if status is not None and status.today is not None:
        return Contract.TEMPO
    name = data.get("NGTF")
    return None if name is None else _CALENDARS.get(" ".join(name.upper().split()), Contract.OTHER)


def _phases(data: Mapping[str, str], current: str) -> int | None:
    if f"{current}2" in data or f"{current}3" in data:
        return 3
    kind = data.get("ADCO", data.get("ADSC", ""))[4:6]
    if kind in _THREE_PHASE_TYPES:
        return 3
    # A three-phase meter also has a first current: alone, it tells nothing.
    return 1 if "IINST" in data or ("IRMS1" in data and "SMAXSN1" not in data) else None


def _read_historic(
    data: Mapping[str, str], at: float, contract: Contract | None, phases: int | None, tells_absence: bool
) -> Reading:
    registers = {name: int(data[label]) for label, name in _HISTORIC_REGISTERS.items() if label in data}
    complete = contract is not None and tuple(registers) == REGISTERS[contract]
    over_phases = tuple(phase for phase in (1, 2, 3) if f"ADIR{phase}" in data)
    over = "ADPS" in data or bool(over_phases)
    period = _HISTORIC_PERIODS.get(data.get("PTEC", ""))
    current = _number(data, "ISOUSC")
    highest = _number(data, "PMAX")
    return Reading(
        at=at,
        mode=Mode.HISTORIC,
        contract=contract,
        phases=phases,
        meter_id=data.get("ADCO"),
        calendar=data.get("OPTARIF"),
        period=period,
        registers=registers,
        total=sum(registers.values()) if complete else None,
        power=_number(data, "PAPP"),
        currents=_per_phase(data, "IINST", phases, alone="IINST"),
        subscribed=current * phases * VOLTS_PER_SUBSCRIBED_AMPERE / 1000 if current and phases else None,
        over_subscription=over if over or tells_absence else None,
        over_phases=over_phases,
        today=_DAY_COLOURS.get(period[-1]) if period and contract is Contract.TEMPO else None,
        tomorrow=_TOMORROW.get(data.get("DEMAIN", "")),
        peak=Peak(None, running=period == "PM") if "PEJP" in data or period == "PM" else None,
        maximum_yesterday=Maximum(highest, None) if highest is not None else None,
        absent_phases=absent_phases(data["PPOT"]) if "PPOT" in data else frozenset(),
    )


def _read_standard(
    groups: Mapping[str, Group], data: Mapping[str, str], at: float, contract: Contract | None, phases: int | None
) -> Reading:
    status = _status(data)
    running = _number(data, "NTARF") or (status.supplier_index if status else None)
    names = REGISTERS[contract or Contract.OTHER]
    indexes = {name: _number(data, label) for name, label in zip(names, REGISTERS[Contract.OTHER], strict=False)}
    period = names[running - 1] if running and running <= len(names) else None
    # A supplier's own calendar uses some of the ten registers: those that counted, and the one that counts.
    all_used = contract not in (None, Contract.OTHER)
    injected_power = _number(data, "SINSTI")
    date = _horodate(groups.get("DATE"))
    return Reading(
        at=at,
        mode=Mode.STANDARD,
        contract=contract,
        phases=phases,
        meter_id=data.get("ADSC"),
        calendar=_words(data.get("NGTF")),
        period=period,
        period_text=_words(data.get("LTARF")),
        registers={
            name: index
            for name, index in indexes.items()
            if index is not None and (all_used or index or name == period)
        },
        total=_number(data, "EAST"),
        injected=_number(data, "EAIT"),
        power=_number(data, "SINSTS"),
        injected_power=injected_power,
        phase_powers=_per_phase(data, "SINSTS", 3) if phases == 3 else (),
        currents=_per_phase(data, "IRMS", phases),
        voltages=_per_phase(data, "URMS", phases),
        subscribed=_number(data, "PREF"),
        cutoff=_number(data, "PCOUP"),
        over_subscription=status.over_reference if status else None,
        injecting=bool(injected_power) or status.injecting if status else bool(injected_power) or None,
        today=status.today if status else None,
        tomorrow=status.tomorrow if status else None,
        peak=_peak(groups, status),
        maximum_today=_maximum(groups.get("SMAXSN")),
        maximum_yesterday=_maximum(groups.get("SMAXSN-1")),
        meter_time=date.when if date else None,
        clock_degraded=status.clock_degraded if status else (date.degraded if date else None),
        message=_message(data),
    )


def _number(data: Mapping[str, str], label: str) -> int | None:
    text = data.get(label)
    return int(text) if text is not None else None


def _per_phase(
    data: Mapping[str, str], stem: str, phases: int | None, *, alone: str | None = None
) -> tuple[int | None, ...]:
    """One quantity per phase; nothing when no phase says it. `alone` is its label on single-phase meters."""
    labels = [f"{stem}{phase}" for phase in (1, 2, 3)] if phases == 3 else [alone or f"{stem}1"]
    if not any(label in data for label in labels):
        return ()
    return tuple(_number(data, label) for label in labels)


def _status(data: Mapping[str, str]) -> Status | None:
    return Status.parse(data["STGE"]) if "STGE" in data else None


def _horodate(group: Group | None) -> Horodate | None:
    return Horodate.parse(group.horodate) if group is not None and group.horodate is not None else None


def _maximum(group: Group | None) -> Maximum | None:
    horodate = _horodate(group)
    return Maximum(int(group.data), horodate.when) if group is not None and horodate is not None else None


def _peak(groups: Mapping[str, Group], status: Status | None) -> Peak | None:
    """The mobile peak that runs, else the one announced, with the hours of DPMn and FPMn where the meter gives them."""
    if status is None:
        return None
    number = status.peak or status.notice
    if number is None:
        return None
    start, end = _horodate(groups.get(f"DPM{number}")), _horodate(groups.get(f"FPM{number}"))
    return Peak(number, status.peak is not None, start.when if start else None, end.when if end else None)


def _words(text: str | None) -> str | None:
    """Free text without its padding; inner spaces are single, for reading only."""
    return " ".join(text.split()) or None if text is not None else None


def _message(data: Mapping[str, str]) -> str | None:
    text = _words(data.get("MSG2")) or _words(data.get("MSG1"))
    return None if text == "PAS DE MESSAGE" else text
