"""Names, ports, TLS, logins, databases and rights: what is missing is said, and what is allowed is done."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from influxdb import InfluxDBClient

from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.callback import InfluxDBCallback
from linkytui.outputs.callbacks.influxdb.client import InfluxClient
from linkytui.outputs.callbacks.influxdb.probe import probe_influxdb
from linkytui.outputs.callbacks.influxdb.schema import statements
from linkytui.outputs.callbacks.influxdb.trouble import Trouble
from linkytui.outputs.callbacks.samples import MemoryLog
from linkytui.outputs.callbacks.verdict import ConnectionStep
from tests.lines import PATIENCE
from tests.outputs.callbacks.fake_influxdb import FakeInfluxDB
from tests.outputs.callbacks.frames import START, Household
from tests.outputs.callbacks.week import PARIS, Clock
from tests.servers import InfluxServer, free_port

PASSWORD = "correct horse"  # noqa: S105 -- of a server that lives as long as the tests


@pytest.fixture(scope="module")
def guarded(guarded_influxd: InfluxServer) -> Iterator[InfluxServer]:
    """A server with an administrator, a user who may write to `linky`, and one who may only read it."""
    client = InfluxDBClient("127.0.0.1", guarded_influxd.port, "chief", PASSWORD, timeout=PATIENCE)
    client.create_user("chief", PASSWORD, admin=True)
    client.create_database("linky")
    for name, right in (("writer", "all"), ("reader", "read")):
        client.create_user(name, PASSWORD)
        client.grant_privilege(right, "linky", name)
    yield guarded_influxd
    client.close()


def address(
    server: InfluxServer | FakeInfluxDB, user: str | None = None, database: str = "linky", **changes: Any
) -> InfluxAddress:
    password = PASSWORD if user else None
    values = {"host": "127.0.0.1", "port": server.port, "database": database, "username": user, "password": password}
    return InfluxAddress(**{**values, **changes})


def delivering(address: InfluxAddress) -> InfluxDBCallback:
    """A callback with one frame to send, after its first try."""
    running = InfluxDBCallback(address, samples=MemoryLog(), zone=PARIS, clock=Clock(START))
    arrival = Household().arrival()
    running.reading(arrival.reading, arrival.frame)
    running.idle()
    running.close()
    return running


def outcome(address: InfluxAddress) -> dict[ConnectionStep, bool | None]:
    return {verdict.step: verdict.ok for verdict in probe_influxdb(address, timeout=30)}


def test_a_new_server_gets_everything(influxd: InfluxServer) -> None:
    running = delivering(address(influxd, database='quite "new" one'))
    assert running.delivery.connected
    assert running.delivery.remarks == ()


def test_the_administrator_makes_what_is_missing(guarded: InfluxServer) -> None:
    running = delivering(address(guarded, "chief", "another"))
    assert running.delivery.connected
    assert running.delivery.remarks == ()


def test_a_user_without_rights_is_told_and_the_rest_is_tried(guarded: InfluxServer) -> None:
    running = delivering(address(guarded, "writer"))
    assert any("CREATE RETENTION POLICY" in remark for remark in running.delivery.remarks)
    assert running.trouble is not None
    assert running.trouble.kind is Trouble.POLICY


def test_a_user_without_rights_writes_once_an_administrator_made_the_policy(guarded: InfluxServer) -> None:
    client = InfluxDBClient("127.0.0.1", guarded.port, "chief", PASSWORD, timeout=PATIENCE)
    client.create_database("prepared")
    client.grant_privilege("all", "prepared", "writer")
    for statement in statements("prepared"):
        client.query(statement, method="POST")
    client.close()
    running = delivering(address(guarded, "writer", "prepared"))
    assert running.delivery.connected
    assert running.delivery.remarks == ()


def test_a_database_that_vanishes_is_made_again(influxd: InfluxServer) -> None:
    clock = Clock(START)
    running = InfluxDBCallback(address(influxd, database="vanishing"), samples=None, zone=PARIS, clock=clock)
    household = Household()
    client = InfluxDBClient("127.0.0.1", influxd.port, timeout=PATIENCE)
    running.idle()
    assert running.delivery.connected
    client.drop_database("vanishing")
    clock.now = START + 120
    arrival = household.arrival()
    running.reading(arrival.reading, arrival.frame)
    running.idle()
    clock.now += 61
    running.idle()
    assert running.delivery.connected
    assert {"name": "vanishing"} in client.get_list_database()
    client.close()
    running.close()


@pytest.mark.parametrize(
    ("user", "changes", "kind"),
    [
        (None, {}, Trouble.LOGIN),
        ("chief", {"password": "wrong"}, Trouble.LOGIN),
        ("reader", {}, Trouble.RIGHTS),
        ("writer", {"database": "nowhere"}, Trouble.RIGHTS),
    ],
)
def test_what_a_login_lacks_is_said_without_the_password(
    guarded: InfluxServer, user: str | None, changes: dict[str, str], kind: Trouble
) -> None:
    running = delivering(address(guarded, user, **changes))
    assert running.trouble is not None
    assert running.trouble.kind is kind
    assert PASSWORD not in str(running.delivery)


def test_the_probe_goes_as_far_as_it_can(influxd: InfluxServer, guarded: InfluxServer) -> None:
    delivering(address(influxd, database="probed"))
    assert outcome(address(influxd, database="probed")) == {
        ConnectionStep.NAME: True,
        ConnectionStep.PORT: True,
        ConnectionStep.TLS: None,
        ConnectionStep.LOGIN: None,
        ConnectionStep.DATABASE: True,
        ConnectionStep.RIGHTS: True,
    }
    assert outcome(address(guarded, "chief", "not there"))[ConnectionStep.DATABASE] is None
    assert outcome(address(guarded, "reader"))[ConnectionStep.RIGHTS] is False
    assert outcome(address(guarded, "writer", "linky"))[ConnectionStep.LOGIN] is True
    refused = outcome(address(guarded, "chief", password="wrong"))  # noqa: S106 -- made up
    assert refused[ConnectionStep.LOGIN] is False
    assert refused[ConnectionStep.DATABASE] is None


def test_the_probe_changes_nothing(influxd: InfluxServer) -> None:
    probe_influxdb(address(influxd, database="never made"), timeout=30)
    client = InfluxDBClient("127.0.0.1", influxd.port, timeout=PATIENCE)
    assert {"name": "never made"} not in client.get_list_database()
    client.close()


def test_the_probe_names_what_is_wrong_before_the_login() -> None:
    nothing = InfluxAddress(host="127.0.0.1", port=free_port())
    assert outcome(nothing)[ConnectionStep.NAME] is True
    assert outcome(nothing)[ConnectionStep.PORT] is False
    for host in ("a-name-that-nobody-has.invalid", "", ".", "x" * 300):
        nowhere = InfluxAddress(host=host, port=8086)
        assert outcome(nowhere)[ConnectionStep.NAME] is not True, host
    with FakeInfluxDB() as fake:
        fake.mood = "nonsense"
        assert outcome(address(fake))[ConnectionStep.LOGIN] is False


@pytest.mark.parametrize("host", ["a-name-that-nobody-has.invalid", "", "x" * 300, "two words"])
def test_a_host_that_cannot_be_is_one_line(host: str) -> None:
    error = delivering(InfluxAddress(host=host)).trouble
    assert error is not None
    assert "\n" not in str(error)


class TestTls:
    """A server that speaks TLS only, with a certificate that nobody vouches for."""

    @pytest.fixture(scope="class")
    def encrypted(
        self, tmp_path_factory: pytest.TempPathFactory, certificate: tuple[Path, Path]
    ) -> Iterator[InfluxServer]:
        server = InfluxServer(tmp_path_factory.mktemp("influxd"), certificate=certificate)
        server.start()
        yield server
        server.stop()

    def test_an_unknown_certificate_is_refused(self, encrypted: InfluxServer) -> None:
        running = delivering(address(encrypted, tls=True))
        assert running.trouble is not None
        assert running.trouble.kind is Trouble.TLS
        assert "self" in str(running.delivery.error)
        assert outcome(address(encrypted, tls=True))[ConnectionStep.TLS] is False

    def test_a_certificate_that_the_system_knows_is_taken(
        self, encrypted: InfluxServer, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate[0]))
        running = delivering(address(encrypted, tls=True))
        assert running.delivery.connected, running.trouble
        assert outcome(address(encrypted, tls=True))[ConnectionStep.TLS] is True

    def test_one_may_choose_not_to_check(self, encrypted: InfluxServer) -> None:
        assert delivering(address(encrypted, tls=True, verify=False)).delivery.connected

    def test_talking_plainly_to_it_is_said(self, encrypted: InfluxServer) -> None:
        error = delivering(address(encrypted)).trouble
        assert error is not None
        assert error.kind is Trouble.TLS

    def test_talking_tls_to_a_plain_server_is_said(self, influxd: InfluxServer) -> None:
        error = delivering(address(influxd, tls=True)).trouble
        assert error is not None
        assert error.kind is Trouble.TLS
        assert "turn tls off" in str(error)


def test_a_connection_shows_no_password() -> None:
    server = InfluxClient(InfluxAddress(host="127.0.0.1", username="x", password=PASSWORD))
    assert PASSWORD not in repr(server) + repr(server.address)
    server.close()
