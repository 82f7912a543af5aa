"""Which MQTT broker."""

from dataclasses import dataclass, field
from typing import Final

from linkytui.errors import LinkytuiError

MQTT_CONNECT_TIMEOUT: Final = 5.0
KEEPALIVE: Final = 30  # seconds after which the broker is asked whether it is still there, and learns that we are


class MqttError(LinkytuiError):
    """The broker cannot be reached or refuses us. The text holds no password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """Which broker, as whom, and under which topics."""

    host: str = "localhost"
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    topic: str = "teleinfo"  # under which everything is published
    discovery: str = "homeassistant"  # under which Home Assistant looks for devices; empty for no discovery
    interval: float = 10.0  # seconds between two frames at least; 0 publishes each change at once

    @property
    def base(self) -> str:
        """The topic without slashes around it."""
        return self.topic.strip("/") or "teleinfo"
