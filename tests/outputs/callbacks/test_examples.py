"""The examples do what they say."""

import sys
import threading
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from linkytui.outputs.callbacks.loading import load
from linkytui.outputs.callbacks.runner import CallbackRunner
from tests.lines import wait_until
from tests.outputs.callbacks.frames import Household, historic

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_the_small_one_is_a_linkypy_plugin(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.syspath_prepend(EXAMPLES)
    caplog.set_level("INFO")
    callback = load("print_power.PrintPower", {})
    arrival = Household().arrival(historic(power=460))
    callback.reading(arrival.reading, arrival.frame)
    assert caplog.messages == ["2025-11-24T05:00:01.500000 HP.. 460 VA"]


def test_the_package_switches_at_each_change_of_period(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = EXAMPLES / "off_peak_switch"
    monkeypatch.syspath_prepend(folder)
    entry = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["entry-points"]["linkytui.callbacks"]
    asked: list[str] = []
    status = 500

    class Plug(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    plug = HTTPServer(("127.0.0.1", 0), Plug)
    threading.Thread(target=plug.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    address = f"http://127.0.0.1:{plug.server_port}"
    settings = {"on": f"{address}/on", "off": f"{address}/off"}
    runner = CallbackRunner()
    runner.add("off_peak_switch", lambda: load(entry["off_peak_switch"].replace(":", "."), settings))
    household = Household()

    def hears(period: str, count: int) -> None:
        runner.frame_came(household.arrival(historic(period=period)))
        wait_until(lambda: len(asked) == count)

    hears("HP..", 1)
    status = 200
    hears("HP..", 2)  # the first try failed
    for _ in range(5):
        runner.frame_came(household.arrival(historic(period="HP..")))
    hears("HC..", 3)
    hears("HP..", 4)
    assert asked == ["/off", "/off", "/on", "/off"]
    (state,) = runner.states()
    assert state.failures == 1
    runner.close()
    plug.shutdown()
    plug.server_close()
    sys.modules.pop("off_peak_switch", None)


def test_a_missing_setting_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(EXAMPLES / "off_peak_switch")
    runner = CallbackRunner()
    runner.add("off_peak_switch", lambda: load("off_peak_switch.OffPeakSwitch", {}))
    wait_until(lambda: runner.states()[0].last_error == "KeyError: 'on'")
    runner.close()
