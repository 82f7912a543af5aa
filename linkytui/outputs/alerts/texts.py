"""The texts of alerts."""

from dataclasses import dataclass
from datetime import date

from linkytui.civil.times import Monotonic
from linkytui.i18n import _, number
from linkytui.reading.meter_hours import HoursChange
from linkytui.reading.model import Reading
from linkytui.settings.model import AlertRule
from linkytui.tic.status import Colour
from linkytui.wording.until import hours_text


@dataclass(slots=True)
class AlertFacts:
    """What is known so far."""

    heard_at: Monotonic  # when the last frame came, on the engine's time
    latest: Reading | None = None
    estimate: float | None = None  # EUR: what the month will have cost
    waiting: int = 0  # samples that InfluxDB has not got
    waiting_for: float = 0.0  # seconds for which the oldest of them has waited


def text_of_begin(rule: AlertRule, facts: AlertFacts, limit: float | None, now: Monotonic) -> str:
    """What happened, in one line."""
    power = facts.latest.power if facts.latest is not None else None
    match rule.kind:
        case "over_subscription":
            if power is None:
                return _("Subscribed power exceeded")
            return _("Subscribed power exceeded: {power} VA").format(power=number(power))
        case "power":
            text = _("Drawing {power} VA, above {limit} VA")
            return text.format(power=number(power or 0), limit=number(limit or 0))
        case "silent":
            return _("The meter has been silent for {seconds} s").format(seconds=number(now - facts.heard_at))
        case "tempo_red":
            return _("Tomorrow is a red Tempo day")
        case "ejp_notice":
            running = facts.latest is not None and facts.latest.peak is not None and facts.latest.peak.running
            return _("EJP mobile peak in progress") if running else _("EJP mobile peak starts soon")
        case "budget":
            text = _("The month is estimated at {estimate} EUR, above {limit} EUR")
            return text.format(estimate=number(facts.estimate or 0, 2), limit=number(limit or 0, 2))
        case "backlog":
            text = _("{count} samples are waiting for InfluxDB; the oldest is {minutes} min old")
            return text.format(count=number(facts.waiting), minutes=number(facts.waiting_for / 60))
        case "off_peak_starts":
            return _("Off-peak hours have begun")
        case "hours_changed":
            return _("Your off-peak hours have changed")


def text_of_change(change: HoursChange, today: date) -> str:
    """That other hours hold, with the old and the new ones."""
    old, new = hours_text(change.old), hours_text(change.new)
    if change.day > today:
        return _("Your off-peak hours change tomorrow: {new} instead of {old}").format(new=new, old=old)
    return _("Your off-peak hours have changed: {new} instead of {old}").format(new=new, old=old)


def text_of_end(rule: AlertRule, facts: AlertFacts) -> str:
    """That it is over, in one line."""
    match rule.kind:
        case "over_subscription":
            return _("Back within the subscribed power")
        case "power":
            power = facts.latest.power if facts.latest is not None else None
            return _("Drawing {power} VA, back within the limit").format(power=number(power or 0))
        case "silent":
            return _("The meter is sending again")
        case "tempo_red":
            if facts.latest is not None and facts.latest.today is Colour.RED:
                return _("The red Tempo day has begun")
            return _("Tomorrow is no longer announced as a red Tempo day")
        case "ejp_notice":
            return _("EJP mobile peak is over")
        case "budget":
            return _("The month is estimated at {estimate} EUR, within budget").format(
                estimate=number(facts.estimate or 0, 2)
            )
        case "backlog":
            return _("InfluxDB has caught up")
        case "off_peak_starts":
            return _("Off-peak hours are over")
        case "hours_changed":
            return ""  # an event, which does not end
