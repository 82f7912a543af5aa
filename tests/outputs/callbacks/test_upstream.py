"""The upstream callback without sinks: what it sends, how it fares, and its way to a broker with certificates."""

import contextlib
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.history import HistoryReader
from linkytui.outputs.callbacks.built_in import upstream_of
from linkytui.outputs.callbacks.configured import ConfiguredCallbacks
from linkytui.outputs.callbacks.history_log import HistoryLog
from linkytui.outputs.callbacks.mqtt.broker import MqttError
from linkytui.outputs.callbacks.mqtt.session import BrokerAddress, Session, Wishes
from linkytui.outputs.callbacks.samples import LoggedSample, MemoryLog
from linkytui.outputs.callbacks.upstream.batch import (
    MOST_SAMPLES,
    Batch,
    Decoder,
    Receipt,
    encode,
    name_of,
    wire_samples,
)
from linkytui.outputs.callbacks.upstream.callback import READER, Upstream, UpstreamCallback
from linkytui.settings.model import Settings, UpstreamSettings
from linkytui.tui.callback_texts import details, summary
from tests import servers
from tests.fleet.fleet import until
from tests.outputs.callbacks.frames import START
from tests.outputs.callbacks.test_history_log import hear, writer_of
from tests.outputs.callbacks.week import NOTHING, Clock, readings


class FakeSession:
    """A broker that takes everything, and a sink that answers when told."""

    def __init__(self, _address: object, wishes: Wishes, *, heard: Any, taken: Callable[[int, int], None]) -> None:
        self.wishes = wishes
        self.heard = heard
        self.taken = taken
        self.stands = True
        self.trouble: str | None = None
        self.reason = 0
        self.sent: list[tuple[str, Batch]] = []
        self.topics: list[str] = []
        self._reader = Decoder(Batch)

    def hear(self, topic: str) -> None:
        if topic not in self.topics:
            self.topics.append(topic)

    def publish(
        self, topic: str, payload: bytes, *, quality: int = 1, retain: bool = False, expires: float = 0.0
    ) -> int:
        if topic.endswith("/live"):
            assert (quality, retain) == (0, True)
            return 0
        assert (quality, retain) == (1, False)
        assert expires >= 60
        self.sent.append((topic, self._reader.decode(payload)))
        self.taken(len(self.sent), self.reason)
        return len(self.sent)

    def receive(self, *names: str, refused: str | None = None) -> None:
        payload = encode(Receipt(v=1, batches=list(names), refused=refused), "json")
        self.heard(type("Message", (), {"payload": payload})())

    def close(self) -> None:
        self.stands = False


class Fake:
    """A callback with such a broker, and its clock."""

    def __init__(self, log: Any, **more: Any) -> None:
        self.clock = Clock(0.0)
        to = Upstream(broker=BrokerAddress(host="x"), base="fleet", site="here", **more)
        self.callback = UpstreamCallback(to, samples=log, clock=self.clock, connect=self._connect)  # type: ignore[arg-type]
        self.session: FakeSession | None = None

    def _connect(self, *args: Any, **more: Any) -> FakeSession:
        self.session = FakeSession(*args, **more)
        return self.session

    def look(self, seconds: float = 10.0) -> FakeSession:
        """A look some seconds later, and one at what was answered to it."""
        self.clock.now += seconds
        self.callback.idle()
        self.clock.now += 0.5
        self.callback.idle()
        assert self.session is not None
        return self.session


def test_batches_come_from_the_history_under_the_meters_own_topics(tmp_path: Path) -> None:
    writer = writer_of(tmp_path)
    said = list(readings(START, 1_200, 2))
    for reading in said:
        hear(writer, reading)
    writer.flush()
    log = HistoryLog(HistoryReader(tmp_path), writer)
    fake = Fake(log)
    session = fake.look()
    assert session.wishes.client_id == "linkytui-here-041864000001"
    assert session.topics == ["fleet/here/041864000001/receipts"]
    (first, one), (second, two) = session.sent
    assert first == second == "fleet/here/041864000001/samples"
    assert [each.at for each in (*one.samples, *two.samples)] == [round(reading.at * 1000) for reading in said]
    assert [each.power for each in one.samples] == [reading.power for reading in said[:MOST_SAMPLES]]
    assert one.samples[0].period == "HP"
    assert one.samples[0].registers == said[0].registers
    # From the wire alone, every sample's registers are known again.
    known: dict[str, int] = {}
    for sample, reading in zip(one.samples, said, strict=False):
        known |= sample.registers
        assert known == reading.registers
    session.receive(two.batch)
    fake.look()
    assert fake.callback.delivery.sent == 100
    writer.flush()
    assert log.cursor(READER) is None
    session.receive(one.batch)
    fake.look()
    writer.flush()
    assert HistoryLog(HistoryReader(tmp_path), writer).cursor(READER) == 600
    assert fake.callback.delivery.waiting == 0
    fake.callback.close()
    writer.close()


def test_each_meter_of_a_log_has_its_own_batches_unless_it_is_named() -> None:
    log = MemoryLog()
    for place, meter in enumerate(["1", "1", "2", "", "1"]):
        log.add(START + place, place, {}, meter=meter)
    topics = [topic for topic, _batch in Fake(log).look().sent]
    assert topics == [f"fleet/here/{meter}/samples" for meter in ("1", "2", "meter", "1")]
    log = MemoryLog()
    log.add(START, 1, {}, meter="1")
    assert [topic for topic, _batch in Fake(log, meter="stairs").look().sent] == ["fleet/here/stairs/samples"]


def test_without_a_history_frames_are_kept_in_memory() -> None:
    fake = Fake(None)
    for reading in readings(START, 20, 2):
        fake.callback.reading(reading, NOTHING)
    ((_topic, batch),) = fake.look().sent
    assert len(batch.samples) == 10


def test_a_log_that_begins_anew_is_sent_from_its_beginning() -> None:
    log = MemoryLog()
    for place in range(700):
        log.add(START + place, place, {})
    fake = Fake(log)
    session = fake.look()
    session.receive(session.sent[0][1].batch)
    fake.look()
    log._samples.clear()
    log._end = 0
    log.add(START + 5_000, 7, {})
    session.sent.clear()
    fake.look()
    assert [[one.power for one in batch.samples] for _topic, batch in session.sent] == [[7]]


def test_what_waits_can_be_let_go_of() -> None:
    log = MemoryLog()
    for place in range(10_000):
        log.add(START + place, place, {})
    fake = Fake(log)
    assert len(fake.look().sent) == 8
    assert fake.callback.delivery.waiting == 10_000
    fake.callback.drop_backlog()
    fake.look()
    assert fake.callback.delivery.waiting == 0
    assert log.cursor(READER) == 10_000


def test_troubles_are_told_in_words_and_end() -> None:
    log = MemoryLog()
    log.add(START, 1, {})
    fake = Fake(log)
    assert fake.look(0).trouble is None
    assert fake.session is not None
    fake.session.reason = 0x87
    fake.look(100)
    fake.look(100)
    assert fake.callback.delivery.error == "The MQTT broker does not take what is sent for here: Not authorized"
    fake.session.reason = 0
    fake.look(100)
    assert fake.callback.delivery.error is None
    for _ in range(4):
        fake.look(700)
    assert fake.callback.delivery.error is not None
    assert fake.callback.delivery.error.startswith("No sink confirms what is sent")
    fake.session.receive(fake.session.sent[-1][1].batch, refused="a reason")
    fake.look()
    assert fake.callback.delivery.error is None
    assert fake.callback.delivery.remarks == ("1 sample was refused for good: a reason",)
    assert log.cursor(READER) == 1


@pytest.mark.parametrize("payload", [b"", b"{}", b'{"v":1}', b'{"v":1,"batches":[1]}', b"\x81", b"[" * 99_999])
def test_a_receipt_that_is_none_changes_nothing(payload: bytes) -> None:
    log = MemoryLog()
    log.add(START, 1, {})
    fake = Fake(log)
    session = fake.look()
    session.heard(type("Message", (), {"payload": payload})())
    fake.look()
    assert log.cursor(READER) is None


sample = st.builds(
    LoggedSample,
    st.integers(0, 100),
    st.integers(0, 4_000_000_000_000).map(lambda ms: ms / 1000),
    st.none() | st.integers(0, 40_000),
    st.dictionaries(st.sampled_from(["HC", "HP", "EASF01", "INJECTED"]), st.integers(0, 10**9)),
    st.none() | st.integers(0, 40_000),
    st.none() | st.sampled_from(["HC", "HP"]),
)


@given(st.lists(sample, min_size=1, max_size=20), st.sampled_from(["msgpack", "json"]))
def test_every_batch_is_read_as_it_was_written(samples: list[LoggedSample], form: Any) -> None:
    batch = Batch(batch="a-1", samples=list(wire_samples(samples)))
    payload = encode(batch, form)
    assert Decoder(Batch).decode(payload) == batch
    assert name_of(payload) == "a-1"
    known: dict[str, int] = {}
    for wired, logged in zip(batch.samples, samples, strict=True):
        known |= wired.registers
        assert wired.at == round(logged.at * 1000)
        assert {name: known[name] for name in logged.registers} == logged.registers


@given(st.binary(max_size=200))
def test_whatever_comes_is_a_batch_or_a_value_error(payload: bytes) -> None:
    with contextlib.suppress(ValueError):
        Decoder(Batch).decode(payload)
    name_of(payload)


def test_json_is_what_the_documents_show() -> None:
    samples = [LoggedSample(1, 1_790_000_000.25, 1840, {"HC": 5_602_128}, None, "HP")]
    payload = encode(Batch(batch="x-1", samples=list(wire_samples(samples))), "json")
    assert json.loads(payload) == {
        "v": 1,
        "batch": "x-1",
        "samples": [[1_790_000_000_250, 1840, None, "HP", {"HC": 5_602_128}]],
    }


def test_it_stands_among_the_callbacks_while_it_is_on() -> None:
    on = Settings(upstream=UpstreamSettings(enabled=True, host="127.0.0.1", port=servers.free_port()))
    callbacks = ConfiguredCallbacks(Settings(), samples=MemoryLog())
    assert [state.name for state in callbacks.states()] == ["influxdb", "mqtt"]
    callbacks.use(on)
    assert [state.name for state in callbacks.states()] == ["influxdb", "mqtt", "upstream"]
    until(lambda: callbacks.states()[2].delivery, "its state")
    state = callbacks.states()[2]
    assert summary(state) == "running"
    assert list(details(state, 0)) == []
    callbacks.use(Settings())
    assert [state.name for state in callbacks.states()] == ["influxdb", "mqtt"]
    callbacks.runner.close()


def test_the_site_is_the_user_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "pi/4")
    assert upstream_of(UpstreamSettings()).site == "pi-4"
    assert upstream_of(UpstreamSettings(username="lilas")).site == "lilas"
    assert upstream_of(UpstreamSettings(username="lilas", site="rue")).site == "rue"
    assert upstream_of(UpstreamSettings(tls=True)).broker.port == 8883


def test_a_certificate_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    missing = BrokerAddress(host="x", tls=True, certificate=tmp_path / "none.pem")
    with pytest.raises(MqttError, match=r"Cannot use the certificate .*none\.pem: No such file"):
        Session(missing, Wishes(client_id="x"))
    (tmp_path / "bad.pem").write_text("nothing")
    with pytest.raises(MqttError, match=r"Cannot use the certificate .*bad\.pem"):
        Session(BrokerAddress(host="x", tls=True, authority=tmp_path / "bad.pem"), Wishes(client_id="x"))


def test_a_broker_that_is_not_there_is_told_of_and_found_later(tmp_path: Path) -> None:
    server = servers.Broker(tmp_path)
    session = Session(BrokerAddress(host="127.0.0.1", port=server.port), Wishes(client_id="x"))
    until(lambda: session.trouble, "its trouble")
    assert session.trouble == f"Nothing listens at 127.0.0.1:{server.port}: is MQTT running, is the port right?"
    server.start()
    until(lambda: session.stands, "the connection")
    assert session.trouble is None
    server.stop()
    until(lambda: not session.stands, "its end")
    assert session.trouble is not None
    session.close()


# paho lets go of a socket, without closing it, when the other side's certificate is not trusted.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_only_sites_with_a_certificate_of_the_fleet_come_in(tmp_path: Path) -> None:
    authority, key, own, own_key = certificates(tmp_path, "lilas")
    server = servers.Broker(
        tmp_path,
        "require_certificate true",
        "use_identity_as_username true",
        f"cafile {authority}",
        certificate=(authority, key),
    )
    server.start()
    known = BrokerAddress(
        host="127.0.0.1", port=server.port, tls=True, authority=authority, certificate=own, key=own_key
    )
    session = Session(known, Wishes(client_id="x"))
    until(lambda: session.stands, "the connection")
    session.close()
    for stranger in (
        BrokerAddress(host="127.0.0.1", port=server.port, tls=True, authority=authority),
        BrokerAddress(host="127.0.0.1", port=server.port, tls=True),
    ):
        session = Session(stranger, Wishes(client_id="y"))
        until(lambda session=session: session.trouble, "its trouble")  # type: ignore[misc]
        assert not session.stands
        session.close()
    server.stop()
    assert "lilas" in (tmp_path / "log").read_text()


def certificates(folder: Path, name: str) -> tuple[Path, Path, Path, Path]:
    """An authority that is the broker's certificate as well, and one that it signed for a site, each with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    authority, key = servers.make_certificate(folder)
    signer = serialization.load_pem_private_key(key.read_bytes(), None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    own = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.load_pem_x509_certificate(authority.read_bytes()).subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(signer, hashes.SHA256())
    )
    files = folder / "site.pem", folder / "site-key.pem"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        own.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return authority, key, *files
