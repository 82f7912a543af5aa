"""How a callback fares, for the screen and for `linkytui doctor`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from linkytui.i18n import _, ngettext, number

if TYPE_CHECKING:
    from linkytui.relay.report import CallbackReport


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
