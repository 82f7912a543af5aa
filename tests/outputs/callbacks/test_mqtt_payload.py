"""The JSON of teleinfo2mqtt, and what Home Assistant is told."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from linkytui.i18n import use_language
from linkytui.outputs.callbacks.mqtt.discovery import discovery_payload, discovery_topic, topic_word
from linkytui.outputs.callbacks.mqtt.payload import frame_payload, tempo_payload
from linkytui.reading import Meter
from linkytui.reading.meter import Seen
from linkytui.tic import LABELS, Frame, FrameReader, Group, Mode
from tests.outputs.callbacks.frames import METER_ID, START, framed, historic

ALLOWED = {
    "apparent_power": {"VA"},
    "power": {"W"},
    "current": {"A"},
    "voltage": {"V"},
    "energy": {"Wh"},
    "reactive_energy": {"varh"},
    "duration": {"min"},
}
"""Units that Home Assistant allows for each class, of those that a meter knows."""


def labels_of(*frames: Frame) -> Mapping[str, Seen]:
    meter = Meter()
    for count, frame in enumerate(frames):
        meter.observe(frame, START + count)
    return meter.labels


def test_a_historic_frame_is_what_teleinfo2mqtt_publishes() -> None:
    payload = frame_payload(labels_of(historic()))
    assert payload["ADCO"] == {"raw": METER_ID, "value": int(METER_ID)}
    assert payload["OPTARIF"] == {"raw": "HC..", "value": "HC"}
    assert payload["PAPP"] == {"raw": "00460", "value": 460}
    assert payload["HCHC"] == {"raw": "005602128", "value": 5_602_128}
    assert payload["HHPHC"] == {"raw": "A", "value": "A"}
    json.dumps(payload)


def test_a_standard_frame_carries_its_horodates_in_utc() -> None:
    frame = framed(
        [
            Group("ADSC", METER_ID),
            Group("DATE", "", "E220609080531"),
            Group("NGTF", "H PLEINE/CREUSE "),
            Group("PREF", "09"),
            Group("SMAXSN", "02740", "E220609080531"),
            Group("SMAXSN-1", "01740", "H220109080531"),
            Group("STGE", "00000001"),
            Group("MSG1", "12345678901234567890123456789012"),
        ],
        Mode.STANDARD,
    )
    payload = frame_payload(labels_of(frame))
    assert payload["DATE"] == {
        "raw": "",
        "value": "",
        "timestamp": {"date": "2022-06-09T06:05:31.000Z", "dst": "summer"},
    }
    assert payload["SMAXSN"]["value"] == 2740
    assert payload["SMAXSN-1"]["timestamp"] == {"date": "2022-01-09T07:05:31.000Z", "dst": "winter"}
    assert payload["PREF"] == {"raw": "09000", "value": 9000}
    assert payload["NGTF"] == {"raw": "H PLEINE/CREUSE ", "value": "H PLEINE/CREUSE"}
    assert payload["STGE"]["value"] == "00000001"
    assert payload["MSG1"]["value"] == "12345678901234567890123456789012"


def test_the_captures_all_become_json(captures: Path) -> None:
    files = sorted(captures.glob("*.tic"))
    assert files
    for file in files:
        reader = FrameReader()
        meter = Meter()
        for frame in reader.feed(file.read_bytes()):
            meter.observe(frame, START)
        json.dumps(frame_payload(meter.labels))


def test_colours_are_said_by_the_meter_or_unknown() -> None:
    assert tempo_payload(Meter().observe(historic(), START)) is None
    meter = Meter()
    tempo = framed(
        [Group("ADCO", METER_ID), Group("OPTARIF", "BBR("), Group("PTEC", "HPJW"), Group("DEMAIN", "ROUG")],
        Mode.HISTORIC,
    )
    assert tempo_payload(meter.observe(tempo, START)) == {"today": "white", "tomorrow": "red"}
    not_yet = framed([*tempo.groups[:3], Group("DEMAIN", "----")], Mode.HISTORIC)
    assert tempo_payload(meter.observe(not_yet, START)) == {"today": "white", "tomorrow": "unknown"}


@pytest.mark.parametrize("mode", Mode)
def test_every_label_has_a_description_that_home_assistant_takes(mode: Mode) -> None:
    seen = set()
    for label in LABELS[mode]:
        payload = discovery_payload("teleinfo", METER_ID, label, mode, expire_after=180)
        topic = discovery_topic("homeassistant", "teleinfo", METER_ID, label)
        assert not set("#+ -") & set(topic.removeprefix("homeassistant/sensor/"))
        assert payload["unique_id"] not in seen
        seen.add(payload["unique_id"])
        assert payload["default_entity_id"] == f"sensor.{payload['unique_id']}"
        assert payload["device"]["identifiers"] == [METER_ID]
        assert payload["availability_topic"] == f"teleinfo/{METER_ID}/status"
        if "device_class" in payload:
            assert payload["unit_of_measurement"] in ALLOWED[payload["device_class"]], label
        else:
            assert "unit_of_measurement" not in payload
            assert "state_class" not in payload
        if payload.get("device_class") in ("energy", "reactive_energy"):
            assert payload["state_class"] == "total_increasing"


def test_the_energy_dashboard_gets_what_it_needs() -> None:
    payload = discovery_payload("teleinfo", METER_ID, "HCHP", Mode.HISTORIC, expire_after=180)
    assert payload["device_class"] == "energy"
    assert payload["unit_of_measurement"] == "Wh"
    assert payload["state_class"] == "total_increasing"
    assert payload["state_topic"] == f"teleinfo/{METER_ID}"
    assert payload["value_template"] == "{{ value_json['HCHP'].value if 'HCHP' in value_json else None }}"
    power = discovery_payload("teleinfo", METER_ID, "PAPP", Mode.HISTORIC, expire_after=180)
    assert (power["device_class"], power["unit_of_measurement"], power["state_class"]) == (
        "apparent_power",
        "VA",
        "measurement",
    )
    fixed = discovery_payload("teleinfo", METER_ID, "PREF", Mode.STANDARD, expire_after=180)
    assert fixed["unit_of_measurement"] == "VA"
    assert "state_class" not in fixed


def test_names_speak_the_language_that_is_set() -> None:
    use_language("fr")
    try:
        assert "apparente" in discovery_payload("teleinfo", METER_ID, "PAPP", Mode.HISTORIC, expire_after=180)["name"]
    finally:
        use_language("en")


def test_topics_hold_nothing_that_a_broker_refuses() -> None:
    assert topic_word("NJOURF+1") == "njourf_plus_1"
    assert topic_word("SMAXSN-1") == "smaxsn_minus_1"
    assert topic_word("a/b#c d") == "a_b_c_d"
    assert discovery_topic("homeassistant", "house/linky", "0123", "NJOURF+1") == (
        "homeassistant/sensor/house_linky/0123_njourf_plus_1/config"
    )
