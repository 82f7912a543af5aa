"""InfluxDB errors, in words that say what to do."""

from enum import StrEnum
from typing import Final

from linkytui.errors import LinkytuiError
from linkytui.i18n import _
from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.points import RAW_POLICY
from linkytui.outputs.callbacks.network import why

_TOLD: Final = '{"error":"'  # how InfluxDB's own answers begin


class Trouble(StrEnum):
    """What can be wrong with the server, from far to near."""

    NAME = "name"  # the host's name is not known
    REFUSED = "refused"  # nothing listens at the port
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    LOGIN = "login"
    DATABASE = "database"  # the database does not exist
    POLICY = "policy"  # the retention policy does not exist
    RIGHTS = "rights"  # the user may not do this
    SERVER = "server"  # the server says that it is in trouble itself (5xx)
    TOO_OLD = "too old"  # points older than the retention policy keeps; the others of the batch were taken
    REJECTED = "rejected"  # the server will never take this, however often it is sent
    OTHER = "other"


class InfluxError(LinkytuiError):
    """A request failed. The text is for a person and holds no password."""

    def __init__(self, kind: Trouble, text: str) -> None:
        super().__init__(text)
        self.kind = kind


def explained(error: Exception, address: InfluxAddress) -> InfluxError:
    """What a failed request means, in words."""
    from influxdb.exceptions import InfluxDBClientError, InfluxDBServerError

    if isinstance(error, InfluxDBClientError):
        return _refusal(error.code, _words(error.content), address)
    if isinstance(error, InfluxDBServerError):
        return _refusal(500, _words(error.args[0]), address)
    reason = why(error, service="InfluxDB", host=address.host, port=address.port)
    return InfluxError(Trouble(reason.failure.value), reason.text)


def _refusal(code: int | None, words: str, address: InfluxAddress) -> InfluxError:
    """The server answered, and said no. `code`: of HTTP; None when the answer was 200 with an error inside."""
    low = words.lower()
    # Only InfluxDB's own refusal is final: a proxy or a login page that answers in its place passes.
    kind, text = Trouble.OTHER, _("The server at {place} is not {service}")
    if "retention policy not found" in low:
        kind, text = (
            Trouble.POLICY,
            _("InfluxDB has no retention policy {policy} and this user is not allowed to create it"),
        )
    elif "database not found" in low:
        kind, text = Trouble.DATABASE, _("InfluxDB has no database {database}")
    elif code == 401 and address.login is None:
        kind, text = Trouble.LOGIN, _("InfluxDB requires a login: set username and password")
    elif code == 401:
        kind, text = Trouble.LOGIN, _("InfluxDB rejects the login of {username}")
    elif code == 403 or "not authorized" in low:
        kind, text = Trouble.RIGHTS, _("InfluxDB does not allow it: {reason}")
    elif code is not None and code >= 500:
        kind, text = Trouble.SERVER, _("InfluxDB reports a problem: {reason}")
    elif "beyond retention policy" in low:
        kind, text = Trouble.TOO_OLD, "{reason}"
    elif "https server" in low:
        kind, text = Trouble.TLS, _("InfluxDB at {place} requires an encrypted connection: set tls")
    elif code is None or (code == 400 and words.startswith(_TOLD)):
        kind, text = Trouble.REJECTED, _("InfluxDB rejects the data: {reason}")
    return InfluxError(
        kind,
        text.format(
            service="InfluxDB",
            reason=words.removeprefix(_TOLD).removesuffix('"}').replace('\\"', '"'),
            place=address.place,
            policy=RAW_POLICY,
            database=address.database,
            username=address.username,
        ),
    )


def _words(content: object) -> str:
    """What the server said, on one line and not too long."""
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
    return " ".join(text.split())[:200]
