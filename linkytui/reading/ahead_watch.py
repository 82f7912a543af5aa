"""The periods ahead: worked out once a minute, and when something they follow from has changed."""

from linkytui.civil.days import MINUTE
from linkytui.civil.times import Timestamp
from linkytui.reading.ahead import Outlook
from linkytui.reading.meter_hours import KnownHours, MeterHours
from linkytui.reading.model import Reading
from linkytui.reading.outlook import Hours, meter_now, outlook


class AheadWatch:
    """Hears what the meter says of its hours and tells what is ahead. For one thread."""

    def __init__(self, hours: Hours) -> None:
        self.hours = hours  # what is known beside the meter's word
        self._meter = MeterHours()
        self._asked: tuple[object, ...] = ()
        self._ahead: Outlook | None = None

    @property
    def meter(self) -> MeterHours:
        """What the meter said."""
        return self._meter

    def learn(self, hours: Hours, known: KnownHours) -> None:
        """Take over what the history says, and what was kept of the meter's word where this run knows less."""
        self.hours = hours
        mine = self._meter.known
        if known.meter_id and (not mine.meter_id or (mine.meter_id == known.meter_id and not self._meter.kept)):
            self._meter.take_over(known)

    def hear(self, latest: Reading) -> None:
        """Frames came."""
        self._meter.hear(latest)

    def forget(self) -> None:
        """Another meter, or another moment of a recording."""
        self._meter = MeterHours()
        self._asked = ()

    def look(self, latest: Reading | None, now: Timestamp) -> Outlook | None:
        """The periods from a moment on; None where nothing is to be said."""
        if latest is None:
            return None
        here = meter_now(latest, now)
        asked = (
            here // MINUTE,
            latest.contract,
            latest.period,
            latest.today,
            latest.tomorrow,
            latest.peak,
            self._meter.version,
            self.hours,
        )
        if asked != self._asked:
            self._asked = asked
            self._ahead = outlook(latest, self._meter, self.hours, now)
        return self._ahead
