"""Home Assistant's discovery messages: device classes, units, the device. Pure.

Units are those that Home Assistant allows for each class; it refuses the meter's kVA and VArh.
"""

from typing import Any, Final

import linkytui
from linkytui.i18n import language
from linkytui.outputs.callbacks.mqtt.payload import id_label
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

_DIAGNOSTIC: Final = (Kind.IDENTIFIER, Kind.BITS, Kind.PROFILE, Kind.DATE)


def topic_word(text: str) -> str:
    """A label or an identifier as a level of a topic, without the characters that MQTT or Home Assistant refuses."""
    word = text.replace("+", "_plus_").replace("-", "_minus_").lower()
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter == "_") else "_" for letter in word)


def discovery_topic(prefix: str, base: str, meter_id: str, label: str) -> str:
    """Where Home Assistant looks for the description of one label."""
    node = "_".join(topic_word(level) for level in base.split("/"))
    return f"{prefix}/sensor/{node}/{topic_word(meter_id)}_{topic_word(label)}/config"


def discovery_payload(base: str, meter_id: str, label: str, mode: Mode, *, expire_after: int) -> dict[str, Any]:
    """The description of one label.

    `expire_after`: seconds without news after which Home Assistant is to call the value unavailable.
    """
    known = KNOWN_LABELS[mode].get(label)
    unique = f"teleinfo_{topic_word(meter_id)}_{topic_word(label)}"
    part = "raw" if label == id_label(mode) or label == "PRM" else "value"
    payload: dict[str, Any] = {
        "unique_id": unique,
        "default_entity_id": f"sensor.{unique}",
        "name": _name(label, known),
        "state_topic": f"{base}/{meter_id}",
        # A label that is sent only at times, such as ADPS, is "unknown" while it is not there.
        "value_template": f"{{{{ value_json['{label}'].{part} if '{label}' in value_json else None }}}}",
        "availability_topic": f"{base}/{meter_id}/status",
        "payload_available": "up",
        "payload_not_available": "down",
        "expire_after": expire_after,
        "device": {"identifiers": [meter_id], "manufacturer": "Enedis", "model": "Linky", "name": f"Linky {meter_id}"},
        "origin": {"name": "linkytui", "sw_version": linkytui.__version__},
    }
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
