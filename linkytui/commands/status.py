"""`linkytui status`: the current power and cost in one line for a status bar, or as JSON."""

import json
import time
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from linkytui.collector.status import state_of, status_object
from linkytui.commands.common import Invocation, takes_invocation
from linkytui.errors import HistoryError, LinkytuiError
from linkytui.i18n import _, number
from linkytui.line.relay.place import collector_places, screen_place
from linkytui.line.relay.report import CostReport, ReadingReport, Report
from linkytui.line.relay.subscription import query_report
from linkytui.link import Link, LinkState
from linkytui.reading.contracts import INJECTED, Contract
from linkytui.wording.terms import called_by_meter, duration, register_name, state_name

if TYPE_CHECKING:
    from linkytui.settings.model import Settings

_PATIENCE: Final = 1.0  # seconds for the process that reads to answer: a status bar does not wait


@click.command(
    help=_(
        "Say in one line the power now, the tariff period and the cost of the month, for tmux and status "
        "bars. It asks the running collector or screen, else the history; it never opens the port."
    )
)
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object."))
@click.option("--no-history", is_flag=True, help=_("Fail when no collector or screen answers: a health check."))
@takes_invocation
def command(invocation: Invocation, as_json: bool, no_history: bool) -> None:
    """Print the status."""
    settings = invocation.settings
    now = time.time()
    report = _ask(settings)
    if report is None and no_history:
        raise LinkytuiError(_("Nobody reads the meter: no collector or screen answers."))
    reading = (report.reading if report is not None else None) or _recorded(settings)
    if report is None and reading is None:
        raise LinkytuiError(_("Nothing is known about a meter: no collector is running, and there is no history."))
    cost = report.cost if report is not None else None
    if cost is None:
        cost = _cost(settings, now)
    if as_json:
        click.echo(json.dumps(status_object(report, reading, cost, ZoneInfo(settings.history.timezone), now)))
    else:
        click.echo(_line(report, reading, cost, now))


def _ask(settings: "Settings") -> Report | None:
    """What the process that reads the meter says of itself, if there is one.

    Raises RelayError: there is one, but this user may not ask it.
    """
    for place in (*collector_places(settings.relay), screen_place(settings.relay)):
        report = query_report(place, _PATIENCE)
        if report is not None:
            return report
    return None


def _recorded(settings: "Settings") -> ReadingReport | None:
    """The last frame in the history; None when there is none. Raises HistoryError: it cannot be read."""
    # Only when nobody reads.
    from linkytui.billing.recorded import connection_of
    from linkytui.history import open_reader

    reader = open_reader(settings.history)
    recorded = reader.recorded()
    if recorded is None:
        return None
    last = next(iter(reader.samples(reader.newest_sample() - 1)), None)
    known = connection_of(reader)
    at = recorded[1] if last is None else last.at
    return ReadingReport(
        at=at,
        power=None if last is None else last.power,
        period=None if last is None else last.period,
        period_text=None if last is None or last.period is None else reader.period_texts().get(last.period),
        contract=known.contract,
        registers={name: value.wh for name, value in reader.registers_at(at).items() if name != INJECTED},
        subscribed=settings.meter.power_kva or known.subscribed_kva,
    )


def _cost(settings: "Settings", now: float) -> CostReport | None:
    """What the month costs; None when the history cannot tell."""
    # These only when nobody reads.
    from linkytui.billing.account import Account
    from linkytui.collector.costs import cost_report

    try:
        return cost_report(Account.open(settings), now)
    except HistoryError:
        return None


def _line(report: Report | None, reading: ReadingReport | None, cost: CostReport | None, now: float) -> str:
    """The same for a person, in one line."""
    state = state_of(report)
    parts = [] if state is LinkState.LIVE else [state_name(Link(state=state))]
    if reading is not None:
        if reading.power is not None:
            parts.append(f"{number(reading.power)} VA")
            if reading.subscribed:
                parts.append(f"{number(reading.power / reading.subscribed / 10)} %")
        if reading.period:
            text = reading.period_text if reading.contract == Contract.OTHER else None
            parts.append(register_name(reading.period, called_by_meter({reading.period: text or ""})))
        if state is not LinkState.LIVE:
            parts.append(_("{age} ago").format(age=duration(now - reading.at)))
    if cost is not None and cost.month_eur is not None:
        euros = _("{amount} EUR").format(amount=number(cost.month_eur, 2))
        if cost.estimate_eur is not None:
            euros = _("{amount} of about {whole} EUR").format(
                amount=number(cost.month_eur, 2), whole=number(cost.estimate_eur, 2)
            )
        parts.append(euros)
    return " · ".join(parts)
