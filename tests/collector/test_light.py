"""What a collector loads: what nobody has asked for stays on the disk."""

from pathlib import Path

from tests.collector.processes import Collector, CountingMeter
from tests.lines import wait_until

NOT_ITS = {
    "textual",
    "rich",
    "pdfplumber",
    "plotext",
    "requests",
    "influxdb",
    "pytz",
    "six",
    "msgpack",
    "paho",
    "asyncio",
}
OF_THE_NETWORK = {"ssl", "hashlib", "http.client", "urllib.request", "email"}


def loaded(tmp_path: Path, *, influxdb: str) -> set[str]:
    """The modules that a collector has loaded by the time that it keeps a history and runs its callbacks."""
    variables = {
        "PYTHONPROFILEIMPORTTIME": "1",
        "LINKYTUI_INFLUXDB_ENABLED": influxdb,
        "LINKYTUI_INFLUXDB_HOST": "[::1]",
    }
    with CountingMeter(tmp_path / "meter") as meter:
        collector = Collector(tmp_path, meter.port, **variables)
        with collector:
            wait_until(lambda: meter.heard)
            meter.send(5, 0.05)
            collector.reads(5)
            wait_until(lambda: "history is being recorded" in collector.log)
            if influxdb == "true":
                wait_until(lambda: "influxdb.client" in collector.log)
            assert collector.stop() == 0
    return {line.rpartition("|")[2].strip() for line in collector.log.splitlines() if line.startswith("import time:")}


def test_a_collector_loads_no_screen_and_nothing_of_the_network(tmp_path: Path) -> None:
    modules = loaded(tmp_path, influxdb="false")
    assert "linkytui.history.writer" in modules
    assert not modules & (NOT_ITS | OF_THE_NETWORK)
    assert not {
        name for name in modules if name.startswith(("linkytui.tui", "linkytui.tariffs.suppliers", "linkytui.web"))
    }
    assert not {name for name in modules if name.endswith((".influxdb.callback", ".mqtt.callback"))}


def test_with_influxdb_it_loads_http_and_no_librarys_client(tmp_path: Path) -> None:
    modules = loaded(tmp_path, influxdb="true")
    assert {"http.client", "linkytui.outputs.callbacks.influxdb.client"} <= modules
    assert not modules & NOT_ITS
