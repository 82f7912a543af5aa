"""`linkytui status`: from whoever reads, else from the history, and in one line when nothing is known."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from linkytui import cli
from linkytui.commands import status
from linkytui.line.pipeline import Pipeline
from linkytui.line.relay.place import Place
from linkytui.line.relay.report import CostReport, Report, first_report
from linkytui.line.relay.server import Relay
from linkytui.line.relay.subscription import RefusedError
from linkytui.link import Link, LinkState
from tests.history.household import record, steady
from tests.lines import ScriptedSource, historic_frame, wait_until

KEYS = [
    *("at", "age_s", "power_va", "period", "contract", "registers_wh", "subscribed_kva", "link"),
    *("month_eur", "estimate_eur"),
]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Where a collector would be."""
    monkeypatch.setenv("LINKYTUI_RELAY_SOCKET", str(tmp_path / "linkytui.sock"))
    monkeypatch.setenv("LINKYTUI_HISTORY_FOLDER", str(tmp_path / "history"))
    return Place(tmp_path / "linkytui.sock")


@pytest.fixture
def relay(place: Place) -> Iterator[Relay]:
    """A collector that knows what the month costs, and has read a frame just now."""

    def complete(report: Report) -> Report:
        return msgspec.structs.replace(report, cost=CostReport(month_eur=42.1, estimate_eur=87.0))

    made = Relay(place, first_report("collector", None), complete=complete)
    source = ScriptedSource([historic_frame(460)])
    source.wall.now = time.time()
    pipeline = Pipeline(source, listeners=[made], monotonic=source.clock)
    pipeline.step()
    source.clock.now += 2.0
    pipeline.step()
    made.link_changed(Link(state=LinkState.LIVE, frames=7, rejected={"checksum": 2}))
    yield made
    made.close()


def test_a_collector_tells_it_at_once(relay: Relay, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["status", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == KEYS
    assert 0 <= told.pop("age_s") < 60
    assert abs(time.time() - datetime.fromisoformat(told.pop("at")).timestamp()) < 60
    assert told == {
        "power_va": 460,
        "period": "HP",
        "contract": "HPHC",
        "registers_wh": {"HC": 723392, "HP": 1049103},
        "subscribed_kva": 9.0,
        "link": {"frames": 7, "rejected": 2, "state": "live"},
        "month_eur": 42.1,
        "estimate_eur": 87.0,
    }


def test_a_line_for_a_status_bar(relay: Relay, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["status"]) == 0
    assert capsys.readouterr().out == "460 VA · 5 % · Peak · 42.10 of about 87.00 EUR\n"
    assert cli.run(["status", "--lang", "fr"]) == 0
    assert capsys.readouterr().out.startswith("460 VA · 5 % · Heures pleines · 42,10")


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (LinkState.LIVE, "live"),
        (LinkState.WAITING, "stale"),
        (LinkState.STALE, "stale"),
        (LinkState.NOISE, "stale"),
        (LinkState.SILENT, "silent"),
        (LinkState.UNPLUGGED, "down"),
        (LinkState.NO_PERMISSION, "down"),
    ],
)
def test_the_state_of_the_line_is_one_of_four_words(
    relay: Relay, capsys: pytest.CaptureFixture[str], state: LinkState, word: str
) -> None:
    relay.link_changed(Link(state=state))
    assert cli.run(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["link"]["state"] == word


def test_values_that_are_old_say_so(relay: Relay, capsys: pytest.CaptureFixture[str]) -> None:
    relay.link_changed(Link(state=LinkState.UNPLUGGED))
    assert cli.run(["status"]) == 0
    assert capsys.readouterr().out.startswith("unplugged · 460 VA · 5 % · Peak · ")


def test_without_a_collector_the_history_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = time.time()
    record(tmp_path / "history", steady(now - 7200, now - 3600))
    assert cli.run(["status", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told) == KEYS
    assert 3600 <= told["age_s"] < 3700
    assert (told["power_va"], told["period"], told["contract"]) == (1200, "BASE", "BASE")
    assert told["registers_wh"] == {"BASE": 5_000_000 + 3590 * 1200 // 3600}
    assert told["link"] == {"frames": None, "rejected": None, "state": "down"}
    assert cli.run(["status"]) == 0
    assert capsys.readouterr().out.startswith("no collector · 1,200 VA · 20 % · All hours · 1 h ago")


def test_a_collector_that_just_started_is_helped_by_the_history(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = time.time()
    record(tmp_path / "history", steady(now - 600, now - 60))
    relay = Relay(place, first_report("collector", None))
    assert cli.run(["status", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["power_va"] == 1200
    assert told["link"] == {"frames": 0, "rejected": 0, "state": "stale"}
    relay.close()


def test_a_screen_that_reads_tells_it_too(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    relay = Relay(Place(place.socket.with_name("screen.sock")), first_report("screen", None))
    source = ScriptedSource([historic_frame(980), 2.0])
    source.wall.now = time.time()
    pipeline = Pipeline(source, listeners=[relay], monotonic=source.clock)
    for _ in range(2):
        pipeline.step()
    wait_until(lambda: relay.report.reading)
    assert cli.run(["status"]) == 0
    assert "980 VA" in capsys.readouterr().out
    pipeline.close()


def test_when_nothing_is_known_it_says_so_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    for options in ([], ["--json"]):
        assert cli.run(["status", *options]) == 1
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err == (
            "linkytui: Nothing is known about a meter: no collector is running, and there is no history.\n"
        )


def test_who_may_not_ask_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(_settings: object) -> None:
        raise RefusedError("Join the group.")

    monkeypatch.setattr(status, "_ask", refuse)
    assert cli.run(["status"]) == 1
    assert capsys.readouterr().err == "linkytui: Join the group.\n"


def test_a_health_check_does_not_ask_the_history(
    tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    now = time.time()
    record(tmp_path / "history", steady(now - 7200, now - 3600))
    assert cli.run(["status"]) == 0
    capsys.readouterr()
    assert cli.run(["status", "--no-history"]) == 1
    assert "no collector or screen answers" in capsys.readouterr().err
    request.getfixturevalue("relay")
    assert cli.run(["status", "--no-history"]) == 0
