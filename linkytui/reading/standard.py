"""Readings from standard frames (Enedis-NOI-CPT_54E, 6.2)."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.reading.fields import number_of, per_phase, text_of, words_of
from linkytui.reading.model import Maximum, Peak, Reading
from linkytui.tic.groups import Group
from linkytui.tic.horodate import Horodate
from linkytui.tic.labels import EARLIER_NAMES, Mode
from linkytui.tic.status import Status

_CALENDARS: Final = {
    "BASE": Contract.BASE,
    "H PLEINE/CREUSE": Contract.HPHC,
    "TEMPO": Contract.TEMPO,
    "EJP": Contract.EJP,
}
"""Names that suppliers give to the calendars of the four regulated options; any other name is their own calendar."""

_NO_MESSAGE: Final = "PAS DE MESSAGE"

_HIGHEST_PHASE_POWER: Final = 20_000
"""VA. A phase of a three-phase meter passes 60 A; some meters say four times that, with right checksums."""

# These texts stay the same for minutes or days, and come every second.
_status = lru_cache(maxsize=16)(Status.parse)
_horodate = lru_cache(maxsize=64)(Horodate.parse)


def read_standard(
    groups: Mapping[str, Group], at: Timestamp, *, contract: Contract | None, phases: int | None
) -> Reading:
    """Give the groups of a standard frame their meaning.

    `contract` and `phases` are those that hold, whatever the groups say.
    """
    groups = _named_as_today(groups, phases)
    status = _status_of(groups)
    running = number_of(groups, "NTARF") or (status.supplier_index if status else None)
    names = REGISTERS[contract] if contract is not None else ()  # without a contract, registers have no names yet
    indexes = {name: number_of(groups, label) for name, label in zip(names, REGISTERS[Contract.OTHER], strict=False)}
    period = names[running - 1] if running and running <= len(names) else None
    # A supplier's own calendar uses some of the ten registers: those that counted, and the one that counts.
    all_used = contract not in (None, Contract.OTHER)
    injected_power = number_of(groups, "SINSTI")
    date = _date(groups, "DATE")
    return Reading(
        at=at,
        mode=Mode.STANDARD,
        contract=contract,
        phases=phases,
        meter_id=text_of(groups, "ADSC"),
        calendar=words_of(groups, "NGTF"),
        period=period,
        period_text=words_of(groups, "LTARF"),
        register_number=running,
        day_number=number_of(groups, "NJOURF"),
        next_day_number=number_of(groups, "NJOURF+1"),
        next_profile=text_of(groups, "PJOURF+1"),
        registers={
            name: index
            for name, index in indexes.items()
            if index is not None and (all_used or index or name == period)
        },
        total=number_of(groups, "EAST"),
        injected=number_of(groups, "EAIT"),
        power=number_of(groups, "SINSTS"),
        injected_power=injected_power,
        phase_powers=_phase_powers(groups) if phases == 3 else (),
        currents=per_phase(groups, "IRMS", phases),
        voltages=per_phase(groups, "URMS", phases),
        subscribed=number_of(groups, "PREF"),
        cutoff=number_of(groups, "PCOUP"),
        over_subscription=status.over_reference if status else None,
        injecting=bool(injected_power) or status.injecting if status else bool(injected_power) or None,
        today=status.today if status else None,
        tomorrow=status.tomorrow if status else None,
        peak=_peak(groups, status),
        maximum_today=_maximum(groups, "SMAXSN"),
        maximum_yesterday=_maximum(groups, "SMAXSN-1"),
        meter_time=date.when if date else None,
        clock_degraded=status.clock_degraded if status else (date.degraded if date else None),
        message=_message(groups),
    )


def contract_of(groups: Mapping[str, Group]) -> Contract | None:
    """The contract that the groups say."""
    status = _status_of(groups)
    if status is not None and status.today is not None:
        return Contract.TEMPO
    name = words_of(groups, "NGTF")
    return None if name is None else _CALENDARS.get(name.upper(), Contract.OTHER)


def _named_as_today(groups: Mapping[str, Group], phases: int | None) -> Mapping[str, Group]:
    """The groups, those of a meter of the pilot series under the names of today."""
    if EARLIER_NAMES.keys().isdisjoint(groups):
        return groups
    named = {today: groups[name] for name, today in EARLIER_NAMES.items() if name in groups}
    alone = named.get("SINSTS1")
    if phases != 3 and alone is not None:
        named["SINSTS"] = alone
    elif all(f"SINSTS{phase}" in named for phase in (1, 2, 3)):
        total = sum(int(named[f"SINSTS{phase}"].data) for phase in (1, 2, 3))
        named["SINSTS"] = Group("SINSTS", f"{total:05}")
    return {**named, **groups}


def _status_of(groups: Mapping[str, Group]) -> Status | None:
    return _status(groups["STGE"].data) if "STGE" in groups else None


def _phase_powers(groups: Mapping[str, Group]) -> tuple[int | None, ...]:
    """VA per phase; where the meter says what cannot be, volts times amperes."""
    powers = per_phase(groups, "SINSTS", 3)
    if all(power is None or power <= _HIGHEST_PHASE_POWER for power in powers):
        return powers
    currents, voltages = per_phase(groups, "IRMS", 3) or (None,) * 3, per_phase(groups, "URMS", 3) or (None,) * 3
    return tuple(
        power
        if power is None or power <= _HIGHEST_PHASE_POWER
        else (None if current is None or voltage is None else current * voltage)
        for power, current, voltage in zip(powers, currents, voltages, strict=True)
    )


def _date(groups: Mapping[str, Group], label: str) -> Horodate | None:
    group = groups.get(label)
    return None if group is None or group.horodate is None else _horodate(group.horodate)


def _maximum(groups: Mapping[str, Group], label: str) -> Maximum | None:
    date = _date(groups, label)
    return None if date is None else Maximum(int(groups[label].data), date.when)


def _peak(groups: Mapping[str, Group], status: Status | None) -> Peak | None:
    """The mobile peak that runs, else the one announced, with the hours of DPMn and FPMn where the meter gives them."""
    number = (status.peak or status.notice) if status is not None else None
    if status is None or number is None:
        return None
    start, end = _date(groups, f"DPM{number}"), _date(groups, f"FPM{number}")
    return Peak(number, status.peak is not None, start.when if start else None, end.when if end else None)


def _message(groups: Mapping[str, Group]) -> str | None:
    text = words_of(groups, "MSG2") or words_of(groups, "MSG1")
    return None if text == _NO_MESSAGE else text
