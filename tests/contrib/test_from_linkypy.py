"""From linkypy to linkytui as its README has it: the YAML and the environment, `config migrate`, then `run`."""

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from influxdb import InfluxDBClient

from linkytui.reading.contracts import Contract
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import Mode
from tests.commands.test_migrate import README
from tests.contrib.test_grafana import talk
from tests.lines import FakeMeter
from tests.outputs.callbacks import linkypy
from tests.servers import InfluxServer

PATIENCE = 180.0
PLUGIN = """\
import json, os

class Heater:
    def compute(self, data, timestamp):
        with open(os.environ["HEATER"], "a") as file:
            file.write(json.dumps([timestamp, data]) + "\\n")
"""


def test_same_database_same_dashboard_and_the_plugin_is_called(influxd: InfluxServer, tmp_path: Path) -> None:
    (tmp_path / "my_house").mkdir()
    (tmp_path / "my_house" / "plugins.py").write_text(PLUGIN)
    (tmp_path / ".linkypy.yaml").write_text(README)
    theirs = {
        "LINKY_PORT": str(tmp_path / "meter"),
        "LINKY_BAUDRATE": "1200",
        "INFLUXDB_SERVICE_HOST": "127.0.0.1",
        "INFLUXDB_SERVICE_PORT": str(influxd.port),
        "INFLUXDB_DATABASE": "linky_before",
        "CURRENT_POWER": "9",
    }
    ours = {name: value for name, value in os.environ.items() if name not in theirs} | {
        "HOME": str(tmp_path),
        **{f"XDG_{name}_HOME": str(tmp_path / name) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
        "XDG_RUNTIME_DIR": str(tmp_path),
        "LINKYTUI_RELAY_SOCKET": str(tmp_path / "run.sock"),
        "LINKYTUI_TARIFF_FETCH": "false",
        "HEATER": str(tmp_path / "heater"),
        "PYTHONPATH": f"{os.environ.get('PYTHONPATH', '')}:{tmp_path}",
        "LC_ALL": "C.UTF-8",
    }
    client = InfluxDBClient("127.0.0.1", influxd.port, database="linky_before", timeout=60)
    linkypy.make_database(client, "linky_before")
    command = [sys.executable, "-m", "linkytui"]
    done = subprocess.run(
        [*command, "config", "migrate", "--yes"], env=ours | theirs, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr

    def missing() -> list[str]:
        series = [
            query
            for query in ("SELECT PAPP FROM linky_rp.linky", "SELECT ESTIMATED_COST FROM linky_rp.prices")
            if not client.query(query).raw.get("series")
        ]
        return series if (tmp_path / "heater").exists() else [*series, "the plugin"]

    household = SimulatedMeter(Contract.HPHC, Mode.HISTORIC, start=time.time())
    stop = threading.Event()
    with (
        FakeMeter(tmp_path / "meter") as meter,
        (tmp_path / "log").open("w") as log,
        subprocess.Popen([*command, "run"], env=ours, stderr=log) as collector,
    ):
        talking = threading.Thread(target=talk, args=(meter, household, stop))
        talking.start()
        try:
            deadline = time.monotonic() + PATIENCE
            while wanted := missing():
                assert time.monotonic() < deadline, f"{wanted}\n{(tmp_path / 'log').read_text()}"
                assert collector.poll() is None, (tmp_path / "log").read_text()
                stop.wait(0.5)
        finally:
            stop.set()
            talking.join()
            collector.terminate()
        assert collector.wait(PATIENCE) == 0
    _, said = json.loads((tmp_path / "heater").read_text().splitlines()[0])
    assert {"ADCO", "HCHC", "HCHP", "PAPP"} <= set(said)
    assert client.query(linkypy.QUERIES["18 power now"]).raw["series"]
    client.close()
