"""VictoriaMetrics in the place of InfluxDB: each sample once, and words for what it cannot do."""

import time

import pytest

from linkytui import cli
from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.probe import probe_influxdb
from linkytui.outputs.callbacks.samples import MemoryLog
from tests.outputs.callbacks.week import NOTHING, Clock, add, callback, readings
from tests.servers import VictoriaMetrics


def test_each_sample_is_there_once_live_and_from_the_history(victoria_metrics: VictoriaMetrics) -> None:
    start = time.time() // 60 * 60 - 7200
    clock, log = Clock(start), MemoryLog()
    running = callback(victoria_metrics.port, "linky", log, clock)
    said = list(readings(start, 3600, 10))
    for count, reading in enumerate(said):
        if not 100 <= count < 200:  # while it was not running
            running.reading(reading, NOTHING)
        add(log, reading)
        clock.now = reading.at
        if not 100 <= count < 200:
            running.idle()
    for _ in range(5):
        clock.now += 10
        running.idle()
    assert running.delivery.waiting == 0
    assert [at for at, _power in victoria_metrics.samples("linky_PAPP")] == [int(reading.at) * 1000 for reading in said]
    assert [power for _at, power in victoria_metrics.samples("linky_PAPP")] == [reading.power for reading in said]
    (remark,) = running.delivery.remarks
    assert "answers no InfluxQL" in remark
    running.close()


def test_the_probe_says_what_it_cannot_do(victoria_metrics: VictoriaMetrics) -> None:
    verdicts = probe_influxdb(InfluxAddress(host="127.0.0.1", port=victoria_metrics.port))
    texts = [verdict.text for verdict in verdicts]
    assert "none: this server takes samples and answers no InfluxQL, as VictoriaMetrics" in texts
    assert texts[-1] == "writing is allowed"


def test_nothing_can_be_imported_from_it(victoria_metrics: VictoriaMetrics, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["import", f"influxdb://127.0.0.1:{victoria_metrics.port}/linky"]) == 1
    assert "answers no InfluxQL, as VictoriaMetrics" in capsys.readouterr().err
