"""Grafana's dashboards: every query of ours and of linkypy's, on a database that a collector filled."""

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from influxdb import InfluxDBClient

from linkytui.history.importing import Importer
from linkytui.history.samples import Sample
from linkytui.i18n import use_language
from linkytui.link import Link, LinkState
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import Mode
from linkytui.wording.terms import register_name, state_name
from tests.collector.processes import Collector
from tests.lines import FakeMeter, wait_until
from tests.outputs.callbacks import linkypy
from tests.servers import InfluxServer

GRAFANA = Path(__file__).parents[2] / "contrib" / "grafana"
DASHBOARDS = sorted((GRAFANA / "dashboards").glob("*.json"))
DAYS = 6
PATIENCE = 180.0
AWAITED = (
    "SELECT ESTIMATED_COST FROM prices_mean",
    "SELECT PAPP FROM linky_mean WHERE time < now() - 2d",
    "SELECT PAPP FROM linky_mean WHERE time > now() - 1h",
    "SELECT * FROM linky_rp.linky_state",
)
STEP = 120.0


def talk(meter: FakeMeter, household: SimulatedMeter, stop: threading.Event) -> None:
    """Say a frame each half second, as the household's meter says it then."""
    while not stop.is_set():
        meter.say(household.frame(time.time()))
        stop.wait(0.5)


def collected(folder: Path, influxd: InfluxServer, contract: Contract, mode: Mode) -> InfluxDBClient:
    """A database that a collector filled: with the days before from its history, and with what its meter says."""
    database = f"grafana_{contract.value.lower()}_{mode.value}"
    now = time.time()
    household = SimulatedMeter(contract, mode, start=now - DAYS * 86_400)
    with Importer(folder / "history", now=now, gap_seconds=2 * STEP) as importer:
        importer.import_samples(
            Sample(at=row.at, power=row.power, period=row.period, registers=row.registers, contract=contract)
            for row in household.samples(now - 5, STEP)
        )
    given = {
        "LINKYTUI_INFLUXDB_ENABLED": "true",
        "LINKYTUI_INFLUXDB_ALL_LABELS": "true",
        "LINKYTUI_INFLUXDB_HOST": "127.0.0.1",
        "LINKYTUI_INFLUXDB_PORT": str(influxd.port),
        "LINKYTUI_INFLUXDB_DATABASE": database,
    }
    client = InfluxDBClient("127.0.0.1", influxd.port, database=database, timeout=60)

    def there(query: str) -> bool:
        try:
            return bool(client.query(query).raw.get("series"))
        except Exception:
            return False

    stop = threading.Event()
    with FakeMeter(folder / "meter") as meter, Collector(folder, meter.port, **given) as collector:
        wait_until(lambda: meter.heard)
        talking = threading.Thread(target=talk, args=(meter, household, stop))
        talking.start()
        try:
            collector.reads(4)
            # Hourly means come once a minute.
            deadline = time.monotonic() + PATIENCE
            while missing := [query for query in AWAITED if not there(query)]:
                assert time.monotonic() < deadline, f"waited in vain: {missing}\n{collector.log}"
                stop.wait(0.5)
        finally:
            stop.set()
            talking.join()
        assert collector.stop() == 0
    return client


@pytest.fixture(scope="module")
def databases(influxd: InfluxServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Mode, InfluxDBClient]]:
    """A household with off-peak hours in historic mode, and one with Tempo in standard mode."""
    households = ((Contract.HPHC, Mode.HISTORIC), (Contract.TEMPO, Mode.STANDARD))
    with ThreadPoolExecutor() as both:
        filling = {
            mode: both.submit(collected, tmp_path_factory.mktemp(mode.value), influxd, contract, mode)
            for contract, mode in households
        }
    made = {mode: future.result() for mode, future in filling.items()}
    yield made
    for client in made.values():
        client.close()


def queries(path: Path) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The title, the panel and the query of everything that a dashboard asks."""
    dashboard = json.loads(path.read_text())
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], {}, variable["query"]
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield f"{panel['title']}: {target['alias']}", panel, target["query"]


REGISTER_NAMES = [name for names in REGISTERS.values() for name in names]
WORDS: dict[str, list[str]] = {
    "state": list(LinkState),
    "contract": list(Contract),
    "period": REGISTER_NAMES,
    "today": ["blue", "white", "red", "unknown"],
    "tomorrow": ["blue", "white", "red", "unknown"],
}
SPANS = {None: "30d", "now/d": "1d", "now/M": "31d"}
ASKED = [(path, title, panel, query) for path in DASHBOARDS for title, panel, query in queries(path)]
ONE_DAY_ONLY = re.compile(r"linky_rp\.linky_link\b.*GROUP BY time")
"""These have points of a minute only here: no difference to the minute before."""


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("path", "title", "panel", "query"), ASKED, ids=[f"{path.stem}-{title}" for path, title, *_ in ASKED]
)
def test_every_query_of_ours_gives_something(
    databases: dict[Mode, InfluxDBClient], mode: Mode, path: Path, title: str, panel: dict[str, Any], query: str
) -> None:
    option = {Mode.HISTORIC: "HPHC", Mode.STANDARD: "TEMPO"}[mode]
    span = SPANS.get(panel.get("timeFrom"), panel.get("timeFrom"))
    filled = (
        query.replace("$timeFilter", f"time > now() - {span}")
        .replace("$__interval", panel.get("interval", "10s"))
        .replace("$provider", "EDF")
        .replace("$offer", "bleu")
        .replace("$type", option)
    )
    assert "$" not in filled, "a variable that the dashboard does not have"
    found = databases[mode].query(filled).raw
    tempo_only = "olour" in title or "ouleur" in title
    if ONE_DAY_ONLY.search(query) or (tempo_only and mode is Mode.HISTORIC):
        assert "error" not in found
    else:
        assert found.get("series"), filled


@pytest.mark.parametrize("panel", linkypy.QUERIES)
def test_every_query_of_linkypys_gives_something(databases: dict[Mode, InfluxDBClient], panel: str) -> None:
    found = databases[Mode.HISTORIC].query(linkypy.QUERIES[panel]).raw
    # The collector has no points of 2021.
    assert found.get("series") or panel == "33 mean of 2021"


def test_tempos_colours_are_words(databases: dict[Mode, InfluxDBClient]) -> None:
    row = next(
        databases[Mode.STANDARD].query("SELECT * FROM linky_rp.linky_state ORDER BY time DESC LIMIT 1").get_points()
    )
    assert row["today"] in {"blue", "white", "red"}
    assert row["tomorrow"] in {"blue", "white", "red", "unknown"}
    assert row["contract"] == "TEMPO"
    assert row["subscribed"] > 0
    assert {"wh_hcjb", "wh_hpjb", "wh_hcjw", "wh_hpjw", "wh_hcjr", "wh_hpjr"} <= set(row)


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_no_word_of_the_database_reaches_the_reader(path: Path) -> None:
    """States, contracts, tariffs and registers are said in the dashboard's language, as the program says them."""
    panels = [panel for panel in json.loads(path.read_text())["panels"] if "targets" in panel]
    use_language("en" if path.stem.endswith("-en") else "fr")
    for field, values in WORDS.items():
        (panel,) = [panel for panel in panels if f'last("{field}")' in panel["targets"][0]["query"]]
        ((mapping,),) = [panel["fieldConfig"]["defaults"]["mappings"]]
        assert set(mapping["options"]) >= set(values)
    (state,) = [panel for panel in panels if 'last("state")' in panel["targets"][0]["query"]]
    said = {value: each["text"] for value, each in state["fieldConfig"]["defaults"]["mappings"][0]["options"].items()}
    assert said == {each.value: state_name(Link(state=each)).capitalize() for each in LinkState}
    (energy,) = [panel for panel in panels if "spread" in panel["targets"][0]["query"]]
    names = {each["matcher"]["options"]: each["properties"][0]["value"] for each in energy["fieldConfig"]["overrides"]}
    assert names == {f"spread_wh_{name.lower()}": register_name(name) for name in REGISTER_NAMES}


def test_the_files_are_what_the_script_writes(tmp_path: Path) -> None:
    script = "import make_dashboards as m, pathlib, sys; m.FOLDER = pathlib.Path(sys.argv[1]); m.main()"
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=GRAFANA, check=True, capture_output=True)
    for path in DASHBOARDS:
        assert (tmp_path / path.name).read_text() == path.read_text(), "run `make docs`"


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_grafana_finds_its_way(path: Path) -> None:
    """Panels do not overlap and have numbers of their own; each asks the source that the reader chose."""
    dashboard = json.loads(path.read_text())
    panels = dashboard["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {(place["x"] + column, place["y"] + row) for column in range(place["w"]) for row in range(place["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
        for target in panel.get("targets", []):
            assert target["datasource"] == panel["datasource"] == {"type": "influxdb", "uid": "${meter}"}
    sources = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "influxdb.yaml").read_text())["datasources"]
    (chosen,) = [variable for variable in dashboard["templating"]["list"] if variable["name"] == "meter"]
    assert [(source["name"], source["uid"]) for source in sources] == [tuple(chosen["current"].values())]
    assert sources[0]["isDefault"]
    assert re.search(chosen["regex"].strip("/i"), sources[0]["name"])
