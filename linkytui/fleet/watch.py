"""Hears every meter of a fleet at its broker."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from linkytui.outputs.callbacks.mqtt.session import BrokerAddress, Session, Wishes
from linkytui.outputs.callbacks.upstream.batch import Decoder
from linkytui.outputs.callbacks.upstream.live import Live
from linkytui.outputs.callbacks.upstream.topics import LIVE, Source, source_of

if TYPE_CHECKING:
    from paho.mqtt.client import MQTTMessage


class Said(NamedTuple):
    """What a meter said; None when it was taken out."""

    live: Live | None
    kept: bool  # the broker had it from before


class FleetWatch:
    """A connection by which the newest of every meter comes. Of each only the last message waits to be taken."""

    def __init__(self, broker: BrokerAddress, base: str, *, connect: Callable[..., Session] = Session) -> None:
        """Begin. Raises MqttError: certificates that cannot be read."""
        self._base = base
        self._reader = Decoder(Live)
        self._lock = threading.Lock()
        self._news: dict[Source, Said] = {}
        self.unreadable = 0  # messages
        # A name of the broker's own choice: any number of people may look at once.
        wishes = Wishes(client_id="", quality=0, largest=64 * 1024)
        self._session = connect(broker, wishes, topics=[f"{base}/+/+/{LIVE}"], heard=self._heard)

    @property
    def trouble(self) -> str | None:
        """Why nothing comes, in one line; None while all is well."""
        return self._session.trouble

    @property
    def stands(self) -> bool:
        """Whether the broker lets us hear."""
        return self._session.stands

    def take(self) -> dict[Source, Said]:
        """What came since the last time, by meter."""
        with self._lock:
            news, self._news = self._news, {}
        return news

    def close(self) -> None:
        """Go."""
        self._session.close()

    def _heard(self, message: "MQTTMessage") -> None:
        """On the network's thread, which an exception would end."""
        try:
            source = source_of(self._base, message.topic)
            said = Said(self._reader.decode(bytes(message.payload)) if message.payload else None, message.retain)
        except ValueError:
            self.unreadable += 1
            return
        if source is not None:
            with self._lock:
                self._news[source] = said
