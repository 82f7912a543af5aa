"""How the callbacks fare, as values that go to another process too: all screens tell the same, whoever runs them."""

from linkytui.line.relay.report import CallbackReport, DeliveryReport, PublicationReport
from linkytui.outputs.callbacks.configured import INFLUXDB, MQTT, ConfiguredCallbacks
from linkytui.outputs.callbacks.influxdb import Delivery
from linkytui.outputs.callbacks.mqtt import Publication
from linkytui.outputs.callbacks.state import CallbackState


def reports_of(callbacks: ConfiguredCallbacks) -> tuple[CallbackReport, ...]:
    """Each callback as it fares now, in the order of the settings."""
    delivery, publication = callbacks.delivery, callbacks.publication
    return tuple(
        _report(
            state,
            delivery if state.name == INFLUXDB else None,
            publication if state.name == MQTT else None,
        )
        for state in callbacks.runner.states()
    )


def _report(state: CallbackState, delivery: Delivery | None, publication: Publication | None) -> CallbackReport:
    return CallbackReport(
        name=state.name,
        status=state.status.value,
        busy_for=round(state.busy_for, 1),
        paused_for=round(state.paused_for, 1),
        delivered=state.delivered,
        dropped=state.dropped,
        failures=state.failures,
        last_at=state.last_at,
        last_error=state.last_error,
        last_error_at=state.last_error_at,
        note=state.note,
        delivery=None if delivery is None else _delivery(delivery),
        publication=None
        if publication is None
        else PublicationReport(connected=publication.connected, frames=publication.frames, error=publication.error),
    )


def _delivery(delivery: Delivery) -> DeliveryReport:
    return DeliveryReport(
        connected=delivery.connected,
        waiting=delivery.waiting,
        oldest_at=delivery.oldest_at,
        sent=delivery.sent,
        too_old=delivery.too_old,
        error=None if delivery.error is None else str(delivery.error),
        error_at=delivery.error_at,
        refused=None if delivery.refused is None else str(delivery.refused),
        remarks=delivery.remarks,
        unreadable=delivery.unreadable,
    )
