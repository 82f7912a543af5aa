"""Alert rules: one message when an incident begins and one when it ends. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, SupportsFloat

from linkytui.civil.times import Monotonic
from linkytui.link import STALE_AFTER
from linkytui.outputs.alerts.texts import AlertFacts, text_of_begin, text_of_change, text_of_end
from linkytui.reading.contracts import Contract
from linkytui.reading.meter_hours import HoursChange
from linkytui.reading.model import Reading
from linkytui.reading.outlook import is_off_peak
from linkytui.reading.steady import Steady
from linkytui.settings.model import AlertRule
from linkytui.tic.status import Colour

SILENT_SECONDS: Final = 60.0  # seconds without a frame that count as silence where the rule sets no threshold

BACKLOG_SECONDS: Final = 3600.0  # age of the oldest sample that waits for InfluxDB where the rule sets no threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An incident that began or ended."""

    rule: AlertRule
    began: bool  # False: it ended
    text: str  # one line for a person


@dataclass(slots=True)
class _Watch:
    """A rule and what is going on with it."""

    rule: AlertRule
    said: Steady[bool] = field(default_factory=lambda: Steady(False))  # what the meter says of it
    holds: bool | None = None  # the same; None while it does not say
    since: Monotonic | None = None  # the condition holds without a break
    began_at: Monotonic | None = None  # the last incident
    incident: bool = False
    resumed: bool = False  # it was going on before the program was started, and nothing was heard since
    began_before: bool = False  # it may have gone on before anybody looked, and then does not begin now
    told: object = None  # the last event that was told, of rules that tell events


class AlertEngine:
    """Judges the rules each time something is heard, and when time passes.

    What the meter says must hold in three frames running: one that is damaged, and passes the checksum, alarms nobody.
    All times are seconds that only go forward, from any origin; none comes from a clock of its own. Every method
    returns the alerts that are due, oldest rule first.
    """

    def __init__(
        self,
        rules: Sequence[AlertRule],
        *,
        budget: SupportsFloat | None = None,
        now: Monotonic = 0.0,
        running: Collection[AlertRule] = (),
    ) -> None:
        """Begin to watch.

        `running`: rules whose incident was going on before;
        `budget`: EUR a month, for budget rules without a threshold; `now`: the time, silence is counted from here until
        the first frame.
        """
        self._watches = [
            _Watch(rule, said=Steady(True), began_before=True) if rule.kind == "off_peak_starts" else _Watch(rule)
            for rule in rules
        ]
        for watch in self._watches:
            if watch.rule in running:
                watch.incident, watch.began_at, watch.resumed = True, now, True
                watch.said = Steady(True)
        self._budget = budget
        self._facts = AlertFacts(heard_at=now)

    @property
    def running(self) -> tuple[AlertRule, ...]:
        """The rules of which an incident is going on."""
        return tuple(watch.rule for watch in self._watches if watch.incident)

    def heard(self, latest: Reading, now: Monotonic) -> list[Alert]:
        """A frame came."""
        self._facts.latest, self._facts.heard_at = latest, now
        for watch in self._watches:
            if watch.rule.kind == "silent":
                watch.resumed = False
            said = self._says(watch.rule, latest)
            watch.holds = None if said is None else watch.said.settle(said)
            if watch.began_before:
                watch.began_before = watch.holds is not False
                watch.holds = None
        return self.tick(now)

    def estimated(self, eur: float | None, now: Monotonic) -> list[Alert]:
        """The month's estimate changed; None when there is none."""
        self._facts.estimate = eur
        return self.tick(now)

    def waiting(self, samples: int, age: float, now: Monotonic) -> list[Alert]:
        """The backlog changed. `age`: seconds for which the oldest has waited; 0 when none does."""
        self._facts.waiting, self._facts.waiting_for = samples, age
        for watch in self._watches:
            watch.resumed = watch.resumed and watch.rule.kind != "backlog"
        return self.tick(now)

    def changed(self, change: HoursChange | None, today: date) -> list[Alert]:
        """The off-peak hours change tomorrow, or have changed today; either is told once.

        `today`: by the clock of the meter's zone.
        """
        if change is None:
            return []
        event = (change, change.day > today)
        alerts = []
        for watch in self._watches:
            if watch.rule.kind == "hours_changed" and watch.told != event:
                watch.told = event
                alerts.append(Alert(rule=watch.rule, began=True, text=text_of_change(change, today)))
        return alerts

    def tick(self, now: Monotonic) -> list[Alert]:
        """Time passed."""
        alerts = []
        for watch in self._watches:
            alert = self._judge(watch, self._holds(watch, now), now)
            if alert is not None:
                alerts.append(alert)
        return alerts

    def _judge(self, watch: _Watch, holds: bool | None, now: Monotonic) -> Alert | None:
        """Begin or end an incident when it is time. What cannot be told does neither, and does not last."""
        rule = watch.rule
        if not holds:
            watch.since = None
            if holds is False and watch.incident:
                watch.incident = False
                return Alert(rule=rule, began=False, text=text_of_end(rule, self._facts))
            return None
        if watch.since is None:
            watch.since = now
        rested = watch.began_at is None or now - watch.began_at >= rule.interval
        if watch.incident or not rested or now - watch.since < rule.duration:
            return None
        watch.incident, watch.began_at = True, now
        limit = self._limit(rule)
        return Alert(rule=rule, began=True, text=text_of_begin(rule, self._facts, limit, now))

    def _holds(self, watch: _Watch, now: Monotonic) -> bool | None:
        """Whether a rule's condition holds; None when that cannot be told now."""
        facts, limit = self._facts, self._limit(watch.rule)
        if watch.resumed and watch.rule.kind in ("silent", "backlog"):
            return None  # too early to say that it is over
        match watch.rule.kind:
            case "silent":
                return now - facts.heard_at >= (limit or SILENT_SECONDS)
            case "backlog":
                return facts.waiting > 0 and facts.waiting_for >= (limit or BACKLOG_SECONDS)
            case "budget":
                return facts.estimate > limit if facts.estimate is not None and limit is not None else None
        return None if now - facts.heard_at > STALE_AFTER else watch.holds

    def _says(self, rule: AlertRule, latest: Reading) -> bool | None:
        """Whether the meter says that a rule's condition holds; None when it does not say, or it is not its to say."""
        match rule.kind:
            case "over_subscription":
                return latest.over_subscription
            case "power":
                limit = self._limit(rule)
                return latest.power > limit if latest.power is not None and limit is not None else None
            case "tempo_red":
                return latest.contract is Contract.TEMPO and latest.tomorrow is Colour.RED
            case "ejp_notice":
                return latest.contract is Contract.EJP and latest.peak is not None
            case "off_peak_starts":
                return is_off_peak(latest)
        return None

    def _limit(self, rule: AlertRule) -> float | None:
        """The rule's threshold, or what stands for it: the budget of the settings, the subscribed power."""
        if rule.threshold is not None:
            return rule.threshold
        if rule.kind == "budget":
            return None if self._budget is None else float(self._budget)
        latest = self._facts.latest
        if rule.kind == "power" and latest is not None and latest.subscribed is not None:
            return latest.subscribed * 1000
        return None
