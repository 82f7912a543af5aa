"""The relay: what it gives to whom, and that nobody who listens can harm it or the reading."""

import contextlib
import json
import logging
import os
import select
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

import msgspec
import pytest

from linkytui.errors import RelayError
from linkytui.line.pipeline import Pipeline
from linkytui.line.relay.place import listen_at
from linkytui.line.relay.report import BacklogReport, Report, first_report, from_line
from linkytui.line.relay.server import Relay
from linkytui.line.relay.subscriber import SEND_BUFFER, who_gives_way
from linkytui.line.relay.subscription import DROP_BACKLOG, RefusedError, query_report, request
from linkytui.link import LinkState
from tests.line.relay.visitors import Listening, place_in
from tests.lines import ScriptedSource, historic_frame, wait_until

MUCH = b"\x02" + b"x" * 4095
"""A piece of a line that never ends."""


class Line:
    """A relay, and a pipeline that feeds it when told."""

    def __init__(
        self,
        folder: Path,
        tcp: str = "",
        complete: Callable[[Report], Report] = lambda one: one,
        obey: Mapping[bytes, Callable[[], object]] = MappingProxyType({}),
    ) -> None:
        place_in(folder).socket.parent.mkdir()
        self.place = place_in(folder)
        self.relay = Relay(self.place, first_report("collector", folder), tcp=tcp, complete=complete, obey=obey)
        self.source = ScriptedSource(self._bytes())
        self.pipeline = Pipeline(self.source, listeners=[self.relay], monotonic=self.source.clock)
        self._next = b""

    def say(self, data: bytes) -> None:
        """Let the line say this."""
        self._next = data
        self.source.clock.now += 1.0
        self.pipeline.step()

    def _bytes(self) -> Iterator[bytes]:
        while True:
            yield self._next


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    """A line with a relay on it."""
    made = Line(tmp_path)
    yield made
    made.pipeline.close()


def joined(line: Line, count: int) -> None:
    """Wait until so many listen."""
    wait_until(lambda: line.relay.subscribers == count)


def test_everybody_gets_the_bytes_from_the_next_frame_on(line: Line) -> None:
    frame = historic_frame()
    with Listening(line.place.socket) as first:
        joined(line, 1)
        line.say(frame[100:])
        line.say(frame)
        assert first.hear(len(frame)) == frame
        with Listening(line.place.socket) as second:
            joined(line, 2)
            line.say(frame[:50])
            line.say(frame[50:])
            assert first.hear(len(frame)) == second.hear(len(frame)) == frame
    joined(line, 0)
    line.say(frame)


def test_a_line_that_leaves_the_parity_bit_on_has_frames_too(line: Line) -> None:
    with Listening(line.place.socket) as client:
        joined(line, 1)
        line.say(b"before\x82then")
        assert client.hear(5) == b"\x82then"


def test_noise_without_a_frame_is_heard_in_the_end(line: Line) -> None:
    with Listening(line.place.socket) as client:
        joined(line, 1)
        for _ in range(5):
            line.say(b"?" * 1000)
        assert client.hear(1000) == b"?" * 1000


def test_the_status_tells_the_line_and_what_the_meter_said_last(line: Line, tmp_path: Path) -> None:
    with Listening(line.place.status) as client, client.socket.makefile("rb") as lines:
        before = json.loads(lines.readline())
        assert before == {"kind": "collector", "pid": os.getpid(), "history": str(tmp_path), "link": {}}
        line.say(historic_frame(1230))
        while not (report := from_line(lines.readline())) or report.reading is None:
            pass
    assert report.link.link_state is LinkState.LIVE
    assert report.link.source == "script"
    assert report.reading.power == 1230
    assert report.reading.registers == {"HC": 723392, "HP": 1049103}
    assert report.reading.subscribed == 9.0


def test_a_report_says_what_else_is_to_be_known(tmp_path: Path) -> None:
    def complete(report: Report) -> Report:
        return msgspec.structs.replace(
            report, troubles=("The disk is full",), backlog=BacklogReport(samples=3, oldest_at=9.0)
        )

    line = Line(tmp_path, complete=complete)
    report = query_report(line.place)
    assert report is not None
    assert report.troubles == ("The disk is full",)
    assert report.backlog == BacklogReport(samples=3, oldest_at=9.0)
    line.pipeline.close()


def test_who_wants_reports_may_ask_for_what_is_obeyed_and_is_told_what_came_of_it(tmp_path: Path) -> None:
    waiting = [42]

    def complete(report: Report) -> Report:
        return msgspec.structs.replace(report, backlog=BacklogReport(samples=waiting[0], oldest_at=None))

    line = Line(tmp_path, "127.0.0.1:0", complete, {DROP_BACKLOG: lambda: waiting.__setitem__(0, 0)})
    wait_until(lambda: line.relay.tcp_address)
    assert line.relay.tcp_address is not None
    for other in (line.place.socket, line.relay.tcp_address):
        with Listening(other) as client:
            client.socket.sendall(DROP_BACKLOG + b"\n")
            joined(line, 1)
            line.say(historic_frame())
            assert client.hear(1) == b"\x02"
        joined(line, 0)
    assert request(line.place, b"make coffee")
    assert waiting == [42], "neither the endpoints of the bytes nor other words do it"
    with Listening(line.place.status) as watcher, watcher.socket.makefile("rb") as reports:
        assert request(line.place, DROP_BACKLOG)
        assert waiting == [0]
        while not ((report := from_line(reports.readline())) and report.backlog and report.backlog.samples == 0):
            pass
    line.pipeline.close()
    assert not request(line.place, DROP_BACKLOG)


def test_where_nobody_reads_nobody_answers(tmp_path: Path, line: Line) -> None:
    assert query_report(line.place) is not None
    line.pipeline.close()
    line.relay.close()
    assert query_report(line.place) is None
    assert not line.place.socket.exists()
    line.say(historic_frame())


def test_who_may_not_listen_is_told_which_group_to_join(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> NoReturn:
        raise PermissionError

    monkeypatch.setattr("linkytui.line.relay.subscription.address", refuse)  # root, who may run this, is never refused
    with pytest.raises(RefusedError, match="usermod -aG"):
        query_report(line.place)


def test_one_that_hangs_does_not_keep_who_asks(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    place.socket.parent.mkdir()
    with listen_at(place.status):
        assert query_report(place, 0.05) is None


def test_a_client_that_never_reads_is_cut_off_and_the_others_go_on(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with Listening(line.place.socket) as lazy, Listening(line.place.socket) as eager:
        joined(line, 2)
        heard = 0
        while line.relay.subscribers == 2:
            line.say(MUCH)
            heard += len(eager.hear(len(MUCH)))
            assert heard < 100 * SEND_BUFFER, "it keeps everything for him"
        line.say(MUCH)
        assert eager.hear(len(MUCH)) == MUCH
        assert lazy.is_sent_away()
    assert sum("was disconnected" in record.message for record in caplog.records) == 1


def test_a_client_that_talks_is_cut_off(line: Line) -> None:
    with Listening(line.place.socket) as quiet, Listening(line.place.socket) as loud:
        joined(line, 2)
        loud.socket.sendall(b"GET / HTTP/1.1\r\n\r\n")
        line.say(historic_frame())
        assert loud.hear(10) == quiet.hear(10)
        with contextlib.suppress(OSError):
            loud.socket.sendall(b"x" * 1_000_000)
        joined(line, 1)


def test_a_client_that_resets_its_connection_is_gone(tmp_path: Path) -> None:
    line = Line(tmp_path, tcp="127.0.0.1:0")
    wait_until(lambda: line.relay.tcp_address)
    assert line.relay.tcp_address is not None
    with Listening(line.relay.tcp_address) as rude:
        joined(line, 1)
        rude.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    joined(line, 0)
    line.say(historic_frame())
    line.pipeline.close()


def test_a_crowd_does_not_keep_others_from_the_other_door(tmp_path: Path) -> None:
    line = Line(tmp_path, tcp="127.0.0.1:0")
    wait_until(lambda: line.relay.tcp_address)
    assert line.relay.tcp_address is not None
    crowd = []
    for count in range(200):
        crowd.append(Listening(line.relay.tcp_address))
        joined(line, count + 1)
    with Listening(line.relay.tcp_address) as late, Listening(line.place.socket) as local:
        joined(line, 202)
        line.say(historic_frame())
        assert local.hear(10) == crowd[0].hear(10) == late.hear(10) == historic_frame()[:10]
    for one in crowd:
        one.socket.close()
    line.pipeline.close()


@pytest.mark.parametrize("by_tcp", [True, False])
def test_idle_clients_do_not_keep_others_out(tmp_path: Path, by_tcp: bool) -> None:
    line = Line(tmp_path, tcp="127.0.0.1:0")
    wait_until(lambda: line.relay.tcp_address)
    where = line.relay.tcp_address if by_tcp else line.place.socket
    assert where is not None
    limit = 256 if by_tcp else 64
    idle = []
    for count in range(limit):
        idle.append(Listening(where))
        joined(line, count + 1)
    for _ in range(20):
        with Listening(where) as late:

            def heard(late: Listening = late) -> bool:
                line.say(historic_frame())
                return bool(select.select([late.socket], [], [], 0)[0])

            wait_until(heard)
            assert late.hear(10) == historic_frame()[:10]
            assert line.relay.subscribers <= limit
    for one in idle:
        one.socket.close()
    line.pipeline.close()


class Held(NamedTuple):
    owner: str
    untaken: int


@pytest.mark.parametrize(
    ("held", "leaves"),
    [("a0 b0 c0", None), ("a0 b7 c9", 2), ("a0 b9 a0 c0", 0), ("a0 b9 a3 c0", 2), ("b0 a5 a9 b1 a0 c99", 2)],
)
def test_who_has_most_connections_gives_way_by_its_idlest(held: str, leaves: int | None) -> None:
    places: Any = [Held(word[0], int(word[1:])) for word in held.split()]
    assert who_gives_way(places) is (None if leaves is None else places[leaves])


def test_a_watcher_that_sleeps_gets_the_newest_report_and_costs_nothing(line: Line) -> None:
    with Listening(line.place.status) as sleeper:
        for power in range(1000, 1200):
            line.say(historic_frame(power))
        with sleeper.socket.makefile("rb") as lines:
            seen = 0
            while seen < 1199:
                report = from_line(lines.readline())
                assert report is not None
                seen = max(seen, report.reading.power if report.reading and report.reading.power else 0)


def test_an_address_that_cannot_be_had_is_tried_again_and_harms_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    line = Line(tmp_path, tcp="192.0.2.1:8094")
    with Listening(line.place.socket) as client:
        joined(line, 1)
        line.say(historic_frame())
        assert client.hear(10) == historic_frame()[:10]
    assert [record.message for record in caplog.records if "192.0.2.1:8094" in record.message]
    assert line.relay.tcp_address is None
    line.pipeline.close()


def test_the_reading_never_waits_for_the_relay(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Event()
    monkeypatch.setattr(line.relay, "_distribute", gate.wait)
    with Listening(line.place.socket):
        joined(line, 1)
        for _ in range(10_000):
            line.say(b"x" * 100)
        gate.set()


def test_a_relay_that_cannot_have_its_socket_leaves_what_is_there(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    place.socket.parent.mkdir()
    place.status.write_text("mine")
    with pytest.raises(RelayError):
        Relay(place, first_report("screen", None))
    assert place.status.read_text() == "mine"
    assert not place.socket.exists()


@pytest.mark.parametrize("text", [b"{}", b"[]", b"\xff", b'{"kind": 1, "pid": 2}', b'{"kind": "collector"'])
def test_what_is_no_report_is_none(text: bytes) -> None:
    assert from_line(text) is None


def test_a_report_of_a_newer_linkytui_is_understood_as_far_as_possible() -> None:
    report = from_line(b'{"kind": "robot", "pid": 2, "mood": "fine", "link": {"state": "levitating", "frames": 3}}')
    assert report is not None
    assert report.link.link_state is LinkState.WAITING
    assert report.link.frames == 3
