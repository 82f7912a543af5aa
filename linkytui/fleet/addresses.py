"""The addresses of a fleet's broker and database, as they stand on a command line."""

from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from linkytui.errors import UsageError
from linkytui.i18n import _
from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.mqtt.session import BrokerAddress

BASE: Final = "fleet"  # the topic under which a fleet is, where an address names none
_MQTT: Final = {"mqtt": False, "mqtts": True}  # with TLS or without
_INFLUXDB: Final = {"influxdb": False, "http": False, "influxdbs": True, "https": True}


class Certificates(NamedTuple):
    """Files of a connection with TLS; None for the system's authorities, and for no certificate of our own."""

    authority: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


def broker_of(url: str, files: Certificates = Certificates()) -> tuple[BrokerAddress, str]:  # noqa: B008 -- immutable
    """The broker that `mqtt://user:password@host:port/topic` names, and the fleet's topic.

    Raises UsageError: it is no such address. The text does not repeat it, since there may be a password in it.
    """
    parts, host, port = _parts(url)
    base = unquote(parts.path).strip("/") or BASE
    if parts.scheme not in _MQTT or not host or parts.query or parts.fragment or set(base) & set("#+$\0"):
        raise UsageError(_("Write the broker's address like this: mqtt://host:1883/fleet, or mqtts:// with TLS."))
    tls = _MQTT[parts.scheme] or any(files)
    address = BrokerAddress(
        host=host,
        port=port or (8883 if tls else 1883),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=tls,
        authority=files.authority,
        certificate=files.certificate,
        key=files.key,
    )
    return address, base


def database_of(url: str) -> InfluxAddress:
    """The database that `influxdb://user:password@host:port/database` names.

    What stands before the last part of the path begins every request, as a cluster wants it. Raises UsageError: it is
    no such address.
    """
    parts, host, port = _parts(url)
    prefix, _slash, database = parts.path.rstrip("/").rpartition("/")
    if parts.scheme not in _INFLUXDB or not host or parts.query or parts.fragment:
        raise UsageError(_("Write the database's address like this: influxdb://host:8086/linky."))
    return InfluxAddress(
        host=host,
        port=port or 8086,
        database=unquote(database) or "linky",
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        tls=_INFLUXDB[parts.scheme],
        prefix=prefix,
    )


def _parts(url: str) -> tuple[SplitResult, str | None, int | None]:
    try:
        parts = urlsplit(url)
        return parts, parts.hostname, parts.port
    except ValueError:
        return SplitResult("", "", "", "", ""), None, None
