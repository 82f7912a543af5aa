"""What Home Assistant was told by discovery, so that it hears only of what is new."""

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from linkytui.i18n import language
from linkytui.outputs.callbacks.mqtt.answer_entities import outlived
from linkytui.outputs.callbacks.mqtt.broker import Broker
from linkytui.outputs.callbacks.mqtt.discovery import descriptions, discovery_topic
from linkytui.reading.meter import Seen
from linkytui.reading.model import Reading

_EXPIRE_AFTER: Final = 180  # seconds: three heartbeats


class Announced:
    """The descriptions that were published on this connection."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._known: dict[str, str] = {}
        self._kept: set[str] = set()  # the network's thread adds to it
        self._of: tuple[object, ...] = ()

    def clear(self) -> None:
        """Another connection: its broker may have forgotten them."""
        self._known.clear()
        self._kept.clear()
        self._of = ()

    def keeps(self, topic: str) -> None:
        """The broker has kept a description from before. For any thread."""
        self._kept.add(topic)

    def news(
        self,
        meter_id: str,
        latest: Reading,
        labels: Mapping[str, Seen],
        answers: Iterable[str],
        called: Mapping[str, str] = MappingProxyType({}),
    ) -> Iterator[tuple[str, str]]:
        """Topics and messages of what is new or is described otherwise than before, in another language for one.

        An empty message takes an answer away that was of another contract.
        """
        answers = tuple(answers)
        of = meter_id, latest.mode, latest.contract, language(), tuple(labels), answers, dict(called), len(self._kept)
        if not self._broker.discovery or of == self._of:
            return
        self._of = of
        prefix = self._broker.discovery.strip("/")
        found = descriptions(
            prefix,
            self._broker.base,
            meter_id,
            labels=labels,
            answers=answers,
            mode=latest.mode,
            contract=latest.contract,
            called=called,
            expire_after=int(max(3 * self._broker.interval, _EXPIRE_AFTER)),
        )
        for topic, payload in found:
            message = json.dumps(payload, ensure_ascii=False)
            if self._known.get(topic) != message:
                self._known[topic] = message
                yield topic, message
        for answer in sorted(outlived(latest.contract, answers)):
            topic = discovery_topic(prefix, self._broker.base, meter_id, answer)
            if topic in self._kept or topic in self._known:
                self._kept.discard(topic)
                self._known.pop(topic, None)
                yield topic, ""
