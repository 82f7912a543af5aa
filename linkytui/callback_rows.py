"""How each callback fares, in words: a row for each that runs here, or what its process says of those elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from linkytui.callbacks.configured import INFLUXDB, MQTT, ConfiguredCallbacks
from linkytui.callbacks.state import CallbackState, Status, describe
from linkytui.i18n import _, ngettext, number
from linkytui.words import duration

if TYPE_CHECKING:
    from linkytui.callbacks.influxdb import Delivery
    from linkytui.callbacks.mqtt import Publication
    from linkytui.relay import Report

_TROUBLED: Final = (Status.PAUSED, Status.HUNG, Status.FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackRow:
    """One callback, as the screen tells it."""

    name: str
    """Under which the runner knows it."""
    title: str
    on: bool
    troubled: bool
    """It does not do what it should."""
    words: str
    """What it does now."""
    details: tuple[str, ...]
    """A line each."""
    switched_by: str | None = None
    """The setting that switches it; None for one that is switched until the program ends only."""


def callback_rows(callbacks: ConfiguredCallbacks, now: float) -> list[CallbackRow]:
    """A row for each callback of this process, in the order of the settings."""
    rows = []
    for state in callbacks.runner.states():
        details, troubled, setting = [], state.status in _TROUBLED, None
        title, words = state.name, describe(state)
        if state.note:
            details.append(state.note)
        if state.name == INFLUXDB:
            title, setting = "InfluxDB", None if state.note else "influxdb.enabled"
            if (delivery := callbacks.delivery) is not None:
                details += _of_delivery(delivery, now)
                if delivery.error is not None and not troubled:
                    troubled, words = True, _("cannot send")
        elif state.name == MQTT:
            title, setting = "MQTT", "mqtt.enabled"
            if (publication := callbacks.publication) is not None:
                details += _of_publication(publication)
                if publication.error is not None and not troubled:
                    troubled, words = True, _("cannot publish")
        else:
            details += _of_frames(state, now)
        details += _of_failures(state, now)
        rows.append(
            CallbackRow(
                name=state.name,
                title=title,
                on=state.status is not Status.OFF,
                troubled=troubled,
                words=words,
                details=tuple(details),
                switched_by=setting,
            )
        )
    return rows


def elsewhere(report: "Report", now: float) -> list[str]:
    """What another process says of the callbacks that it runs, a line each."""
    who = _("The collector") if report.kind == "collector" else _("Another screen")
    lines = [_("{who} (process {pid}) reads the meter and runs the callbacks.").format(who=who, pid=report.pid)]
    if report.backlog is None:
        lines.append(_("InfluxDB: off"))
    elif not report.backlog.samples:
        lines.append(_("InfluxDB: nothing waits to be sent"))
    else:
        lines.append(f"InfluxDB: {_waiting(report.backlog.samples, report.backlog.oldest_at, now)}")
    return [*lines, *report.troubles]


def backlog_text(delivery: "Delivery", now: float) -> str:
    """What waits for InfluxDB, in a few words."""
    return _waiting(delivery.waiting, delivery.oldest_at, now)


def _waiting(samples: int, oldest_at: float | None, now: float) -> str:
    text = ngettext("{count} sample waits to be sent", "{count} samples wait to be sent", samples)
    text = text.format(count=number(samples))
    if oldest_at is not None:
        text += ", " + _("the oldest for {age}").format(age=duration(now - oldest_at))
    return text


def _of_delivery(delivery: "Delivery", now: float) -> Iterator[str]:
    sent = ngettext("{count} sample sent", "{count} samples sent", delivery.sent)
    if delivery.connected:
        yield _("connected") + ", " + sent.format(count=number(delivery.sent))
    if delivery.waiting:
        yield backlog_text(delivery, now)
    if delivery.error is not None:
        age = duration(now - delivery.error_at) if delivery.error_at is not None else ""
        yield _("for {age}: {trouble}").format(age=age, trouble=delivery.error) if age else str(delivery.error)
    if delivery.refused is not None:
        yield _("refused for good: {trouble}").format(trouble=delivery.refused)
    if delivery.too_old:
        text = ngettext("{count} sample waited too long", "{count} samples waited too long", delivery.too_old)
        yield text.format(count=number(delivery.too_old))
    if delivery.unreadable:
        yield _("live values only: {trouble}").format(trouble=delivery.unreadable)
    yield from delivery.remarks


def _of_publication(publication: "Publication") -> Iterator[str]:
    if publication.connected:
        text = ngettext("{count} frame published", "{count} frames published", publication.frames)
        yield _("connected") + ", " + text.format(count=number(publication.frames))
    if publication.error is not None:
        yield publication.error


def _of_frames(state: CallbackState, now: float) -> Iterator[str]:
    if state.delivered:
        text = ngettext("{count} frame taken", "{count} frames taken", state.delivered).format(
            count=number(state.delivered)
        )
        if state.last_at is not None:
            text += ", " + _("the last {age} ago").format(age=duration(now - state.last_at))
        yield text


def _of_failures(state: CallbackState, now: float) -> Iterator[str]:
    if state.last_error is None:
        return
    age = duration(now - state.last_error_at) if state.last_error_at is not None else ""
    text = ngettext("{count} error", "{count} errors", state.failures).format(count=number(state.failures))
    yield ", ".join(filter(None, (text, _("the last {age} ago").format(age=age) if age else "")))
    yield state.last_error
