"""MQTT: the topics of teleinfo2mqtt, and Home Assistant's discovery."""

from linkytui.callbacks.mqtt.callback import Broker, MqttCallback, MqttError, Publication

__all__ = ["Broker", "MqttCallback", "MqttError", "Publication"]
