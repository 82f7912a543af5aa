"""What Prometheus is told: judged by promtool, and scraped and queried by Prometheus itself."""

import json
import re
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from linkytui import __version__
from linkytui.collector.http import HttpServer
from linkytui.collector.metrics import exposition
from linkytui.line.relay.report import (
    BacklogReport,
    CallbackState,
    CostReport,
    Delivery,
    LinkReport,
    ReadingReport,
    Report,
)
from tests.lines import wait_until
from tests.servers import Process, free_port, program

ROOT = Path(__file__).parents[2]

NOW = 1_700_000_000.0

LINK = LinkReport(state="live", frames=120, accepted=1300, rejected=4, last_frame_at=NOW - 1.5)
READING = ReadingReport(
    at=NOW - 1.5, power=460, period="HP", contract="HPHC", registers={"HC": 723392, "HP": 1049103}, subscribed=9.0
)
BARE = Report(kind="collector", pid=1)
FULL = Report(
    kind="collector",
    pid=1,
    history="somewhere",
    link=LINK,
    reading=READING,
    callbacks=(
        CallbackState(name="influxdb", status="running", delivered=7, delivery=Delivery(error="no answer")),
        CallbackState(name="mqtt", status="off"),
        CallbackState(name='odd"name\\with\nall', status="running", delivered=120, dropped=2, failures=1),
    ),
    backlog=BacklogReport(samples=12, oldest_at=NOW - 60),
    cost=CostReport(month_eur=42.1, estimate_eur=None),
)


def told(report: Report) -> dict[str, str]:
    """Each sample's value by its name and labels."""
    lines = [line for line in exposition(report, NOW).splitlines() if not line.startswith("#")]
    return dict(line.rsplit(" ", 1) for line in lines)


def test_every_value_has_its_name_and_its_unit() -> None:
    assert told(FULL) == {
        f'linkytui_build_info{{version="{__version__}"}}': "1",
        "linkytui_link_up": "1",
        'linkytui_link_state{state="live"}': "1",
        'linkytui_link_state{state="stale"}': "0",
        'linkytui_link_state{state="silent"}': "0",
        'linkytui_link_state{state="down"}': "0",
        "linkytui_last_frame_timestamp_seconds": "1699999998.5",
        "linkytui_last_frame_age_seconds": "1.5",
        "linkytui_frames_total": "120",
        "linkytui_groups_accepted_total": "1300",
        "linkytui_groups_rejected_total": "4",
        "linkytui_apparent_power_va": "460",
        "linkytui_subscribed_power_va": "9000",
        'linkytui_tariff_info{period="HP",contract="HPHC"}': "1",
        'linkytui_energy_wh_total{register="HC"}': "723392",
        'linkytui_energy_wh_total{register="HP"}': "1049103",
        "linkytui_month_cost_euros": "42.1",
        "linkytui_history_up": "1",
        "linkytui_backlog_samples": "12",
        "linkytui_backlog_age_seconds": "60.0",
        'linkytui_callback_up{callback="influxdb"}': "0",
        'linkytui_callback_up{callback="odd\\"name\\\\with\\nall"}': "1",
        'linkytui_callback_delivered_frames_total{callback="influxdb"}': "7",
        'linkytui_callback_delivered_frames_total{callback="mqtt"}': "0",
        'linkytui_callback_delivered_frames_total{callback="odd\\"name\\\\with\\nall"}': "120",
        'linkytui_callback_dropped_frames_total{callback="influxdb"}': "0",
        'linkytui_callback_dropped_frames_total{callback="mqtt"}': "0",
        'linkytui_callback_dropped_frames_total{callback="odd\\"name\\\\with\\nall"}': "2",
        'linkytui_callback_failures_total{callback="influxdb"}': "0",
        'linkytui_callback_failures_total{callback="mqtt"}': "0",
        'linkytui_callback_failures_total{callback="odd\\"name\\\\with\\nall"}': "1",
    }


def test_what_is_not_known_is_left_out() -> None:
    names = {name.partition("{")[0] for name in told(BARE)}
    assert names == {
        *("linkytui_build_info", "linkytui_link_up", "linkytui_link_state", "linkytui_frames_total"),
        *("linkytui_groups_accepted_total", "linkytui_groups_rejected_total"),
    }


@pytest.mark.parametrize("state", ["stale", "silent", "noise", "unplugged", "one of a newer version"])
def test_a_power_that_is_no_longer_said_is_not_told(state: str) -> None:
    values = told(Report(kind="collector", pid=1, link=LinkReport(state=state), reading=READING))
    assert "linkytui_apparent_power_va" not in values
    assert values['linkytui_energy_wh_total{register="HP"}'] == "1049103", "a register still stands there"
    assert values["linkytui_link_up"] == "0"
    assert sum(value == "1" for name, value in values.items() if name.startswith("linkytui_link_state")) == 1


def test_a_producer_is_told_what_is_injected() -> None:
    reading = ReadingReport(at=NOW, power=0, injected=5_000, injected_power=1_200)
    values = told(Report(kind="collector", pid=1, link=LINK, reading=reading))
    assert values["linkytui_injected_energy_wh_total"] == "5000"
    assert values["linkytui_injected_power_va"] == "1200"
    assert values["linkytui_apparent_power_va"] == "0", "nothing drawn is a value"


def test_the_documents_name_every_metric_and_none_else() -> None:
    page = (ROOT / "docs" / "prometheus.md").read_text(encoding="utf-8")
    reading = ReadingReport(at=NOW, power=1, injected=1, injected_power=1)
    named = {name.partition("{")[0] for name in told(FULL)} | {
        name.partition("{")[0] for name in told(Report(kind="collector", pid=1, link=LINK, reading=reading))
    }
    cost = Report(kind="collector", pid=1, cost=CostReport(month_eur=1.0, estimate_eur=2.0))
    named |= {name.partition("{")[0] for name in told(cost)}
    shortened = {name for name in named if re.fullmatch(r"linkytui_callback_\w+_total", name)}
    assert {name for name in named - shortened if name not in page} == set()
    assert {name for name in shortened if name.replace("linkytui_callback", "…") not in page} == set()
    assert set(re.findall(r"linkytui_\w+", page)) <= named


@pytest.mark.parametrize("name", ["docs/prometheus.md", "docs/fr/prometheus.md"])
def test_promtool_takes_the_rules_of_the_documents(tmp_path: Path, name: str) -> None:
    (rules,) = re.findall(
        r"^```yaml\n(groups:.*?)^```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    (tmp_path / "rules.yml").write_text(rules)
    done = subprocess.run(
        [program("promtool"), "check", "rules", str(tmp_path / "rules.yml")], capture_output=True, text=True
    )
    assert (done.returncode, "3 rules found" in done.stdout) == (0, True), done.stdout + done.stderr


@pytest.mark.parametrize("report", [BARE, FULL], ids=["bare", "full"])
def test_promtool_finds_nothing_to_say(report: Report) -> None:
    done = subprocess.run(
        [program("promtool"), "check", "metrics"], input=exposition(report, NOW), capture_output=True, text=True
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


class Prometheus(Process):
    """Scrapes one address twice a second."""

    def __init__(self, folder: Path, target: str) -> None:
        self.port = free_port()
        (folder / "prometheus.yml").write_text(
            "global: {scrape_interval: 500ms, scrape_timeout: 500ms}\n"
            f"scrape_configs: [{{job_name: linkytui, static_configs: [{{targets: ['{target}']}}]}}]\n"
        )
        options = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
        listen = f"--web.listen-address=127.0.0.1:{self.port}"
        super().__init__([program("prometheus"), *options, listen], folder, lambda: self.get("/-/ready") is not None)

    def get(self, path: str) -> bytes | None:
        """What it answers; None when it does not."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return bytes(answer.read())
        except OSError:
            return None

    def value(self, query: str) -> str | None:
        """The one value of a query now; None when there is none."""
        answer = self.get(f"/api/v1/query?{urllib.parse.urlencode({'query': query})}")
        result: list[dict[str, Any]] = json.loads(answer)["data"]["result"] if answer else []
        return str(result[0]["value"][1]) if len(result) == 1 else None


class Line:
    """A line that changes under a server's eyes."""

    report = FULL


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def server(line: Line) -> Iterator[HttpServer]:
    made = HttpServer("127.0.0.1:0", lambda: line.report, ZoneInfo("Europe/Paris"))
    wait_until(lambda: made.address)
    yield made
    made.close()


def test_prometheus_scrapes_it_and_answers_queries(tmp_path: Path, line: Line, server: HttpServer) -> None:
    assert server.address is not None
    prometheus = Prometheus(tmp_path, f"127.0.0.1:{server.address[1]}")
    prometheus.start()
    try:
        wait_until(lambda: prometheus.value('up{job="linkytui"}') == "1")
        wait_until(lambda: prometheus.value("linkytui_apparent_power_va") == "460")
        assert prometheus.value('sum(linkytui_energy_wh_total{register=~"HC|HP"})') == str(723392 + 1049103)
        assert prometheus.value("100 * linkytui_apparent_power_va / linkytui_subscribed_power_va") == str(46 / 9)
        queries = re.findall(
            r"\| `([^`]+)` \|$", (ROOT / "docs/prometheus.md").read_text(encoding="utf-8"), re.MULTILINE
        )
        assert len(queries) == 4
        for query in queries:
            prometheus.value(query)
        assert prometheus.value(queries[0]) == str(460 / 9000)
        assert prometheus.value('linkytui_callback_up{callback="odd\\"name\\\\with\\nall"}') == "1"
        line.report = Report(kind="collector", pid=1, link=LinkReport(state="silent"), reading=READING)
        wait_until(lambda: prometheus.value("linkytui_link_up") == "0")
        assert prometheus.value("linkytui_apparent_power_va") is None, "a power that nobody says ends at once"
    finally:
        prometheus.stop()


def test_the_time_is_that_of_the_scrape() -> None:
    server = HttpServer("127.0.0.1:0", lambda: FULL, ZoneInfo("Europe/Paris"), clock=lambda: NOW + 30)
    try:
        wait_until(lambda: server.address)
        assert server.address is not None
        with urllib.request.urlopen(f"http://127.0.0.1:{server.address[1]}/metrics", timeout=60) as answer:
            assert b"linkytui_last_frame_age_seconds 31.5\n" in answer.read()
            assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    finally:
        server.close()


def test_a_frame_of_the_future_is_no_negative_age() -> None:
    assert "linkytui_last_frame_age_seconds 0.0\n" in exposition(FULL, NOW - 3600)
