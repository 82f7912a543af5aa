"""Rows of the callbacks screen: each callback's state in words."""

from collections.abc import Iterator

from linkytui.i18n import _, ngettext, number
from linkytui.line.relay.report import CallbackState, Delivery, Publication, Report
from linkytui.outputs.callbacks.state import INFLUXDB, MQTT, CallbackStatus, describe
from linkytui.wording.terms import duration


def switched_by(state: CallbackState) -> str | None:
    """The setting that switches a callback; None for one that is switched until the program ends only."""
    if state.name == INFLUXDB:
        return None if state.note else "influxdb.enabled"
    return "mqtt.enabled" if state.name == MQTT else None


def elsewhere(report: Report) -> str:
    """Which other process it is that runs the callbacks."""
    who = _("The collector") if report.kind == "collector" else _("Another screen")
    return _("{who} (process {pid}) reads the meter and runs the callbacks.").format(who=who, pid=report.pid)


def refused_text(delivery: Delivery) -> str:
    """How much InfluxDB refuses, in a few words."""
    text = ngettext(
        "{count} point refused, sent again every few minutes",
        "{count} points refused, sent again every few minutes",
        delivery.refused_points,
    )
    return text.format(count=number(delivery.refused_points))


def backlog_text(delivery: Delivery, now: float) -> str:
    """What waits for InfluxDB, in a few words."""
    if not delivery.waiting and delivery.refused is not None:
        return refused_text(delivery)
    text = ngettext("{count} sample waits to be sent", "{count} samples wait to be sent", delivery.waiting)
    text = text.format(count=number(delivery.waiting))
    if delivery.oldest_at is not None:
        text += ", " + _("the oldest from {age} ago").format(age=duration(now - delivery.oldest_at))
    return text


def summary(state: CallbackState) -> str:
    """What a callback does now, in a few words."""
    if state.status == CallbackStatus.RUNNING:
        if state.delivery is not None and state.delivery.error is not None:
            return _("cannot send")
        if state.publication is not None and state.publication.error is not None:
            return _("cannot publish")
        if state.delivery is not None and state.delivery.refused is not None:
            return _("refused")
    return describe(state)


def details(state: CallbackState, now: float) -> Iterator[str]:
    """What there is to say of a callback beside that, a line each."""
    if state.note:
        yield state.note
    if state.delivery is not None:
        yield from _of_delivery(state.delivery, now)
    elif state.publication is not None:
        yield from _of_publication(state.publication)
    elif state.name not in (INFLUXDB, MQTT):
        yield from _of_frames(state, now)
    yield from _of_failures(state, now)


def _of_delivery(delivery: Delivery, now: float) -> Iterator[str]:
    sent = ngettext("{count} sample sent", "{count} samples sent", delivery.sent)
    if delivery.connected:
        yield _("connected") + ", " + sent.format(count=number(delivery.sent))
    if delivery.waiting:
        yield backlog_text(delivery, now)
    if delivery.error is not None:
        age = duration(now - delivery.error_at) if delivery.error_at is not None else ""
        yield _("for {age}: {trouble}").format(age=age, trouble=delivery.error) if age else str(delivery.error)
    if delivery.refused is not None:
        yield refused_text(delivery) + ": " + delivery.refused
    if delivery.too_old:
        text = ngettext("{count} sample waited too long", "{count} samples waited too long", delivery.too_old)
        yield text.format(count=number(delivery.too_old))
    if delivery.unreadable:
        yield _("live values only: {trouble}").format(trouble=delivery.unreadable)
    yield from delivery.remarks


def _of_publication(publication: Publication) -> Iterator[str]:
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
            text += ", " + _("last one {age} ago").format(age=duration(now - state.last_at))
        yield text
    if state.dropped and state.status != CallbackStatus.RUNNING:  # that one says it itself
        text = ngettext("{count} frame dropped", "{count} frames dropped", state.dropped)
        yield text.format(count=number(state.dropped))


def _of_failures(state: CallbackState, now: float) -> Iterator[str]:
    if state.last_error is None:
        return
    age = duration(now - state.last_error_at) if state.last_error_at is not None else ""
    text = ngettext("{count} error", "{count} errors", state.failures).format(count=number(state.failures))
    yield ", ".join(filter(None, (text, _("last one {age} ago").format(age=age) if age else "")))
    yield state.last_error
