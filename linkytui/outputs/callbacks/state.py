"""How a callback fares, for the screen and for `linkytui doctor`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from linkytui.i18n import _, ngettext, number

if TYPE_CHECKING:
    from linkytui.line.relay.report import CallbackReport, Report
    from linkytui.outputs.callbacks.configured import ConfiguredCallbacks


class Status(StrEnum):
    """What a callback does now."""

    OFF = "off"
    """Switched off."""
    STARTING = "starting"
    """Being imported or opened."""
    RUNNING = "running"
    PAUSED = "paused"
    """It failed repeatedly and is left alone for a while."""
    HUNG = "hung"
    """A call does not return."""
    FAILED = "failed"
    """It could not be imported or made. Switching it off and on tries again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackState:
    """One callback at one moment."""

    name: str
    status: Status
    busy_for: float = 0.0
    """Seconds for which the running call has lasted; 0 between calls."""
    paused_for: float = 0.0
    """Seconds until it is tried again; 0 unless paused."""
    delivered: int = 0
    """Frames that it took without an error."""
    dropped: int = 0
    """Frames that it was too slow for."""
    failures: int = 0
    """Calls that raised."""
    last_at: float | None = None
    """Seconds since 1970 at which it last took a frame."""
    last_error: str | None = None
    """One line."""
    last_error_at: float | None = None
    """Seconds since 1970."""
    note: str | None = None
    """What a person should know of it, such as that it stands in for one of linkypy's."""


def describe(state: "CallbackState | CallbackReport") -> str:
    """The state in a few words, here or as another process tells it."""
    match state.status:
        case Status.OFF:
            return _("off")
        case Status.STARTING:
            return _("starting")
        case Status.PAUSED:
            return _("paused for {seconds} s").format(seconds=number(state.paused_for))
        case Status.HUNG:
            return _("hung for {seconds} s").format(seconds=number(state.busy_for))
        case Status.FAILED:
            return _("cannot be loaded")
    if state.dropped:
        text = ngettext("running, {count} frame dropped", "running, {count} frames dropped", state.dropped)
        return text.format(count=number(state.dropped))
    return _("running")


def told_by(callbacks: "ConfiguredCallbacks | None", report: "Report | None") -> "tuple[CallbackReport, ...]":
    """How the callbacks fare, wherever they run.

    Args:
        callbacks: those of this process; None while none run here.
        report: what another process that runs them said last; None where there is none.
    """
    if callbacks is None:
        return () if report is None else report.callbacks
    from linkytui.outputs.callbacks.reports import reports_of

    return reports_of(callbacks)


def trouble_of(told: "CallbackReport") -> str | None:
    """What keeps a callback from doing what it should, in one line; None while it does."""
    match told.status:
        case Status.HUNG:
            return describe(told)
        case Status.PAUSED | Status.FAILED:
            return told.last_error or describe(told)
    for service in (told.delivery, told.publication):
        if service is not None and service.error is not None:
            return service.error
    return None


def title_of(name: str) -> str:
    """A callback's name as people write it."""
    return {"influxdb": "InfluxDB", "mqtt": "MQTT"}.get(name, name)
