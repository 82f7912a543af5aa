"""Messages from the reading thread to the screen. Plain values only."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from linkytui.link import Link
from linkytui.reading import Reading, Seen
from linkytui.reading.active_power import ActivePower
from linkytui.reading.lap import LapFigures

if TYPE_CHECKING:
    from linkytui.outputs.alerts.engine import Alert
    from linkytui.settings.model import Settings


@dataclass(frozen=True, slots=True)
class PowerSample:
    """One point of apparent power."""

    at: float  # seconds since 1970
    power: int  # VA
    period: str | None  # the register that counted
    injected: int | None = None  # VA given to the grid; None on meters that do not say


class FramesArrived(Message):
    """Frames came since the last such message: one when the screen keeps up, several when the meter is faster."""

    def __init__(
        self,
        latest: Reading,
        samples: tuple[PowerSample, ...],
        labels: dict[str, Seen],
        receipt: Callable[[], None] = lambda: None,
        active: ActivePower | None = None,
    ) -> None:
        super().__init__()
        self.latest = latest  # the last known of everything
        self.samples = samples
        """The power of each of those frames, oldest first. None of them is dropped."""
        self.labels = labels  # each label as last seen; a copy, the receiver's to keep
        self.receipt = receipt  # to be called when the message has been dealt with: only then is the next one posted
        self.active = active  # active power, once the registers have moved enough to tell


class GroupsRejected(Message):
    """Groups were rejected since the last such message."""

    def __init__(self, by_label: dict[str, int]) -> None:
        super().__init__()
        self.by_label = by_label
        """How often each label's group was rejected since the start; unreadable labels under an empty name."""

    def can_replace(self, message: Message) -> bool:
        """Counts are totals, so the newest says it all."""
        return isinstance(message, GroupsRejected)


class LinkChanged(Message):
    """The line's state or its counters changed."""

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.link = link

    def can_replace(self, message: Message) -> bool:
        """Only the newest state matters."""
        return isinstance(message, LinkChanged)


class MeterReset(Message):
    """What was known no longer holds: a seek in a recording, or another meter. Values and samples start anew."""


class AlertCame(Message):
    """An incident began or ended."""

    def __init__(self, alert: "Alert") -> None:
        super().__init__()
        self.alert = alert


class LapMarked(Message):
    """Two moments of the past were marked, to be kept as a lap."""

    def __init__(self, lap: LapFigures) -> None:
        super().__init__()
        self.lap = lap


class SettingsChanged(Message):
    """A value was saved by a screen."""

    def __init__(self, settings: "Settings") -> None:
        super().__init__()
        self.settings = settings  # all that hold now
