"""MQTT: the topics of teleinfo2mqtt, and Home Assistant's discovery."""

from linkytui.callbacks.mqtt.callback import Broker, MqttCallback, MqttError, Publication
from linkytui.callbacks.mqtt.probe import probe

__all__ = ["Broker", "MqttCallback", "MqttError", "Publication", "probe"]
