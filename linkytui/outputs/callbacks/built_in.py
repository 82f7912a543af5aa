"""The callbacks that linkytui brings, made from the settings: loaded where one of them is on."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from linkytui.civil.times import Timestamp
from linkytui.outputs.callbacks.addresses import influx_address, mqtt_broker
from linkytui.outputs.callbacks.base import Callback
from linkytui.outputs.callbacks.influxdb.callback import InfluxDBCallback
from linkytui.outputs.callbacks.influxdb.points import PriceFeed
from linkytui.outputs.callbacks.mqtt.callback import MqttCallback
from linkytui.outputs.callbacks.mqtt.figures import FiguresFeed
from linkytui.outputs.callbacks.mqtt.session import BrokerAddress
from linkytui.outputs.callbacks.samples import SampleLog
from linkytui.outputs.callbacks.state import INFLUXDB, MQTT
from linkytui.outputs.callbacks.upstream.callback import Upstream, UpstreamCallback
from linkytui.outputs.callbacks.upstream.live import Today
from linkytui.outputs.callbacks.upstream.topics import level
from linkytui.settings.model import Settings, UpstreamSettings


@dataclass(frozen=True, slots=True)
class Givers:
    """Where they get what the line alone does not tell."""

    samples: SampleLog | None  # the history
    prices: PriceFeed | None
    figures: FiguresFeed | None
    today: Callable[[Timestamp], Today] | None
    clock: Callable[[], Timestamp]
    refused: Path | None  # the file for what InfluxDB refuses


def make(name: str, settings: Settings, givers: Givers) -> Callback:
    """One of them by its name."""
    if name == INFLUXDB:
        return InfluxDBCallback(
            influx_address(settings.influxdb),
            samples=givers.samples,
            zone=ZoneInfo(settings.history.timezone),
            prices=givers.prices,
            all_labels=settings.influxdb.all_labels,
            clock=givers.clock,
            refused=givers.refused,
        )
    if name == MQTT:
        return MqttCallback(mqtt_broker(settings.mqtt), figures=givers.figures)
    today = givers.today or (lambda _now: Today())
    return UpstreamCallback(upstream_of(settings.upstream), samples=givers.samples, today=today)


def upstream_of(settings: UpstreamSettings) -> Upstream:
    """The fleet of the settings, and what this site is called in it."""
    authority, certificate, key = (
        Path(path).expanduser() if path else None for path in (settings.authority, settings.certificate, settings.key)
    )
    return Upstream(
        broker=BrokerAddress(
            host=settings.host,
            port=settings.port or (8883 if settings.tls else 1883),
            username=settings.username,
            password=settings.password,
            tls=settings.tls,
            authority=authority,
            certificate=certificate,
            key=key,
        ),
        base=settings.topic,
        site=level(settings.site or settings.username or socket.gethostname(), "site"),
        meter=settings.meter,
        interval=settings.interval,
        form=settings.format,
    )
