"""MQTT: the topics of teleinfo2mqtt, and Home Assistant's discovery."""

from linkytui.outputs.callbacks.mqtt.callback import Broker, MqttCallback, MqttError
from linkytui.outputs.callbacks.mqtt.probe import probe

__all__ = ["Broker", "MqttCallback", "MqttError", "probe"]
