"""Alerts get to the outside, or it is said why not; and nobody waits for them."""

import json
import socket
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from linkytui.outputs.alerts.channels import AppriseChannel, ChannelError, ChannelQueue, CommandChannel
from linkytui.outputs.alerts.engine import Alert
from linkytui.outputs.alerts.listener import AlertListener
from linkytui.settings.model import AlertRule, AlertSettings
from linkytui.tic import Group, Mode
from tests.lines import PATIENCE, wait_until
from tests.outputs.callbacks.frames import Household, framed, historic

ALERT = Alert(rule=AlertRule(kind="power"), began=True, text="6,500 VA; $(reboot) {kind} 'quoted'")

WRITER = "import json, pathlib, sys; pathlib.Path(sys.argv[1]).write_text(json.dumps(sys.argv[2:]))"


def test_a_command_gets_the_text_as_one_word_and_no_shell(tmp_path: Path) -> None:
    out = tmp_path / "out"
    CommandChannel([sys.executable, "-c", WRITER, str(out)]).deliver(ALERT)
    assert json.loads(out.read_text()) == [ALERT.text]


def test_places_in_the_words_are_filled_in(tmp_path: Path) -> None:
    out = tmp_path / "out"
    words = [sys.executable, "-c", WRITER, str(out), "{kind}", "x={state}", "say: {text}", "{text}", "{other}"]
    CommandChannel(words).deliver(ALERT)
    assert json.loads(out.read_text()) == ["power", "x=begin", f"say: {ALERT.text}", ALERT.text, "{other}"]


def test_a_command_that_does_not_end_is_ended_with_all_it_started(tmp_path: Path) -> None:
    marker = tmp_path / "child"
    channel = CommandChannel(["sh", "-c", 'sleep 600 & echo $! > "$0"; wait', str(marker)], timeout=1)
    while not marker.exists() or not marker.read_text():  # ended before it had begun
        with pytest.raises(ChannelError, match="was stopped after 1 s"):
            channel.deliver(ALERT)
    child = int(marker.read_text())

    def gone() -> bool:
        try:
            return Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except FileNotFoundError:
            return True

    wait_until(gone)


def test_what_is_wrong_with_a_command_is_one_line() -> None:
    with pytest.raises(ChannelError, match="cannot be run: No such file"):
        CommandChannel(["/no/such/program", "--token=secret"]).deliver(ALERT)
    with pytest.raises(ChannelError, match="failed with status 3") as caught:
        CommandChannel([sys.executable, "-c", "raise SystemExit(3)", "--token=secret"]).deliver(ALERT)
    assert "secret" not in str(caught.value)
    with pytest.raises(ChannelError):
        CommandChannel(["nul\0byte"]).deliver(ALERT)


class Hook:
    """A web hook that notes what it gets."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.status = 200
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    yield hook
    hook.close()


def test_apprise_takes_it_to_its_addresses(
    hook: Hook, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("apprise")
    address = f"json://jeanne:secret@127.0.0.1:{hook.server.server_port}/"
    channel = AppriseChannel([address])
    channel.deliver(ALERT)
    assert hook.bodies[0]["message"] == ALERT.text
    assert hook.bodies[0]["title"] == "linkytui"
    hook.status = 500
    with pytest.raises(ChannelError, match="could not deliver"):
        channel.deliver(ALERT)
    hook.status = 200
    with pytest.raises(ChannelError, match="does not know one"):
        AppriseChannel([address, "nonsense-secret"]).deliver(ALERT)
    shown = caplog.text + repr(channel) + "".join(capfd.readouterr())
    assert "secret" not in shown


def test_a_server_that_never_answers_apprise_is_given_up() -> None:
    pytest.importorskip("apprise")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        channel = AppriseChannel([f"json://jeanne:secret@127.0.0.1:{silent.getsockname()[1]}/?rto=600"], timeout=0.5)
        with pytest.raises(ChannelError, match=r"^apprise was stopped after 0\.5 s$"):
            channel.deliver(ALERT)


def test_without_apprise_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ChannelError, match=r"pip install apprise$"):
        AppriseChannel(["json://localhost"]).deliver(ALERT)


class Kept:
    """Keeps what it is given; may hang or raise first."""

    name = "kept"

    def __init__(self) -> None:
        self.alerts: list[Alert] = []
        self.let_go = threading.Event()
        self.let_go.set()
        self.error: Exception | None = None

    def deliver(self, alert: Alert) -> None:
        self.let_go.wait(PATIENCE)
        if self.error is not None:
            raise self.error
        self.alerts.append(alert)


def test_a_channel_that_hangs_loses_the_oldest_and_delays_nobody() -> None:
    kept = Kept()
    kept.let_go.clear()
    postman = ChannelQueue(kept)
    for _ in range(100):
        postman.put(ALERT)
    kept.let_go.set()
    postman.stop(30)
    assert 20 <= len(kept.alerts) <= 21


def test_a_channel_that_raises_is_said_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    kept = Kept()
    kept.error = RuntimeError("token=secret")
    postman = ChannelQueue(kept)
    postman.put(ALERT)
    postman.put(ALERT)
    wait_until(lambda: postman.error == "RuntimeError")
    kept.error = None
    postman.put(ALERT)
    wait_until(lambda: kept.alerts)
    postman.stop(30)
    assert postman.error is None
    assert "secret" not in caplog.text
    assert len(caplog.records) == 1


def test_the_listener_takes_alerts_to_the_screen_and_outside() -> None:
    kept = Kept()
    shown: list[Alert] = []
    settings = AlertSettings(rules=(AlertRule(kind="over_subscription"),))
    listener = AlertListener(settings, channels=[kept], on_screen=shown.append, tick=0.01)
    household = Household()
    over = framed([*historic().groups[:7], Group("ADPS", "047"), *historic().groups[7:]], Mode.HISTORIC)
    for frame in (historic(), *[over] * 4, *[historic()] * 3):
        listener.frame_came(household.arrival(frame))
    listener.close()
    assert [alert.began for alert in shown] == [True, False]
    assert kept.alerts == shown


def test_the_listener_asks_for_what_no_frame_tells() -> None:
    shown: list[Alert] = []
    rules = (AlertRule(kind="budget", threshold=50), AlertRule(kind="backlog", threshold=10))
    listener = AlertListener(
        AlertSettings(rules=rules), on_screen=shown.append, estimate=lambda: 60.0, backlog=lambda: (7, 100.0), tick=0.01
    )
    wait_until(lambda: len(shown) == 2)
    listener.close()
    assert {alert.rule.kind for alert in shown} == {"budget", "backlog"}


def test_a_bill_that_cannot_be_made_stops_no_other_rule(caplog: pytest.LogCaptureFixture) -> None:
    shown: list[Alert] = []

    def fails() -> float:
        raise ZeroDivisionError

    settings = AlertSettings(rules=(AlertRule(kind="silent", threshold=0.05),))
    listener = AlertListener(settings, on_screen=shown.append, estimate=fails, tick=0.01)
    wait_until(lambda: shown)
    listener.close()
    assert len(caplog.records) == 1


def test_other_rules_act_at_once() -> None:
    shown: list[Alert] = []
    listener = AlertListener(AlertSettings(rules=()), on_screen=shown.append, tick=0.01)
    household = Household()
    listener.frame_came(household.arrival(historic(power=5000)))
    listener.use(AlertSettings(rules=(AlertRule(kind="power", threshold=4000),)))
    for _ in range(3):
        listener.frame_came(household.arrival(historic(power=5000)))
    listener.close()
    assert [alert.began for alert in shown] == [True]


def test_the_same_rules_again_tell_no_incident_twice() -> None:
    shown: list[Alert] = []
    rules = AlertSettings(rules=(AlertRule(kind="power", threshold=4000),))
    listener = AlertListener(rules, on_screen=shown.append, tick=0.01)
    household = Household()
    for _ in range(3):
        listener.frame_came(household.arrival(historic(power=5000)))
    listener.use(AlertSettings(rules=(AlertRule(kind="power", threshold=4000),)))
    for _ in range(3):
        listener.frame_came(household.arrival(historic(power=5000)))
    listener.close()
    assert [alert.began for alert in shown] == [True]


def test_a_listener_without_ways_to_the_outside_gets_none_from_other_settings(tmp_path: Path) -> None:
    told = tmp_path / "told"
    listener = AlertListener(AlertSettings(rules=()), channels=(), tick=0.01)
    rule = AlertRule(kind="power", threshold=4000)
    listener.use(AlertSettings(rules=(rule,), command=("touch", str(told))))
    listener.frame_came(Household().arrival(historic(power=5000)))
    listener.close()
    assert not told.exists()
