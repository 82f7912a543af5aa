"""One line and many readers: who reads the port, who listens, and how the port passes from one to the other."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from linkytui.line.pipeline import Pipeline
from linkytui.line.relay.place import Place, PlaceLock
from linkytui.line.relay.report import first_report
from linkytui.line.relay.server import Relay
from linkytui.line.relay.subscription import query_report
from linkytui.line.sources.base import EndOfSource, Source
from linkytui.line.sources.configured import reads
from linkytui.line.sources.shared import GRACE, SharedSource
from linkytui.link import LinkError, LinkState
from tests.lines import Clock, historic_frame, wait_until

FRAME = historic_frame()


class Port(Source):
    """The meter's port, which one at a time may have open."""

    holder: "Port | None" = None

    def __init__(self) -> None:
        self._closed = False

    @property
    def name(self) -> str:
        return "/dev/meter"

    @property
    def baudrate(self) -> int | None:
        return 1200

    def now(self) -> float:
        return 0.0

    def read(self) -> bytes:
        if self._closed:
            raise EndOfSource
        if Port.holder not in (None, self):
            raise LinkError(LinkState.BUSY, "Somebody has it.")
        Port.holder = self
        return FRAME

    def close(self) -> None:
        self._closed = True
        if Port.holder is self:
            Port.holder = None


class House:
    """A user's places, and the processes that come and go there."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.collectors = Place(folder / "run" / "linkytui.sock")
        self.screens = Place(folder / "run" / "screen.sock")
        self._made: list[SharedSource] = []
        self._relays: list[Relay] = []

    def screen(self, history: Path | None = None) -> SharedSource:
        """A screen opens."""
        source = SharedSource(
            Port, collectors=[self.collectors], screens=self.screens, history=history, monotonic=self.clock
        )
        self._made.append(source)
        return source

    def collector(self) -> Relay:
        """A collector starts."""
        self.collectors.socket.parent.mkdir(exist_ok=True)
        relay = Relay(self.collectors, first_report("collector", Path("/history")))
        self._relays.append(relay)
        return relay

    def leave(self) -> None:
        """Everybody goes."""
        for source in self._made:
            source.close()
        for relay in self._relays:
            relay.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A house where nobody reads yet."""
    Port.holder = None
    made = House(tmp_path)
    yield made
    made.leave()


def hears(source: SharedSource, relay: Relay) -> bool:
    """Whether a screen gets what a collector reads."""
    relay.bytes_came(FRAME, 0.0)
    return bool(source.read())


def trouble(source: SharedSource) -> LinkError | None:
    """What a read says is wrong; None when nothing is."""
    try:
        source.read()
    except LinkError as error:
        return error
    return None


def test_where_nobody_reads_a_screen_reads_the_port_itself(house: House) -> None:
    source = house.screen(Path("/mine"))
    assert not source.reads
    assert source.read() == FRAME
    assert source.reads
    assert (source.name, source.baudrate, source.report) == ("/dev/meter", 1200, None)
    report = query_report(house.screens)
    assert report is not None
    assert (report.kind, report.history) == ("screen", "/mine")


def test_a_second_screen_listens_to_the_first(house: House) -> None:
    first, second = house.screen(Path("/mine")), house.screen()
    first.read()
    assert second.read() == b""
    assert not second.reads
    assert second.name == "another screen: /dev/meter"
    assert second.report is not None
    assert second.report.history == "/mine"
    heard: list[bytes] = []

    def both_read() -> None:
        first.listener.bytes_came(first.read(), 0.0)
        heard.append(second.read())

    wait_until(lambda: b"".join(heard)[: len(FRAME)] == FRAME, both_read)


def test_the_second_follows_at_once_when_the_first_is_closed(house: House) -> None:
    first, second = house.screen(), house.screen()
    first.read()
    second.read()
    first.close()
    wait_until(lambda: second.reads, second.read)
    assert second.read() == FRAME
    third = house.screen()
    third.read()
    assert not third.reads


def test_a_screen_listens_to_the_collector_and_leaves_the_port_alone(house: House) -> None:
    house.collector()
    source = house.screen()
    source.look()
    assert source.report is not None
    assert (source.report.kind, source.report.history) == ("collector", "/history")
    source.read()
    assert not source.reads
    assert Port.holder is None
    assert query_report(house.screens) is None


def test_a_collector_that_starts_later_gets_the_port(house: House) -> None:
    first, second = house.screen(), house.screen()
    first.read()
    second.read()
    assert Port.holder is not None
    collector = house.collector()
    house.clock.now += 2.0
    first.read()
    assert Port.holder is None
    PlaceLock(house.screens).release()
    wait_until(lambda: hears(first, collector))
    wait_until(lambda: not second.reads and hears(second, collector))
    assert first.name == second.name == "collector"


def test_a_collector_that_stops_is_waited_for(house: House) -> None:
    collector, source = house.collector(), house.screen()
    source.read()
    collector.close()
    errors: list[LinkError] = []
    wait_until(lambda: errors, lambda: errors.extend(filter(None, [trouble(source)])))
    assert errors[0].state is LinkState.NO_READER
    assert str(errors[0]) == (
        "The collector has stopped. If it is not back in 20 s, this screen will read the meter itself."
    )
    house.clock.now += GRACE - 1.0
    assert "in 1 s" in str(trouble(source))
    assert Port.holder is None
    collector = house.collector()
    wait_until(lambda: hears(source, collector))


def test_a_collector_that_does_not_come_back_is_replaced(house: House) -> None:
    collector, source, other = house.collector(), house.screen(), house.screen()
    for one in (source, other):
        one.read()
    collector.close()
    for one in (source, other):
        wait_until(partial(trouble, one))
    house.clock.now += GRACE
    assert source.read() == FRAME
    assert source.reads
    other.read()
    assert not other.reads
    house.collector()
    house.clock.now += 2.0
    source.read()
    assert not source.reads


def test_a_screen_that_holds_the_place_and_is_stopped_is_named(house: House) -> None:
    lock = PlaceLock(house.screens)
    error = trouble(house.screen())
    assert error is not None
    assert error.state is LinkState.BUSY
    assert "is not responding" in str(error)
    lock.release()


def test_a_screen_about_to_be_suspended_lets_go(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = house.screen(), house.screen()
    pipeline = Pipeline(first, listeners=[first.listener])
    first.read()
    second.read()
    monkeypatch.setattr(first._at_rest, "wait", lambda _seconds: pipeline.step())
    first.pause()
    assert not first.reads
    wait_until(lambda: second.reads, second.read)
    first.resume()
    first.read()
    assert not first.reads


def test_a_screen_that_goes_on_before_its_reader_saw_it_pause_opens_the_port_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = house.screen()
    assert screen.read() == FRAME
    monkeypatch.setattr("linkytui.line.sources.shared._LET_GO_WITHIN", 0.0)
    screen.pause()
    screen.resume()
    assert [screen.read(), screen.read()] == [b"", FRAME]


def test_where_no_socket_can_be_made_the_screen_reads_all_the_same(house: House, tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    source = house.screen()
    assert source.read() == FRAME
    assert source.reads


def test_the_speed_that_is_asked_for_reaches_the_port(house: House) -> None:
    asked: list[int] = []

    class Listening(Port):
        def listen_at(self, baudrate: int) -> None:
            asked.append(baudrate)

    source = SharedSource(Listening, collectors=[house.collectors], screens=house.screens)
    source.listen_at(9600)
    source.read()
    source.listen_at(1200)
    assert asked == [9600, 1200]
    source.close()


def test_a_closed_source_has_ended_and_left_nothing(house: House) -> None:
    source = house.screen()
    source.read()
    source.close()
    with pytest.raises(EndOfSource):
        source.read()
    assert not house.screens.socket.exists()
    PlaceLock(house.screens).release()


def test_a_port_that_is_meant_is_read_whatever_others_read(house: House) -> None:
    with_collector = house.collector()  # on another port
    first = house.screen()
    first.read()
    meant = SharedSource(
        Port, collectors=[house.collectors], screens=house.screens, monotonic=house.clock, accepts=lambda _report: False
    )
    meant.look()
    assert meant.others
    Port.holder = None  # two ports
    assert meant.read() == FRAME
    assert meant.reads
    house.clock.now += 5
    assert meant.read() == FRAME
    meant.close()
    first.close()
    with_collector.close()


def test_a_port_that_is_meant_and_read_by_another_is_listened_to(house: House) -> None:
    first = house.screen()
    first.read()
    meant = SharedSource(
        Port,
        collectors=[house.collectors],
        screens=house.screens,
        monotonic=house.clock,
        accepts=lambda report: reads(report, "/dev/meter"),
    )
    meant.look()
    assert not meant.others
    with suppress(LinkError):
        meant.read()
    assert not meant.reads
    assert meant.report is not None
    assert meant.report.link.source == "/dev/meter"
    meant.close()
    first.close()
