"""A simulated meter: counts what the household draws and sends frames as a Linky does."""

from collections.abc import Iterator, Mapping
from math import copysign, floor
from typing import Final, NamedTuple

from linkytui.civil.days import ONE_DAY, local, midnight
from linkytui.civil.times import Timestamp
from linkytui.reading.contracts import Contract
from linkytui.reading.historic import VOLTS_PER_SUBSCRIBED_AMPERE
from linkytui.simulator import frames
from linkytui.simulator.calendar import Calendar
from linkytui.simulator.chance import drift, key, noise
from linkytui.simulator.counters import CURVE_STEP, DISTRIBUTOR_REGISTERS, SUPPLIER_REGISTERS, Counters, spread
from linkytui.simulator.household import Household
from linkytui.simulator.snapshot import Snapshot
from linkytui.simulator.timeline import stretches
from linkytui.tic.encoder import encode_frame
from linkytui.tic.labels import Mode

DEFAULT_SUBSCRIBED: Final = {1: 6, 3: 12}
MOST_SUBSCRIBED: Final = {1: 18, 3: 36}  # subscribed kVA by number of phases: what is usual, and the most that there is

SHORT_FRAMES_PER_LONG: Final = 20
BURST_AFTER: Final = 60.0
"""A three-phase meter that warns sends so many short frames for a long one, until so many seconds after the warning
(Enedis-NOI-CPT_54E, 6.1.2)."""

_VOLTAGE_STEP: Final = 600
_VOLTAGE: Final = 233.0
_WIRING: Final = 0.1  # volts that the wires of a house take per ampere
_END_OF_TRANSMISSION: Final = b"\x04"
_SHARES: Final = {
    Contract.BASE: (1.0,),
    Contract.HPHC: (0.38, 0.62),
    Contract.EJP: (0.96, 0.04),
    Contract.TEMPO: (0.31, 0.50, 0.05, 0.09, 0.02, 0.03),
    Contract.OTHER: (0.27, 0.42, 0.31),
}
"""How the energy that was drawn before the simulation is spread over the supplier's registers."""
_SEASONAL_SHARES: Final = (0.15, 0.27, 0.23, 0.35)
"""The same for the distributor's registers: off-peak and peak in summer, then in winter."""


class MeterSample(NamedTuple):
    """What a meter counted up to one moment."""

    at: Timestamp
    power: int  # VA drawn
    period: str  # the register that counts
    registers: Mapping[str, int]  # Wh per register; not to be changed, samples share it while nothing was counted


class SimulatedMeter:
    """A Linky of any contract, mode and number of phases. Time is given to it and must not go back.

    The same arguments give the same bytes.
    """

    def __init__(
        self,
        contract: Contract = Contract.BASE,
        mode: Mode = Mode.HISTORIC,
        *,
        start: Timestamp,
        phases: int = 1,
        producer: bool = False,
        subscribed_kva: int | None = None,
        seed: int = 1,
    ) -> None:
        """Install the meter. It counts from the midnight before the day of `start`, so that it knows a day before.

        `contract`: `OTHER` is a supplier's calendar with night, day and weekend; `start`: seconds since 1970 from which
        it can be asked; `producer`: solar panels, and the labels of a meter set up for production; `subscribed_kva`:
        kVA, `DEFAULT_SUBSCRIBED` when None. Raises ValueError: a number of phases or a subscribed power that no
        household meter has.
        """
        if phases not in DEFAULT_SUBSCRIBED:
            raise ValueError(f"a meter has 1 or 3 phases, not {phases}")
        kva = DEFAULT_SUBSCRIBED[phases] if subscribed_kva is None else subscribed_kva
        if not 3 <= kva <= MOST_SUBSCRIBED[phases]:
            raise ValueError(f"a household subscribes 3 to {MOST_SUBSCRIBED[phases]} kVA, not {kva}")
        self.seed = seed
        self.mode = mode
        self.calendar = Calendar(contract, seed)
        self.subscribed_kva = kva
        self.phases = phases
        self.producer = producer
        calendar = self.calendar
        self.household = Household(
            seed, phases=phases, subscribed_kva=kva, producer=producer, night=calendar.night, dear=calendar.dear
        )
        # Historic mode cannot tell the registers of a supplier's own calendar apart.
        hidden = mode is Mode.HISTORIC and contract is Contract.OTHER
        self._names = ("BASE",) if hidden else calendar.registers
        serial = key(seed, "serial number") % 1_000_000
        self.meter_id = f"0123{61 if phases == 1 else 63}{serial:06}"
        self._voltage = key(seed, "voltage")
        self._measure = key(seed, "measure")

        total = 6_000_000 + key(seed, "energy before") % 24_000_000
        seasonal = contract in (Contract.HPHC, Contract.TEMPO)
        begin = midnight(local(start).date() - ONE_DAY)
        self._counters = Counters(
            begin,
            supplier=spread(total, _SHARES[contract], SUPPLIER_REGISTERS),
            distributor=spread(total, _SEASONAL_SHARES if seasonal else (1.0,), DISTRIBUTOR_REGISTERS),
            injected=total // 3 if producer else 0,
            reactive=[total // 40, total // 90, total // 30, total // 9],
            phases=phases,
        )
        self._registers: Mapping[str, int] | None = None
        self._burst_end: float | None = None
        self._shorts = 0
        self._coming = stretches(self.household, calendar, begin)
        self._now = next(self._coming)
        self._day_end = midnight(local(start).date())
        self.advance(start)

    @property
    def at(self) -> float:
        """Up to when it has counted."""
        return self._counters.at

    @property
    def period(self) -> str:
        """The register that counts, as `reading.Reading.period` names it."""
        return self._names[self._now.period.register - 1] if len(self._names) > 1 else self._names[0]

    @property
    def registers(self) -> Mapping[str, int]:
        """Wh per register, as `reading.Reading.registers` names them. Not to be changed."""
        if self._registers is None:
            counts = self._counters.supplier if len(self._names) > 1 else [self._counters.total]
            self._registers = dict(zip(self._names, counts, strict=False))
        return self._registers

    @property
    def power(self) -> int:
        """VA drawn now, as the meter measures it."""
        return max(0, round(self._total(self._powers())))

    def advance(self, at: Timestamp) -> None:
        """Count until a moment. Raises ValueError: the moment is before one that was asked for."""
        counters = self._counters
        if at < counters.at:
            raise ValueError(f"the meter has counted until {counters.at}, and time does not go back to {at}")
        while (end := self._now.end) <= at:
            if counters.count(self._now, end):
                self._registers = None
            if end % CURVE_STEP == 0:
                counters.end_curve_point()
                if end >= self._day_end:
                    counters.end_day()
                    self._day_end = midnight(local(end).date() + ONE_DAY)
            self._now = next(self._coming)
        if counters.count(self._now, at):
            self._registers = None

    def samples(self, end: Timestamp, step: float) -> Iterator[MeterSample]:
        """Go on from now to `end`, excluded, and tell what was counted every `step` seconds.

        The meter is then where the last sample was: it can send frames from there on.
        """
        start, number = self.at, 0
        while (at := start + number * step) < end:
            self.advance(at)
            yield MeterSample(at, self.power, self.period, self.registers)
            number += 1

    def frame(self, at: Timestamp) -> bytes:
        """The frame that the meter begins to send at a moment.

        A three-phase meter in historic mode that draws too much first breaks a frame off, so that its bytes end with
        EOT, and then sends short frames (Enedis-NOI-CPT_54E, 6.1.2; ERDF-NOI-CPT_02E, 2.5.1). Raises ValueError: the
        moment is before one that was asked for.
        """
        self.advance(at)
        snapshot = self.snapshot()
        if self.mode is Mode.STANDARD:
            return encode_frame(frames.standard(snapshot), self.mode)
        groups = frames.historic(snapshot)
        if self.phases == 3:
            if snapshot.over_phases and self._burst_end is None:
                self._burst_end, self._shorts = at + BURST_AFTER, 0
                sent = 1 + key(self.seed, at) % (len(groups) - 1)
                return encode_frame(groups[:sent], self.mode)[:-1] + _END_OF_TRANSMISSION
            if self._sends_short(snapshot):
                groups = frames.short(snapshot)
        return encode_frame(groups, self.mode)

    def snapshot(self) -> Snapshot:
        """All that the meter knows now."""
        counters, powers = self._counters, self._powers()
        total = round(self._total(powers))
        voltages = [self._volts(phase) for phase in range(self.phases)]
        currents = [abs(power) / volts for power, volts in zip(powers, voltages, strict=True)]
        slot = floor(counters.at / _VOLTAGE_STEP)
        return Snapshot(
            at=counters.at,
            meter_id=self.meter_id,
            delivery_point=f"01234567{self.meter_id[-6:]}",
            calendar=self.calendar,
            producer=self.producer,
            subscribed_kva=self.subscribed_kva,
            subscribed_current=round(1000 * self.subscribed_kva / VOLTS_PER_SUBSCRIBED_AMPERE / self.phases),
            period=self._now.period,
            counters=counters,
            drawn_power=max(0, total),
            injected_power=max(0, -total),
            phase_powers=tuple(max(0, round(power)) for power in powers),
            currents=tuple(map(round, currents)),
            voltages=tuple(round(volts - _WIRING * amps) for volts, amps in zip(voltages, currents, strict=True)),
            mean_voltages=tuple(
                round((self._level(phase, slot - 1) + self._level(phase, slot)) / 2) for phase in range(self.phases)
            ),
            mean_voltages_at=slot * _VOLTAGE_STEP,
        )

    def _sends_short(self, snapshot: Snapshot) -> bool:
        """Whether the next frame of a three-phase meter is a short one."""
        if self._burst_end is None:
            return False
        if snapshot.over_phases:
            self._burst_end = snapshot.at + BURST_AFTER
        elif snapshot.at > self._burst_end:
            self._burst_end = None
            return False
        self._shorts = (self._shorts + 1) % (SHORT_FRAMES_PER_LONG + 1)
        return self._shorts != 0

    def _powers(self) -> list[float]:
        """VA per phase as measured this second, negative towards the grid; a measure is never quite still."""
        second, measure = int(self.at), self._measure
        return [
            power * (1.0 + noise(measure + phase, second) * (0.008 + 6.0 / (abs(power) + 60.0)))
            for phase, power in enumerate(self._now.signed)
        ]

    def _total(self, powers: list[float]) -> float:
        """VA of all phases, negative towards the grid (Enedis-NOI-CPT_54E, 6.2.3.10)."""
        return copysign(sum(powers), self._now.watts)

    def _volts(self, phase: int) -> float:
        """Voltage of a phase at this second, before the wires of the house."""
        ten_minutes = self.at / _VOLTAGE_STEP
        return _VOLTAGE + 2.5 * drift(self._voltage + phase, ten_minutes) + 0.3 * noise(self._voltage - 1, int(self.at))

    def _level(self, phase: int, slot: int) -> float:
        """Voltage of a phase at the start of ten minutes."""
        return _VOLTAGE + 2.5 * noise(self._voltage + phase, slot)


def synthetic(
    start: Timestamp,
    end: Timestamp,
    step: float,
    contract: Contract = Contract.BASE,
    *,
    phases: int = 1,
    producer: bool = False,
    subscribed_kva: int | None = None,
    seed: int = 1,
) -> Iterator[MeterSample]:
    """What a meter counted from `start` to `end`, excluded, every `step` seconds: a year of minutes takes seconds.

    The arguments are those of `SimulatedMeter`; a meter whose frames shall go on from there has `samples` of its own.
    """
    meter = SimulatedMeter(
        contract, start=start, phases=phases, producer=producer, subscribed_kva=subscribed_kva, seed=seed
    )
    return meter.samples(end, step)
