"""A reading: the meter's values at one moment, independent of its mode."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import Contract
from linkytui.tic.labels import Mode
from linkytui.tic.status import Colour


@dataclass(frozen=True, slots=True)
class Maximum:
    """The highest apparent power of a day, as the meter's breaker filter saw it (Enedis-NOI-CPT_54E, 6.2.3.11)."""

    power: int  # VA
    when: datetime | None  # when it was reached; None when the meter does not say


@dataclass(frozen=True, slots=True)
class Peak:
    """An announced or running mobile peak: the dear hours of EJP, the white and red days of Tempo."""

    number: int | None  # 1 to 3 in standard mode (white is 1 and red 2 on Tempo); None in historic mode
    running: bool
    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a meter says at one moment. None is "not said"."""

    at: Timestamp  # when the last byte came
    mode: Mode
    meter_id: str | None = None  # serial number, twelve digits: ADCO or ADSC
    contract: Contract | None = None
    calendar: str | None = None  # the contract in the meter's own words: OPTARIF or NGTF, without its padding
    period: str | None = None  # the register that counts now, one of `REGISTERS[contract]`
    period_text: str | None = None  # the running period in the supplier's own words (LTARF), without its padding
    register_number: int | None = None  # the register that counts, 1 to 10 (NTARF); standard mode only
    day_number: int | None = None  # number of the profile of the day that runs (NJOURF)
    next_day_number: int | None = None  # the same of the next day (NJOURF+1)
    next_profile: str | None = None  # the next day's profile as sent (PJOURF+1)
    registers: Mapping[str, int] = field(default_factory=dict)
    """Wh per register, in the meter's order; only those that were said."""
    total: int | None = None  # Wh drawn in all
    injected: int | None = None  # Wh given to the grid in all; producers in standard mode only
    power: int | None = None  # VA drawn
    injected_power: int | None = None  # VA given to the grid
    phase_powers: tuple[int | None, ...] = ()  # VA per phase; three-phase standard mode only
    currents: tuple[int | None, ...] = ()  # a per phase: one or three values
    voltages: tuple[int | None, ...] = ()  # v per phase: one or three values
    phases: int | None = None  # 1 or 3
    subscribed: float | None = None  # subscribed power in kVA: PREF, or ISOUSC at 200 V per phase
    cutoff: int | None = None  # breaker threshold in kVA (PCOUP)
    over_subscription: bool | None = None
    """More than the subscribed power is drawn, as ADPS, ADIR or STGE say; None when nothing told either way."""
    over_phases: tuple[int, ...] = ()  # the phases that draw too much, where the meter names them
    injecting: bool | None = None  # energy flows to the grid now
    today: Colour | None = None  # Tempo: the colour of the day that runs, from 06:00 to 06:00
    tomorrow: Colour | None = None  # Tempo: the colour announced for tomorrow
    peak: Peak | None = None  # the mobile peak that runs or is announced; on EJP, the notice
    maximum_today: Maximum | None = None
    maximum_yesterday: Maximum | None = None
    meter_time: datetime | None = None
    clock_degraded: bool | None = None  # the meter says that its own clock is not to be trusted
    absent_phases: frozenset[int] = frozenset()  # phases without voltage (PPOT)
    message: str | None = None  # MSG2 if there is one, else MSG1, without padding; None for Enedis' "no message"

    @property
    def load(self) -> float | None:
        """Share of the subscribed power that is drawn, 1.0 being all of it."""
        if self.power is None or not self.subscribed:
            return None
        return self.power / (self.subscribed * 1000)
