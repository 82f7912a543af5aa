"""What a meter cannot have said: registers that fall or leap, powers that no breaker lets pass."""

from dataclasses import dataclass
from typing import Final

from linkytui.history.rollup import DAY_MS, Millis

UNKNOWN_LIMIT_KVA: Final = 36.0  # the most that a household meter is ever set to (Enedis-NOI-CPT_54E, 6.2.3.8)

MARGIN: Final = 2.0
"""How often more than its limit a meter may pass for a while: the breaker allows 1.3 times for ever and more for
minutes (Enedis-NOI-CPT_54E, 7)."""

SLACK_WH: Final = 50  # Wh that may always pass, for short peaks and for times that are a frame off

POWER_MARGIN: Final = 3.0  # a power above so many times the limit is an error of transmission

STEADY_MS: Final = 60_000
STEADY_TIMES: Final = 3  # a register that fell or leapt is believed once it went on from there for so long and so often

LONGEST_ABSENCE_MS: Final = 31 * DAY_MS
"""Energy that came while the clock cannot be trusted is believed up to what so long an absence allows."""


def most_energy(limit_kva: float, duration_ms: int) -> int:
    """The most Wh that can pass in a time."""
    return int(limit_kva * MARGIN * duration_ms / 3600) + SLACK_WH


@dataclass(slots=True)
class Candidate:
    """A register that fell or leapt, and goes on from there."""

    since: Millis
    first: int  # Wh
    at: Millis  # when it was last seen
    value: int  # Wh, as last seen
    times: int = 1

    def goes_on(self, at: Millis, value: int, limit_kva: float) -> bool:
        """Whether a value can follow from the one last seen; takes it in when it can."""
        if not 0 <= value - self.value <= most_energy(limit_kva, at - self.at):
            return False
        self.at, self.value, self.times = at, value, self.times + 1
        return True

    @property
    def steady(self) -> bool:
        """It went on for long enough to be believed."""
        return self.times >= STEADY_TIMES and self.at - self.since >= STEADY_MS
