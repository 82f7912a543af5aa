"""What `linkytui status --json` prints and the collector gives at `/status`, as one object.

Other programs read it: its keys are only ever added to.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from linkytui.civil.times import Timestamp
from linkytui.line.relay.report import CostReport, ReadingReport, Report
from linkytui.link import LinkState

STATES = ("live", "stale", "silent", "down")
"""What a line's state is called there."""


def state_of(report: Report | None) -> LinkState:
    """The state of the line, of whoever reads it; that nobody does is one."""
    return LinkState.NO_READER if report is None else report.link.link_state


def state_word(state: LinkState) -> str:
    """One of `STATES`."""
    return {LinkState.LIVE: "live", LinkState.SILENT: "silent"}.get(state, "down" if state.down else "stale")


def status_object(
    report: Report | None, reading: ReadingReport | None, cost: CostReport | None, zone: ZoneInfo, now: Timestamp
) -> dict[str, Any]:
    """What is known now. `reading`: the newest, the report's or the history's; `zone`: in which its time is written."""
    return {
        "at": datetime.fromtimestamp(reading.at, zone).isoformat(timespec="seconds") if reading else None,
        "age_s": round(max(0.0, now - reading.at), 1) if reading else None,
        "power_va": reading.power if reading else None,
        "period": reading.period if reading else None,
        "contract": reading.contract if reading else None,
        "registers_wh": dict(reading.registers) if reading else {},
        "subscribed_kva": reading.subscribed if reading else None,
        "link": {
            "frames": report.link.frames if report else None,
            "rejected": report.link.rejected if report else None,
            "state": state_word(state_of(report)),
        },
        "month_eur": cost.month_eur if cost else None,
        "estimate_eur": cost.estimate_eur if cost else None,
    }
