"""Where the services of the settings are, as their clients want it said."""

from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.mqtt.broker import Broker
from linkytui.settings.model import InfluxSettings, MqttSettings


def influx_address(settings: InfluxSettings) -> InfluxAddress:
    """The database of the settings. A name without a password is no login."""
    return InfluxAddress(
        host=settings.host,
        port=settings.port,
        database=settings.database,
        username=settings.username,
        password=settings.password,
        tls=settings.tls,
        verify=settings.verify,
    )


def mqtt_broker(settings: MqttSettings) -> Broker:
    """The broker of the settings, at the usual port where none is set."""
    return Broker(
        host=settings.host,
        port=settings.port or (8883 if settings.tls else 1883),
        username=settings.username,
        password=settings.password,
        tls=settings.tls,
        topic=settings.topic,
        discovery=settings.discovery,
        interval=settings.interval,
    )
