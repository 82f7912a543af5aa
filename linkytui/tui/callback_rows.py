"""How each callback fares, in words: a row for each, whether it runs here or in the process that reads the meter."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from linkytui.i18n import _, ngettext, number
from linkytui.line.relay import Report
from linkytui.line.relay.report import CallbackReport, DeliveryReport, PublicationReport
from linkytui.outputs.callbacks.configured import INFLUXDB, MQTT
from linkytui.outputs.callbacks.state import Status, describe, title_of, trouble_of
from linkytui.wording.terms import duration


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


def callback_rows(told: Iterable[CallbackReport], now: float) -> list[CallbackRow]:
    """A row for each callback, in the order of the settings."""
    return [_row(one, now) for one in told]


def elsewhere(report: Report) -> str:
    """Which other process it is that runs the callbacks."""
    who = _("The collector") if report.kind == "collector" else _("Another screen")
    return _("{who} (process {pid}) reads the meter and runs the callbacks.").format(who=who, pid=report.pid)


def backlog_text(delivery: DeliveryReport, now: float) -> str:
    """What waits for InfluxDB, in a few words."""
    text = ngettext("{count} sample waits to be sent", "{count} samples wait to be sent", delivery.waiting)
    text = text.format(count=number(delivery.waiting))
    if delivery.oldest_at is not None:
        text += ", " + _("the oldest for {age}").format(age=duration(now - delivery.oldest_at))
    return text


def _row(one: CallbackReport, now: float) -> CallbackRow:
    details, words = [one.note] if one.note else [], describe(one)
    setting = None
    if one.name == INFLUXDB:
        setting = None if one.note else "influxdb.enabled"
        if one.delivery is not None:
            details += _of_delivery(one.delivery, now)
            if one.delivery.error is not None and one.status == Status.RUNNING:
                words = _("cannot send")
    elif one.name == MQTT:
        setting = "mqtt.enabled"
        if one.publication is not None:
            details += _of_publication(one.publication)
            if one.publication.error is not None and one.status == Status.RUNNING:
                words = _("cannot publish")
    else:
        details += _of_frames(one, now)
    details += _of_failures(one, now)
    return CallbackRow(
        name=one.name,
        title=title_of(one.name),
        on=one.status != Status.OFF,
        troubled=trouble_of(one) is not None,
        words=words,
        details=tuple(details),
        switched_by=setting,
    )


def _of_delivery(delivery: DeliveryReport, now: float) -> Iterator[str]:
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


def _of_publication(publication: PublicationReport) -> Iterator[str]:
    if publication.connected:
        text = ngettext("{count} frame published", "{count} frames published", publication.frames)
        yield _("connected") + ", " + text.format(count=number(publication.frames))
    if publication.error is not None:
        yield publication.error


def _of_frames(state: CallbackReport, now: float) -> Iterator[str]:
    if state.delivered:
        text = ngettext("{count} frame taken", "{count} frames taken", state.delivered).format(
            count=number(state.delivered)
        )
        if state.last_at is not None:
            text += ", " + _("the last {age} ago").format(age=duration(now - state.last_at))
        yield text
    if state.dropped and state.status != Status.RUNNING:  # that one says it itself
        text = ngettext("{count} frame dropped", "{count} frames dropped", state.dropped)
        yield text.format(count=number(state.dropped))


def _of_failures(state: CallbackReport, now: float) -> Iterator[str]:
    if state.last_error is None:
        return
    age = duration(now - state.last_error_at) if state.last_error_at is not None else ""
    text = ngettext("{count} error", "{count} errors", state.failures).format(count=number(state.failures))
    yield ", ".join(filter(None, (text, _("the last {age} ago").format(age=age) if age else "")))
    yield state.last_error
