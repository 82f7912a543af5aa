"""What Home Assistant was told by discovery, so that it hears only of what is new."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from linkytui.i18n import language
from linkytui.outputs.callbacks.mqtt.broker import Broker
from linkytui.outputs.callbacks.mqtt.discovery import descriptions
from linkytui.reading.meter import Seen
from linkytui.reading.model import Reading

_EXPIRE_AFTER: Final = 180  # seconds: three heartbeats


class Announced:
    """The descriptions that were published on this connection."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._known: dict[str, str] = {}
        self._of: tuple[object, ...] = ()

    def clear(self) -> None:
        """Another connection: its broker may have forgotten them."""
        self._known.clear()
        self._of = ()

    def news(
        self, meter_id: str, latest: Reading, labels: Mapping[str, Seen], answers: Iterable[str]
    ) -> Iterator[tuple[str, str]]:
        """Topics and messages of what is new or is described otherwise than before, in another language for one."""
        answers = tuple(answers)
        described = meter_id, latest.mode, latest.contract, language(), tuple(labels), answers
        if not self._broker.discovery or described == self._of:
            return
        self._of = described
        found = descriptions(
            self._broker.discovery.strip("/"),
            self._broker.base,
            meter_id,
            labels=labels,
            answers=answers,
            mode=latest.mode,
            contract=latest.contract,
            expire_after=int(max(3 * self._broker.interval, _EXPIRE_AFTER)),
        )
        for topic, payload in found:
            message = json.dumps(payload, ensure_ascii=False)
            if self._known.get(topic) != message:
                self._known[topic] = message
                yield topic, message
