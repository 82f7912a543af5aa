"""What a real Home Assistant makes of linkytui: entities, the energy dashboard, statistics."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from linkytui.outputs.callbacks.mqtt.answer_entities import ANSWERS
from linkytui.outputs.callbacks.mqtt.discovery import descriptions
from linkytui.reading import Contract
from linkytui.reading.meter import Seen
from linkytui.tic import LABELS, Group, Mode, encode_frame
from tests import servers
from tests.collector.processes import Collector
from tests.homeassistant.server import HomeAssistant, needed
from tests.lines import FakeMeter, wait_until

_FIRST: Final = "012345678901"
_SECOND: Final = "012345678902"
_STATISTICS: Final = 330.0  # seconds: they are worked out every five minutes
_UNKNOWN: Final = ("unknown", "unavailable")


class House:
    """Home Assistant and its broker."""

    def __init__(self, folder: Path) -> None:
        for name in ("broker", "homeassistant", "collector"):
            (folder / name).mkdir()
        self.folder = folder
        self.broker = servers.Broker(folder / "broker")
        self.broker.start()
        self.homeassistant = HomeAssistant(folder / "homeassistant", self.broker.port)

    def collector(self, port: str) -> Collector:
        """linkytui, at a meter."""
        variables = {"LINKYTUI_MQTT_ENABLED": "true", "LINKYTUI_MQTT_HOST": "127.0.0.1", "LINKYTUI_MQTT_INTERVAL": "1"}
        return Collector(
            self.folder / "collector", port, "--lang", "fr", **variables, LINKYTUI_MQTT_PORT=str(self.broker.port)
        )

    def state(self, entity: str) -> str:
        """What it shows of one entity; empty while it does not know it."""
        return str(self.homeassistant.states().get(entity, {}).get("state", ""))

    def shows(self, *entities: str) -> None:
        """Wait until each of these has a value."""

        def values() -> bool:
            states = self.homeassistant.states()
            return all(states.get(entity, {}).get("state", "unknown") not in _UNKNOWN for entity in entities)

        wait_until(values, lambda: time.sleep(1))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which linkytui has not been yet."""
    needed()
    home = House(tmp_path_factory.mktemp("house"))
    try:
        home.homeassistant.start()
        home.homeassistant.set_up()
        yield home
    finally:
        home.homeassistant.remove()
        home.broker.stop()


class Meter(FakeMeter):
    """A meter that counts a Wh a second in peak hours."""

    def __init__(self, link: Path, number: str, begun_with: int) -> None:
        super().__init__(link)
        self._number = number
        self._register = begun_with

    def frame(self) -> bytes:
        """The next frame."""
        self._register += 1
        groups = [
            Group("ADCO", self._number),
            Group("OPTARIF", "HC.."),
            Group("ISOUSC", "45"),
            Group("HCHC", "000723392"),
            Group("HCHP", f"{self._register:09}"),
            Group("PTEC", "HP.."),
            Group("IINST", "016"),
            Group("IMAX", "090"),
            Group("PAPP", "03700"),
            Group("HHPHC", "A"),
            Group("MOTDETAT", "000000"),
        ]
        return encode_frame(groups, Mode.HISTORIC)


@contextmanager
def speaking(meter: Meter) -> Iterator[Meter]:
    """Let a meter speak once a second."""
    quiet = threading.Event()

    def talk() -> None:
        while not quiet.wait(1):
            meter.say(meter.frame())

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield meter
    finally:
        quiet.set()
        thread.join(10)


def entity(number: str, name: str) -> str:
    """An entity of a meter, by the name that it has had from the first version on."""
    return f"sensor.teleinfo_{number}_{name}"


def numbers(house: House, name: str, since: datetime) -> list[float]:
    """All the values that an entity had."""
    found = house.homeassistant.ask(
        "history/history_during_period",
        start_time=since.isoformat(),
        entity_ids=[name],
        minimal_response=True,
        no_attributes=True,
    )
    return [float(row["s"]) for row in found[name] if row["s"] not in _UNKNOWN]


def statistics(house: House, names: list[str], since: datetime) -> dict[str, list[dict[str, Any]]]:
    """What is kept for ever of these entities, every five minutes."""
    found: dict[str, list[dict[str, Any]]] = house.homeassistant.ask(
        "recorder/statistics_during_period",
        start_time=(since - timedelta(minutes=5)).isoformat(),  # the five minutes in which it began count, too
        statistic_ids=names,
        period="5minute",
        types=["sum", "state"],
    )
    return found


@pytest.mark.parametrize("mode", Mode)
def test_it_takes_every_entity_without_a_warning(house: House, mode: Mode) -> None:
    """All labels of a mode and all answers, as they would be announced for one meter."""
    number = {Mode.HISTORIC: "099999999901", Mode.STANDARD: "099999999902"}[mode]
    labels = {label: Seen(Group(label, "1"), 0.0, 3) for label in LABELS[mode]}
    told = dict(
        descriptions(
            "homeassistant",
            "teleinfo",
            number,
            labels=labels,
            answers=(*ANSWERS, "cost_hpjr", "cost_easf03"),
            mode=mode,
            contract=Contract.TEMPO,
            expire_after=180,
        )
    )
    mqtt = pytest.importorskip("paho.mqtt.client")
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", house.broker.port)
    client.loop_start()
    for topic, payload in told.items():
        client.publish(topic, json.dumps(payload | {"enabled_by_default": True}), qos=1, retain=True)
    client.publish(f"teleinfo/{number}/status", "up", qos=1, retain=True)
    unique = {payload["unique_id"]: payload["default_entity_id"] for payload in told.values()}
    try:
        wait_until(lambda: set(unique) <= set(house.homeassistant.entities()), lambda: time.sleep(1))
        found = house.homeassistant.entities()
        assert {name: found[name]["entity_id"] for name in unique} == unique
        assert set(unique.values()) <= set(house.homeassistant.states())
        assert house.homeassistant.warnings() == []
    finally:
        for topic in told:
            client.publish(topic, "", qos=1, retain=True).wait_for_publish(10)
        client.disconnect()
        client.loop_stop()


def test_statistics_stay_right_and_the_energy_dashboard_takes_them(house: House, tmp_path: Path) -> None:
    """Over a restart of linkytui, an outage of the broker and a meter that takes the place of another."""
    since = datetime.now(UTC) - timedelta(seconds=1)
    energy, cost = entity(_FIRST, "hchp"), entity(_FIRST, "cost_hp")
    wanted = ("papp", "hchc", "active_power", "period", "link", "price", "month_cost", "cost_hc", "cost_energy")
    link = tmp_path / "meter"
    with speaking(Meter(link, _FIRST, 1_049_103)), house.collector(str(link)) as collector:
        house.shows(energy, cost, *(entity(_FIRST, name) for name in wanted))
        shown = house.homeassistant.entities()
        assert shown[f"teleinfo_{_FIRST}_hchp"]["disabled_by"] is None
        assert shown[f"teleinfo_{_FIRST}_motdetat"]["disabled_by"] == "integration"
        assert house.state(entity(_FIRST, "period")) == "Heures pleines"
        collector.stop()
        wait_until(lambda: house.state(energy) == "unavailable", lambda: time.sleep(1))
        collector.start()
        house.shows(energy, cost)
        house.broker.stop()
        wait_until(lambda: house.state(energy) == "unavailable", lambda: time.sleep(1))
        house.broker.start()
        house.shows(energy, cost)
        drawn = numbers(house, energy, since)
        assert drawn == sorted(drawn)
    with speaking(Meter(link, _SECOND, 17)), house.collector(str(link)):
        other = entity(_SECOND, "hchp"), entity(_SECOND, "cost_hp")
        house.shows(*other)
        assert house.state(energy) == "unavailable"
        names = [energy, cost, *other]
        end = datetime.now(UTC).timestamp() + 20
        deadline = time.monotonic() + 2 * _STATISTICS

        def counted() -> bool:
            found = statistics(house, names, since)
            return set(found) == set(names) and found[other[0]][-1]["end"] / 1000 > end

        while not counted():
            assert time.monotonic() < deadline, "no statistics"
            time.sleep(5)
        found = statistics(house, names, since)
        for name in names:
            rows, values = found[name], numbers(house, name, since)
            sums = [row["sum"] for row in rows]
            # All that was counted while Home Assistant looked, and what was missed in between: nothing twice.
            assert sums[-1] == pytest.approx(rows[-1]["state"] - values[0]), name
            assert sums == sorted(sums), name
        assert found[energy][-1]["sum"] > 0
        assert found[other[0]][-1]["sum"] < 2 * _STATISTICS
        assert issues(house, costs(_SECOND)) == []
        assert issues(house, [_grid(entity(_SECOND, "hchp"), entity_energy_price=entity(_SECOND, "price"))]) == []
        # Of the meter that is gone it says so, and nothing else.
        assert set(issues(house, costs(_FIRST))) == {"entity_unavailable"}
    assert house.homeassistant.warnings() == []


def costs(number: str) -> list[dict[str, Any]]:
    """The registers of a meter with what each costs, as sources of the energy dashboard."""
    return [_grid(entity(number, f"hch{each}"), stat_cost=entity(number, f"cost_h{each}")) for each in "cp"]


def issues(house: House, sources: list[dict[str, Any]]) -> list[str]:
    """What the energy dashboard has to say against these sources."""
    house.homeassistant.ask("energy/save_prefs", energy_sources=sources)
    checked = house.homeassistant.ask("energy/validate")
    found = [issue["type"] for source in checked["energy_sources"] for issue in source]
    # What it makes of a price itself is there only after its next five minutes.
    own = [source["entity_energy_price"] for source in sources if source["entity_energy_price"]]
    return [kind for kind in found if not (own and kind in ("statistics_not_defined", "entity_not_defined"))]


def _grid(energy: str, **said: str) -> dict[str, Any]:
    """A source of the energy dashboard: energy drawn, with its costs or with a price."""
    nothing = dict.fromkeys(
        (
            "stat_energy_to",
            "stat_cost",
            "entity_energy_price",
            "number_energy_price",
            "stat_compensation",
            "entity_energy_price_export",
            "number_energy_price_export",
        )
    )
    # It takes a power once only.
    power = {"stat_rate": energy.rpartition("_")[0] + "_active_power"} if energy.endswith("hchp") else {}
    return {"type": "grid", "cost_adjustment_day": 0, **power, **nothing, "stat_energy_from": energy, **said}
