"""What is known of each meter of a fleet: who is in trouble, in which order, their sums, and one of them as a line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.fleet.meters import Fleet, Order, Trouble, sums_of
from linkytui.fleet.source import FleetSource, groups_of
from linkytui.fleet.watch import FleetWatch
from linkytui.line.sources.base import EndOfSource
from linkytui.link import Link, LinkError, LinkState
from linkytui.outputs.callbacks.mqtt.session import BrokerAddress
from linkytui.outputs.callbacks.samples import MemoryLog
from linkytui.outputs.callbacks.upstream.live import LastKnown, Live, Today
from linkytui.outputs.callbacks.upstream.topics import Source
from linkytui.reading import Contract, Meter, Reading
from linkytui.tic import FrameReader, Mode
from linkytui.tic.encoder import encode_frame
from tests.fleet.fleet import Collector, until, upstream
from tests.outputs.callbacks.week import NOTHING, readings
from tests.servers import Broker

NOW = 1_790_000_000.0


def live(at: float = NOW, **said: Any) -> Live:
    return Live(**{"v": 1, "at": round(at * 1000), "every": 10.0, "link": "live", **said})


def source(number: int) -> Source:
    return Source(f"site {number % 3}", f"meter {number:05}")


@pytest.mark.parametrize(
    ("said", "age", "trouble"),
    [
        ({}, 0, Trouble.NONE),
        ({}, 13, Trouble.NONE),
        ({}, 14, Trouble.GONE),
        ({"link": "silent"}, 0, Trouble.LINE),
        ({"link": "a word of tomorrow"}, 0, Trouble.LINE),
        ({"link": "silent"}, 60, Trouble.GONE),
        ({"power": 6_000, "subscribed": 6.0}, 0, Trouble.NONE),
        ({"power": 6_001, "subscribed": 6.0}, 0, Trouble.OVER),
        ({"power": 6_001}, 0, Trouble.NONE),
        ({"power": 6_001, "subscribed": 0.0}, 0, Trouble.NONE),
        ({"every": 60.0}, 70, Trouble.NONE),
    ],
)
def test_what_is_wrong_with_a_meter(said: dict[str, Any], age: float, trouble: Trouble) -> None:
    fleet = Fleet()
    fleet.hear(source(1), live(**said), NOW, kept=False)
    ((found, _known),) = fleet.rows(NOW + age)
    assert found is trouble


def test_what_the_broker_kept_is_as_old_as_it_says_and_what_comes_is_of_now() -> None:
    fleet = Fleet()
    fleet.hear(source(1), live(NOW - 3_600), NOW, kept=True)
    assert fleet.rows(NOW)[0][0] is Trouble.GONE
    # A site whose clock is wrong is not gone while it speaks.
    fleet.hear(source(1), live(NOW - 3_600), NOW, kept=False)
    assert fleet.rows(NOW)[0][0] is Trouble.NONE
    # A clock that is ahead does not make an old message new.
    fleet.hear(source(2), live(NOW + 9_999), NOW, kept=True)
    assert fleet.meters[source(2)].heard_at == NOW
    # What was kept comes again at each new connection, and is no news.
    fleet.hear(source(1), live(NOW - 7_200, power=5), NOW + 1, kept=True)
    assert fleet.meters[source(1)].live.power is None


def test_those_in_trouble_come_first_and_the_order_holds_among_them() -> None:
    fleet = Fleet()
    powers = {1: 500, 2: 7_000, 3: 900, 4: 6_500, 5: 100}
    for number, power in powers.items():
        fleet.hear(source(number), live(power=power, subscribed=6.0), NOW, kept=False)
    fleet.hear(source(5), live(link="unplugged"), NOW, kept=False)
    fleet.hear(source(6), live(NOW - 100), NOW, kept=True)
    order = [known.source.meter[-1] for _trouble, known in fleet.rows(NOW, Order.POWER)]
    assert order == ["6", "5", "2", "4", "3", "1"]
    assert [known.source.meter[-1] for _trouble, known in fleet.rows(NOW)] == ["6", "5", "4", "2", "3", "1"]
    sites = fleet.sites(NOW)
    assert [(site.name, site.trouble) for site in sites] == [
        ("site 0", Trouble.GONE),
        ("site 2", Trouble.LINE),
        ("site 1", Trouble.OVER),
    ]


said = st.builds(
    live,
    link=st.sampled_from([*LinkState, "odd"]),
    power=st.none() | st.integers(0, 10_000),
    subscribed=st.none() | st.floats(0, 36),
    today_wh=st.none() | st.integers(0, 100_000),
    today_eur=st.none() | st.floats(0, 50),
    at=st.floats(NOW - 60, NOW + 60),
)


@given(st.dictionaries(st.integers(0, 30), said), st.sampled_from(list(Order)), st.booleans())
def test_every_order_has_every_meter_once_and_sums_are_those_of_the_sites(
    meters: dict[int, Live], order: Order, kept: bool
) -> None:
    fleet = Fleet()
    for number, each in meters.items():
        fleet.hear(source(number), each, NOW, kept=kept)
    rows = fleet.rows(NOW, order)
    assert sorted(known.source for _trouble, known in rows) == sorted(map(source, meters))
    troubles = [trouble for trouble, _known in rows]
    assert troubles == sorted(troubles)
    total = sums_of(fleet.meters.values(), NOW)
    sites = fleet.sites(NOW, order)
    for name in ("meters", "troubled", "power", "injected_power", "today_wh"):
        assert getattr(total, name) == sum(getattr(site.sums, name) for site in sites)
    assert total.troubled == sum(trouble is not Trouble.NONE for trouble in troubles)


REGISTERS = {
    Contract.BASE: {"BASE": 1},
    Contract.HPHC: {"HC": 5_602_128, "HP": 7_923_975},
    Contract.TEMPO: {"HCJB": 1, "HPJB": 2, "HCJW": 3, "HPJW": 4, "HCJR": 5, "HPJR": 6},
    Contract.EJP: {"HN": 7, "PM": 8},
    Contract.OTHER: {"EASF01": 9, "EASF03": 10},
}


@pytest.mark.parametrize("contract", REGISTERS)
@pytest.mark.parametrize("injected", [None, 750])
def test_a_meter_is_read_again_as_its_collector_read_it(contract: Contract, injected: int | None) -> None:
    """From a reading to a message, a frame and a reading again."""
    registers = REGISTERS[contract]
    period = next(reversed(registers))
    first = Reading(
        at=NOW,
        mode=Mode.HISTORIC,
        meter_id="041864000001",
        contract=contract,
        period=period,
        registers=registers,
        power=1_840,
        subscribed=9.0,
        injected=None if injected is None else 77,
        injected_power=injected,
    )
    last = LastKnown(10.0)
    last.hear(first)
    last.link(Link(state=LinkState.LIVE))
    frame = encode_frame(groups_of(last.message(NOW, Today())), Mode.STANDARD)
    (read,) = FrameReader("standard").feed(frame)
    meter = Meter()
    for _time in range(4):
        again = meter.observe(read, NOW)
    assert not read.rejected
    assert (again.meter_id, again.contract, again.period) == (first.meter_id, contract, period)
    assert again.registers == registers
    assert (again.power, again.subscribed) == (1_840, 9.0)
    assert again.injected_power == injected
    assert again.injected == first.injected


@given(said)
def test_whatever_a_meter_says_can_be_said_in_a_frame(message: Live) -> None:
    (frame,) = FrameReader("standard").feed(encode_frame(groups_of(message), Mode.STANDARD))
    assert frame.rejected == ()


def test_the_line_of_a_meter_fails_as_its_own_does() -> None:
    fleet, clock = Fleet(), [NOW]
    line = FleetSource(fleet, now=lambda: clock[0])
    assert line.read() == b""
    fleet.hear(source(1), live(power=300), NOW, kept=False)
    fleet.hear(source(2), live(link="unplugged"), NOW, kept=False)
    line.choose(source(1))
    assert line.name == "site 1 / meter 00001"
    assert b"SINSTS\t00300" in line.read()
    assert line.read() == b""
    clock[0] += 3
    assert b"SINSTS\t00300" in line.read()
    before = line.generation
    line.choose(source(2))
    assert line.generation > before
    with pytest.raises(LinkError) as failed:
        line.read()
    assert failed.value.state is LinkState.UNPLUGGED
    clock[0] += 60
    with pytest.raises(LinkError) as failed:
        line.read()
    assert failed.value.state is LinkState.NO_READER
    line.close()
    with pytest.raises(EndOfSource):
        line.read()


def test_what_collectors_say_is_heard_and_kept_by_the_broker(broker: Broker) -> None:
    to = upstream(broker.port, site="watched", meter=None)
    collector = Collector(to, MemoryLog(), today=lambda _now: Today(1_234, 0.5))
    address = BrokerAddress(host="127.0.0.1", port=broker.port)
    watch = FleetWatch(address, "fleet")
    until(lambda: watch.stands, "the connection")
    heard: dict[Source, Any] = {}

    def news() -> dict[Source, Any]:
        heard.update({name: each for name, each in watch.take().items() if name.site == "watched"})
        return heard

    name = Source("watched", "041864000001")
    for reading in readings(NOW, 4, 2):
        collector.callback.reading(reading, NOTHING)
    collector.callback.link(Link(state=LinkState.LIVE))
    until(lambda: news() and heard[name].live.link == "live", "what it says")
    message = heard[name].live
    assert (message.number, message.contract, message.today_wh, message.today_eur) == (
        "041864000001",
        "HPHC",
        1_234,
        0.5,
    )
    assert message.power is not None
    # What is drawn now is not told while the line says nothing.
    collector.callback.link(Link(state=LinkState.SILENT))
    until(lambda: news() and heard[name].live.link == "silent", "the silence")
    assert heard[name].live.power is None
    assert heard[name].live.registers["HC"] > 0
    collector.stop()
    later = FleetWatch(address, "fleet")
    until(lambda: later.take().get(name), "what the broker kept")
    watch.close()
    later.close()
