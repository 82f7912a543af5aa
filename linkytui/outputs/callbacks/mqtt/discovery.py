"""Home Assistant's discovery messages: device classes, units, the device. Pure.

Units are those that Home Assistant allows for each class; it refuses the meter's kVA and VArh.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import linkytui
from linkytui.i18n import language
from linkytui.outputs.callbacks.mqtt.answer_entities import answer_description
from linkytui.outputs.callbacks.mqtt.payload import id_label
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.reading.meter import Seen
from linkytui.tic.labels import KNOWN_LABELS, Kind, Label, Mode

_UNITS: Final[dict[str, tuple[str, str, str]]] = {
    "VA": ("apparent_power", "VA", "measurement"),
    "kVA": ("apparent_power", "VA", "measurement"),
    "W": ("power", "W", "measurement"),
    "A": ("current", "A", "measurement"),
    "V": ("voltage", "V", "measurement"),
    "Wh": ("energy", "Wh", "total_increasing"),
    "VArh": ("reactive_energy", "varh", "total_increasing"),
    "min": ("duration", "min", "measurement"),
}
"""By the meter's unit: device class, unit and state class."""

_FIXED: Final = frozenset({"ISOUSC", "IMAX", "IMAX1", "IMAX2", "IMAX3", "PREF", "PCOUP"})
"""Numbers of the contract or the meter, not measurements: no statistics of them."""

_SHOWN: Final = frozenset({"PAPP", "SINSTS", "SINSTI", "ADPS", "EAST", "EAIT", "STGE"})
"""Beside the registers of the contract, the labels that are shown from the start. The others are there to be switched
on: what they say is said by the answers, or is of interest to few."""

_DIAGNOSTIC: Final = (Kind.IDENTIFIER, Kind.BITS, Kind.PROFILE, Kind.DATE)


def topic_word(text: str) -> str:
    """A label or an identifier as a level of a topic, without the characters that MQTT or Home Assistant refuses."""
    word = text.replace("+", "_plus_").replace("-", "_minus_").lower()
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter == "_") else "_" for letter in word)


def discovery_topic(prefix: str, base: str, meter_id: str = "", name: str = "") -> str:
    """Where Home Assistant looks for the description of one label or answer; without a name, of any of ours."""
    node = "_".join(topic_word(level) for level in base.split("/"))
    entity = f"{topic_word(meter_id)}_{topic_word(name)}" if name else "+"
    return f"{prefix}/sensor/{node}/{entity}/config"


def answers_topic(base: str, meter_id: str) -> str:
    """Where the answers are published."""
    return f"{base}/{meter_id}/answers"


def descriptions(
    prefix: str,
    base: str,
    meter_id: str,
    *,
    labels: Mapping[str, Seen],
    answers: Iterable[str],
    mode: Mode,
    contract: Contract | None,
    expire_after: int,
    called: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Topics and descriptions of all that a meter says, and of the answers.

    `expire_after`: seconds without news after which Home Assistant is to call a value unavailable; `called`: what meter
    and offer call the registers of a supplier's own calendar.
    """
    for label, seen in labels.items():
        payload = discovery_payload(base, meter_id, label, mode, expire_after=expire_after)
        if label in called:
            payload["name"] = f"{called[label]} ({label})"
        payload["enabled_by_default"] = is_shown(label, seen.group.data, mode, contract)
        yield discovery_topic(prefix, base, meter_id, label), payload
    for answer in answers:
        payload = _common(base, meter_id, answer, expire_after) | answer_description(
            answer, answers_topic(base, meter_id), called
        )
        yield discovery_topic(prefix, base, meter_id, answer), payload


def is_shown(label: str, data: str, mode: Mode, contract: Contract | None) -> bool:
    """Whether Home Assistant shows a label from the start: it asks that once, when it first hears of it."""
    known = KNOWN_LABELS[mode].get(label)
    if known is None or known.kind is not Kind.INDEX:
        return label in _SHOWN
    if mode is Mode.HISTORIC:
        return True  # the registers of the contract, and of no other
    if not label.startswith("EASF"):
        return label in _SHOWN
    if contract in (None, Contract.OTHER):
        return int(data) > 0  # which registers a supplier's own calendar has is not known
    return int(label[4:]) <= len(REGISTERS[contract])


def _common(base: str, meter_id: str, name: str, expire_after: int) -> dict[str, Any]:
    """What all descriptions say."""
    unique = f"teleinfo_{topic_word(meter_id)}_{topic_word(name)}"
    return {
        "unique_id": unique,
        "default_entity_id": f"sensor.{unique}",
        "availability_topic": f"{base}/{meter_id}/status",
        "payload_available": "up",
        "payload_not_available": "down",
        "expire_after": expire_after,
        "device": {"identifiers": [meter_id], "manufacturer": "Enedis", "model": "Linky", "name": f"Linky {meter_id}"},
        "origin": {"name": "linkytui", "sw_version": linkytui.__version__},
    }


def discovery_payload(base: str, meter_id: str, label: str, mode: Mode, *, expire_after: int) -> dict[str, Any]:
    """The description of one label.

    `expire_after`: seconds without news after which Home Assistant is to call the value unavailable.
    """
    known = KNOWN_LABELS[mode].get(label)
    part = "raw" if label == id_label(mode) or label == "PRM" else "value"
    payload: dict[str, Any] = _common(base, meter_id, label, expire_after) | {
        "name": _name(label, known),
        "state_topic": f"{base}/{meter_id}",
        # A label that is sent only at times, such as ADPS, is "unknown" while it is not there.
        "value_template": f"{{{{ value_json['{label}'].{part} if '{label}' in value_json else None }}}}",
    }
    if label == "STGE":
        payload["json_attributes_topic"] = payload["state_topic"]
        payload["json_attributes_template"] = "{{ (value_json.get('STGE') or {}).get('status', {}) | tojson }}"
    if known is not None and known.unit in _UNITS:
        device_class, unit, state_class = _UNITS[known.unit]
        payload |= {"device_class": device_class, "unit_of_measurement": unit}
        if label not in _FIXED:
            payload["state_class"] = state_class
    if label in _FIXED or known is None or known.kind in _DIAGNOSTIC:
        payload["entity_category"] = "diagnostic"
    return payload


def _name(label: str, known: Label | None) -> str:
    if known is None:
        return label
    meaning = known.meaning_fr if language() == "fr" else known.meaning_en
    return f"{meaning} ({label})"
