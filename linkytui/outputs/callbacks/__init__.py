"""What the meter says, for other programs: the plugin interface, its runner, InfluxDB, MQTT."""

from linkytui.outputs.callbacks.base import Callback, CallbackError
from linkytui.outputs.callbacks.runner import CallbackRunner
from linkytui.outputs.callbacks.state import CallbackStatus, describe

__all__ = ["Callback", "CallbackError", "CallbackRunner", "CallbackStatus", "describe"]
