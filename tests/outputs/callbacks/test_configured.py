"""From the settings to running callbacks, and on while the settings change."""

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from linkytui.outputs.callbacks.addresses import influx_address, mqtt_broker
from linkytui.outputs.callbacks.configured import ConfiguredCallbacks
from linkytui.outputs.callbacks.state import CallbackStatus
from linkytui.settings.model import CallbackSettings, InfluxSettings, MqttSettings, Settings
from tests.lines import wait_until
from tests.outputs.callbacks.fake_influxdb import FakeInfluxDB
from tests.outputs.callbacks.frames import START, Household
from tests.outputs.callbacks.week import Clock


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A plugin in the working folder."""
    (tmp_path / "a_plugin.py").write_text(
        textwrap.dedent(
            """
            from linkytui.callbacks import Callback

            class Mine(Callback):
                heard = []

                def reading(self, reading, frame):
                    self.heard.append((self.settings.get("word"), reading.power))
            """
        )
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield "a_plugin.Mine"
    sys.modules.pop("a_plugin", None)


def settings(influxdb: InfluxSettings | None = None, **callbacks: Any) -> Settings:
    return Settings(influxdb=influxdb or InfluxSettings(), callbacks=CallbackSettings(**callbacks))


def statuses(configured: ConfiguredCallbacks) -> dict[str, str]:
    return {state.name: state.status for state in configured.runner.states()}


def test_all_is_off_until_it_is_set() -> None:
    configured = ConfiguredCallbacks(Settings(), samples=None)
    assert statuses(configured) == {"influxdb": CallbackStatus.OFF, "mqtt": CallbackStatus.OFF}
    assert configured.delivery is None
    assert all(state.publication is None for state in configured.states())
    assert configured.backlog() == (0, 0.0)
    configured.drop_backlog()
    configured.runner.close()


def test_influxdb_is_switched_on_and_off_without_a_restart() -> None:
    with FakeInfluxDB() as fake:
        fake.mood = "500"
        section = InfluxSettings(host="127.0.0.1", port=fake.port)
        clock = Clock(START + 100)
        configured = ConfiguredCallbacks(settings(section), samples=None, clock=clock)
        configured.use(settings(msgspec.structs.replace(section, enabled=True)))
        configured.runner.frame_came(Household().arrival())

        def counted() -> bool:
            clock.now += 1
            return configured.delivery is not None and configured.delivery.waiting == 1

        wait_until(counted)
        samples, age = configured.backlog()
        assert samples == 1
        assert age >= 98.5
        first = configured.runner.callback("influxdb")
        configured.use(settings(msgspec.structs.replace(section, enabled=True)))
        assert configured.runner.callback("influxdb") is first
        configured.use(settings(section))
        assert configured.delivery is None
        configured.runner.close()


def test_plugins_get_their_tables_and_change_with_the_settings(plugin: str) -> None:
    configured = ConfiguredCallbacks(
        settings(plugins=(plugin,), tables={"Mine": {"word": "volts"}, "other": {}}), samples=None
    )
    wait_until(lambda: statuses(configured)["Mine"] is CallbackStatus.RUNNING)
    configured.runner.frame_came(Household().arrival())
    wait_until(lambda: sys.modules["a_plugin"].Mine.heard == [("volts", 460)])
    configured.use(settings())
    assert "Mine" not in statuses(configured)
    configured.runner.close()


def test_two_plugins_of_one_name_keep_their_whole_paths() -> None:
    plugins = ("one.Plugin", "two.Plugin", "three.influxdb")
    configured = ConfiguredCallbacks(settings(plugins=plugins), samples=None)
    assert {"one.Plugin", "two.Plugin", "three.influxdb", "influxdb"} <= statuses(configured).keys()
    wait_until(lambda: statuses(configured)["one.Plugin"] is CallbackStatus.FAILED)
    configured.runner.close()


def test_a_plugin_called_influxdb_does_not_take_its_place() -> None:
    with FakeInfluxDB() as fake:
        section = InfluxSettings(enabled=True, host="127.0.0.1", port=fake.port)
        configured = ConfiguredCallbacks(settings(section, plugins=("influxdb", "mqtt")), samples=None)
        wait_until(lambda: statuses(configured).get("influxdb (plugin)") is CallbackStatus.FAILED)
        wait_until(lambda: configured.delivery is not None and configured.delivery.connected)
        assert statuses(configured).keys() == {"influxdb", "mqtt", "influxdb (plugin)", "mqtt (plugin)"}
        configured.runner.close()


def test_linkypys_own_callbacks_switch_influxdb_on() -> None:
    with FakeInfluxDB() as fake:
        names = (
            "linkypy.callbacks.influxdb_callback.InfluxDBCallback",
            "linkypy.callbacks.prices_callback.PricesCallback",
        )
        section = InfluxSettings(host="127.0.0.1", port=fake.port)
        configured = ConfiguredCallbacks(settings(section, plugins=names), samples=None)
        wait_until(lambda: configured.delivery is not None and configured.delivery.connected)
        (state,) = [state for state in configured.runner.states() if state.name == "influxdb"]
        assert state.note == "replaces InfluxDBCallback, PricesCallback"
        assert statuses(configured).keys() == {"influxdb", "mqtt"}
        configured.runner.close()


def test_a_name_without_a_password_is_no_login() -> None:
    assert influx_address(InfluxSettings()).login is None
    assert influx_address(InfluxSettings(password="x")).login == ("admin", "x")  # noqa: S106 -- made up
    assert "x-secret" not in repr(influx_address(InfluxSettings(password="x-secret")))  # noqa: S106 -- made up


def test_the_brokers_port_follows_tls() -> None:
    assert mqtt_broker(MqttSettings()).port == 1883
    assert mqtt_broker(MqttSettings(tls=True)).port == 8883
    assert mqtt_broker(MqttSettings(tls=True, port=1234)).port == 1234
