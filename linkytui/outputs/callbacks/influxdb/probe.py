"""Tests the connection to InfluxDB step by step."""

from typing import Final

from linkytui.i18n import _
from linkytui.outputs.callbacks.influxdb.address import RAW_POLICY, InfluxAddress
from linkytui.outputs.callbacks.influxdb.client import INFLUX_CONNECT_TIMEOUT, InfluxClient
from linkytui.outputs.callbacks.influxdb.schema import has_database, has_policy, only_takes
from linkytui.outputs.callbacks.influxdb.trouble import InfluxError, explained
from linkytui.outputs.callbacks.verdict import Attempt, ConnectionStep, Verdict, try_name, try_port, try_steps


def probe_influxdb(address: InfluxAddress, *, timeout: float = INFLUX_CONNECT_TIMEOUT) -> tuple[Verdict, ...]:
    """Try every step to the database, up to the first that fails. Changes nothing; may take some seconds."""
    client = InfluxClient(address, connect_timeout=timeout, read_timeout=timeout)

    def words(error: Exception) -> str:
        return str(error if isinstance(error, InfluxError) else explained(error, address))

    verdicts = try_steps(_ATTEMPTS, client, timeout, words)
    client.close()
    return verdicts


def _tls(client: InfluxClient, _timeout: float) -> tuple[bool | None, str]:
    version = client.ping()
    if not client.address.tls:
        return None, _("InfluxDB {version}, not encrypted").format(version=version)
    if not client.address.verify:
        return True, _("InfluxDB {version}, encrypted, certificate not verified").format(version=version)
    return True, _("InfluxDB {version}, encrypted, certificate verified").format(version=version)


def _login(client: InfluxClient, _timeout: float) -> tuple[bool | None, str]:
    client.query("SHOW DATABASES")
    login = client.address.login
    return (True, _("logged in as {username}").format(username=login[0])) if login else (None, _("none asked for"))


def _database(client: InfluxClient, _timeout: float) -> tuple[bool | None, str]:
    database = client.address.database
    if only_takes(client):
        return None, _("none: this server takes samples and answers no InfluxQL, as VictoriaMetrics")
    if has_database(client):
        return True, _("{database} exists").format(database=database)
    return None, _("{database} does not exist yet; it will be created if permitted").format(database=database)


def _rights(client: InfluxClient, _timeout: float) -> tuple[bool | None, str]:
    only = only_takes(client)
    if not only and not has_database(client):
        return None, _("unknown until the database exists")
    client.may_write()
    if only or has_policy(client):
        return True, _("writing is allowed")
    return None, _("writing is allowed; the retention policy {policy} does not exist yet").format(policy=RAW_POLICY)


_ATTEMPTS: Final[dict[ConnectionStep, Attempt[InfluxClient]]] = {
    ConnectionStep.NAME: lambda client, timeout: try_name(client.address, timeout),
    ConnectionStep.PORT: lambda client, timeout: try_port(client.address, timeout),
    ConnectionStep.TLS: _tls,
    ConnectionStep.LOGIN: _login,
    ConnectionStep.DATABASE: _database,
    ConnectionStep.RIGHTS: _rights,
}
