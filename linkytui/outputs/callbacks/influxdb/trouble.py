"""InfluxDB errors, in words that say what to do."""

import re
from enum import StrEnum
from typing import Final

from linkytui.errors import LinkytuiError
from linkytui.i18n import _
from linkytui.outputs.callbacks.influxdb.address import RAW_POLICY, InfluxAddress
from linkytui.outputs.callbacks.network import why

_DROPPED: Final = re.compile(r" dropped=(\d{1,9})\b")
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
    REJECTED = "rejected"  # the server refuses this as it is; the others of the batch may have been taken
    OTHER = "other"


class InfluxError(LinkytuiError):
    """A request failed. The text is for a person and holds no password."""

    def __init__(self, kind: Trouble, text: str, *, said: str = "", dropped: int | None = None) -> None:
        super().__init__(text)
        self.kind = kind
        self.said = said  # the server's own words, where it answered
        self.dropped = dropped  # how many points of the batch were not taken, where the server counts them


def explained(error: Exception, address: InfluxAddress) -> InfluxError:
    """What a request that got no answer means, in words."""
    reason = why(error, service="InfluxDB", host=address.host, port=address.port)
    return InfluxError(Trouble(reason.failure.value), reason.text)


def not_influxdb(address: InfluxAddress) -> InfluxError:
    """Something else answered."""
    return InfluxError(
        Trouble.OTHER, _("The server at {place} is not {service}").format(place=address.place, service="InfluxDB")
    )


def refusal(
    code: int | None, content: bytes | str, address: InfluxAddress, *, elsewhere: str | None = None
) -> InfluxError:
    """The server answered, and said no.

    `code`: of HTTP, None when the answer was 200 with an error inside; `elsewhere`: where it says that the server is.
    """
    words, dropped = _words(content)
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
    elif "https server" in low or (elsewhere or "").startswith("https:"):
        kind, text = Trouble.TLS, _("InfluxDB at {place} requires an encrypted connection: set tls")
    elif code in (None, 413) or (code == 400 and words.startswith(_TOLD)):
        kind, text = Trouble.REJECTED, _("InfluxDB rejects the data: {reason}")
    said = words.removeprefix(_TOLD).removesuffix('"}').replace('\\"', '"').rstrip()[:200]
    return InfluxError(
        kind,
        text.format(
            service="InfluxDB",
            reason=said,
            place=address.place,
            policy=RAW_POLICY,
            database=address.database,
            username=address.username,
        ),
        said=said,
        dropped=dropped,
    )


def _words(content: bytes | str) -> tuple[str, int | None]:
    """What the server said, on one line, and how many points it says that it dropped."""
    text = " ".join((content.decode("utf-8", "replace") if isinstance(content, bytes) else content).split())
    dropped = _DROPPED.search(text)
    return _DROPPED.sub("", text), int(dropped[1]) if dropped else None
