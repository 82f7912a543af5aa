"""Listening to the process that reads the meter."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from linkytui.line.relay.place import listen_at
from linkytui.line.relay.report import first_report
from linkytui.line.relay.server import Relay
from linkytui.line.sources.base import EndOfSource
from linkytui.line.sources.relay import ReaderGoneError, RelaySource
from linkytui.link import Link, LinkError, LinkState
from linkytui.tic import Mode
from tests.line.relay.visitors import place_in
from tests.lines import PATIENCE, Clock, historic_frame, wait_until


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Relay]:
    """Somebody who reads."""
    place_in(tmp_path).socket.parent.mkdir()
    made = Relay(place_in(tmp_path), first_report("collector", tmp_path))
    yield made
    made.close()


@pytest.fixture
def source(tmp_path: Path) -> Iterator[RelaySource]:
    """Somebody who listens there."""
    made = RelaySource(place_in(tmp_path))
    yield made
    made.close()


def heard(source: RelaySource, count: int) -> bytes:
    """So many bytes."""
    data = b""
    while len(data) < count:
        data += source.read()
    return data


def test_bytes_come_as_the_line_says_them(relay: Relay, source: RelaySource) -> None:
    source.open()
    wait_until(lambda: relay.subscribers)
    relay.bytes_came(historic_frame(), 0.0)
    assert heard(source, len(historic_frame())) == historic_frame()


def test_its_name_tells_who_reads_and_from_where(relay: Relay, source: RelaySource) -> None:
    assert source.name == ""
    source.open()
    assert source.name == "collector"
    relay.link_changed(Link(source="/dev/ttyUSB0", baudrate=9600, mode=Mode.STANDARD))
    wait_until(lambda: source.name == "collector: /dev/ttyUSB0", source.read)
    assert source.baudrate == 9600


def test_the_other_ones_trouble_is_told_as_if_it_were_ours(relay: Relay, source: RelaySource) -> None:
    source.open()
    relay.link_changed(Link(state=LinkState.NO_PERMISSION, detail="Join the group."))

    def reads() -> LinkError | None:
        try:
            source.read()
        except LinkError as error:
            return error
        return None

    errors: list[LinkError] = []
    wait_until(lambda: errors, lambda: errors.extend(filter(None, [reads()])))
    assert (errors[0].state, str(errors[0])) == (LinkState.NO_PERMISSION, "Join the group.")
    relay.link_changed(Link(state=LinkState.LIVE))
    wait_until(lambda: reads() is None)


def test_the_end_of_the_other_process_is_told_and_it_is_found_again(
    relay: Relay, source: RelaySource, tmp_path: Path
) -> None:
    source.open()
    relay.close()
    with pytest.raises(ReaderGoneError, match="The collector has stopped"):
        heard(source, 1)
    with pytest.raises(ReaderGoneError, match="No collector answers"):
        source.read()
    again = Relay(place_in(tmp_path), first_report("screen", None))
    source.open()
    wait_until(lambda: again.subscribers)
    again.bytes_came(b"\x02again", 0.0)
    assert heard(source, 6) == b"\x02again"
    again.close()
    with pytest.raises(ReaderGoneError, match="The screen that was reading the meter was closed"):
        heard(source, 1)


def test_one_that_does_not_answer_counts_as_absent(tmp_path: Path) -> None:
    place = place_in(tmp_path)
    place.socket.parent.mkdir()
    with listen_at(place.socket), listen_at(place.status), pytest.raises(ReaderGoneError):
        RelaySource(place).read()


def test_one_that_hangs_later_is_noticed(relay: Relay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    source = RelaySource(place_in(tmp_path), monotonic=clock)
    source.open()
    monkeypatch.setattr(relay, "_report", lambda: None)

    def wait_for_bytes() -> None:
        while True:
            clock.now += 9.0
            source.read()

    with pytest.raises(ReaderGoneError, match="not responding"):
        wait_for_bytes()
    source.close()


def test_what_waited_while_this_process_was_stopped_is_not_taken_for_new(relay: Relay, tmp_path: Path) -> None:
    clock = Clock()
    source = RelaySource(place_in(tmp_path), monotonic=clock)
    source.open()
    wait_until(lambda: relay.subscribers)
    relay.bytes_came(b"\x02old", 0.0)
    clock.now += 3600.0
    assert source.read() == b""
    wait_until(lambda: relay.subscribers == 1)
    relay.bytes_came(b"\x02new", 0.0)
    assert heard(source, 4) == b"\x02new"
    source.close()


def test_closing_wakes_who_waits_for_bytes(relay: Relay, source: RelaySource) -> None:
    source.open()
    ended = threading.Event()

    def read() -> None:
        try:
            while True:
                source.read()
        except EndOfSource:
            ended.set()

    threading.Thread(target=read, daemon=True).start()
    source.close()
    assert ended.wait(PATIENCE)


def test_who_may_not_listen_is_told_so(source: RelaySource, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> NoReturn:
        raise PermissionError

    monkeypatch.setattr("linkytui.line.relay.subscription.address", refuse)
    with pytest.raises(LinkError) as error:
        source.read()
    assert error.value.state is LinkState.NO_PERMISSION
