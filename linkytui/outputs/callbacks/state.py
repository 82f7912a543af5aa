"""A callback's state, in words: here, or in the process that reads the meter."""

from enum import StrEnum
from typing import Final

from linkytui.i18n import _, ngettext, number
from linkytui.line.relay.report import CallbackState

INFLUXDB: Final = "influxdb"  # what the built-in callbacks are called, as their tables of the settings are
MQTT: Final = "mqtt"
UPSTREAM: Final = "upstream"


class CallbackStatus(StrEnum):
    """What a callback does now."""

    OFF = "off"  # switched off
    STARTING = "starting"  # being imported or opened
    RUNNING = "running"
    PAUSED = "paused"  # it failed repeatedly and is left alone for a while
    HUNG = "hung"  # a call does not return
    FAILED = "failed"
    """It could not be imported or made. Switching it off and on tries again."""


def describe(state: CallbackState) -> str:
    """The state in a few words."""
    match state.status:
        case CallbackStatus.OFF:
            return _("off")
        case CallbackStatus.STARTING:
            return _("starting")
        case CallbackStatus.PAUSED:
            return _("paused for {seconds} s").format(seconds=number(state.paused_for))
        case CallbackStatus.HUNG:
            return _("hung for {seconds} s").format(seconds=number(state.busy_for))
        case CallbackStatus.FAILED:
            return _("cannot be loaded")
    if state.dropped:
        text = ngettext("running, {count} frame dropped", "running, {count} frames dropped", state.dropped)
        return text.format(count=number(state.dropped))
    return _("running")


def trouble_of(state: CallbackState) -> str | None:
    """What keeps a callback from doing what it should, in one line; None while it does."""
    match state.status:
        case CallbackStatus.HUNG:
            return describe(state)
        case CallbackStatus.PAUSED | CallbackStatus.FAILED:
            return state.last_error or describe(state)
    for service in (state.delivery, state.publication):
        if service is not None and service.error is not None:
            return service.error
    if state.delivery is not None and state.delivery.refused is not None:
        return _("InfluxDB rejects the data: {reason}").format(reason=state.delivery.refused)
    return None


def trouble_in_brief(state: CallbackState) -> str:
    """The same, where the callback's name stands before it and there is little room; empty while all is well."""
    text = trouble_of(state) or ""
    refused = None if state.delivery is None else state.delivery.refused
    return refused if refused is not None and text.endswith(refused) else text


def title_of(name: str) -> str:
    """A callback's name as people write it."""
    return {INFLUXDB: "InfluxDB", MQTT: "MQTT", UPSTREAM: _("Fleet of meters")}.get(name, name)
