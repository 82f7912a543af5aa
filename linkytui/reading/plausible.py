"""What a meter cannot have said: registers that fall or leap, powers that no breaker lets pass."""

from dataclasses import dataclass, field
from typing import Final, TypeAlias

Millis: TypeAlias = int  # milliseconds on whichever clock

UNKNOWN_LIMIT_KVA: Final = 36.0  # the most that a household meter is ever set to (Enedis-NOI-CPT_54E, 6.2.3.8)

MARGIN: Final = 2.0
"""How often more than its limit a meter may pass for a while: the breaker allows 1.3 times for ever and more for
minutes (Enedis-NOI-CPT_54E, 7)."""

LASTING_MARGIN: Final = 1.3  # how often its limit a meter may pass for ever; one frame that says more is not believed

SLACK_WH: Final = 50  # Wh that may pass beyond that, for short peaks and for times that are some frames off

POWER_MARGIN: Final = 3.0  # a power above so many times the limit is an error of transmission

STEADY_MS: Final = 60_000
STEADY_TIMES: Final = 3  # a register that fell or leapt is believed once it went on from there for so long and so often

LONGEST_ABSENCE_MS: Final = 31 * 86_400_000
"""Energy that came while the clock cannot be trusted is believed up to what so long an absence allows."""


def most_energy(limit_kva: float, duration_ms: Millis) -> float:
    """The most Wh that can pass in a time, without the slack."""
    return limit_kva * MARGIN * max(0, duration_ms) / 3600


@dataclass(slots=True)
class Allowance:
    """What a register may rise by: what its breaker passes, and beyond that `SLACK_WH` once, regained as time passes.

    A slack that was granted anew for each frame would let any power pass, in small steps.
    """

    slack: float = SLACK_WH

    def left(self, rise: int, duration_ms: Millis, limit_kva: float) -> float:
        """Wh of slack that a rise over a time leaves; less than nothing when it cannot be."""
        return min(float(SLACK_WH), self.slack + most_energy(limit_kva, duration_ms) - rise)

    def spend(self, rise: int, duration_ms: Millis, limit_kva: float) -> bool:
        """Whether a rise over a time can be; takes it in when it can."""
        left = self.left(rise, duration_ms, limit_kva)
        if rise < 0 or left < 0:
            return False
        self.slack = left
        return True


@dataclass(slots=True)
class Candidate:
    """A register that fell or leapt, and goes on from there."""

    since: Millis
    first: int  # Wh
    at: Millis  # when it was last seen
    value: int  # Wh, as last seen
    times: int = 1
    allowance: Allowance = field(default_factory=Allowance)

    def goes_on(self, at: Millis, value: int, limit_kva: float) -> bool:
        """Whether a value can follow from the one last seen; takes it in when it can."""
        if not self.allowance.spend(value - self.value, at - self.at, limit_kva):
            return False
        self.at, self.value, self.times = at, value, self.times + 1
        return True

    @property
    def steady(self) -> bool:
        """It went on for long enough to be believed."""
        return self.times >= STEADY_TIMES and self.at - self.since >= STEADY_MS
