"""From nothing to a meter on the screen, in a real terminal: the guide, a callback switched on, an alert."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from linkytui.settings.load import load_settings
from linkytui.tic import Group
from tests.lines import PATIENCE, FakeMeter, historic_frame
from tests.outputs.callbacks.fake_influxdb import FakeInfluxDB
from tests.terminal import Terminal

ENTER, END, ESCAPE = "\r", "\x1b[F", "\x1b"


def until(holds: Callable[[], object], screen: Terminal, meter: FakeMeter, frame: bytes) -> None:
    """Let the meter say the same until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, screen.text
        meter.say(frame)
        screen.shows("")


def test_a_first_start_leads_to_the_meter_to_influxdb_and_to_alerts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "xdg/config/linkytui/config.toml"
    calm = historic_frame(460)
    over = historic_frame(9500, "012345678901", Group("ADPS", "042"))
    with FakeInfluxDB() as influx, FakeMeter(tmp_path / "meter") as meter:
        monkeypatch.setenv("LINKYTUI_TARIFF_FETCH", "false")
        monkeypatch.setenv("LINKYTUI_INFLUXDB_HOST", "127.0.0.1")
        monkeypatch.setenv("LINKYTUI_INFLUXDB_PORT", str(influx.port))
        with Terminal([sys.executable, "-m", "linkytui"]) as screen:
            screen.wait_for("First start, 1 of 4")
            screen.press(ENTER)
            screen.wait_for("Where is the meter plugged in")
            screen.press(END + ENTER)
            screen.wait_for("Serial port, or an address")
            screen.press(f"{meter.port}{ENTER}")
            screen.wait_for("First start, 3 of 4")
            until(lambda: screen.shows(r"Peak / off-peak · 9 kVA"), screen, meter, calm)
            screen.press(ENTER)
            screen.wait_for("What do you pay")
            screen.press(ENTER)
            until(lambda: screen.shows(r"● live.* frames"), screen, meter, calm)
            assert load_settings({}, file).settings.meter.port == meter.port

            screen.press("c")
            screen.wait_for("InfluxDB  off")
            screen.press(ENTER)
            screen.wait_for("Saved.")
            until(lambda: influx.lines, screen, meter, calm)
            until(lambda: screen.shows("connected, .* sent"), screen, meter, calm)
            assert load_settings({}, file).settings.influxdb.enabled
            screen.press(ESCAPE)
            until(lambda: screen.shows("Last minutes"), screen, meter, calm)

            until(lambda: screen.shows("exceeded: 9,500 VA"), screen, meter, over)
            until(lambda: screen.shows("It is over"), screen, meter, calm)
            screen.press("q")
            assert screen.ended() == 0
