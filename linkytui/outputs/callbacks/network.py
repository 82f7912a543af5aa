"""Network errors, in words that say what to do."""

import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from linkytui.i18n import _

_NO_TLS: Final = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE")
"""What OpenSSL says, by its version, when the answer is not TLS at all."""


class Failure(StrEnum):
    """Where on the way it fails, from far to near."""

    NAME = "name"  # the host's name is not known
    REFUSED = "refused"  # nothing listens at the port
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    OTHER = "other"  # something answered, but not what was expected


class Explanation(NamedTuple):
    """A failure and what to tell a person."""

    failure: Failure
    text: str  # one line


def why(error: BaseException, *, service: str, host: str, port: int) -> Explanation:
    """What an error of sockets, TLS or HTTP means."""
    failure, text, detail = Failure.OTHER, _("The server at {place} is not {service}"), ""
    unknown = _("Unknown {service} server name: {host}")
    if not host.strip():
        failure, text = Failure.NAME, unknown
    for cause in _causes(error):
        name = type(cause).__name__
        if isinstance(cause, socket.gaierror | UnicodeError):
            failure, text = Failure.NAME, unknown
        elif isinstance(cause, ssl.SSLError):
            failure, text = Failure.TLS, _("No encrypted connection to {service} at {place}: {detail}")
            detail = getattr(cause, "verify_message", None) or cause.reason or str(cause)
            if cause.reason in _NO_TLS:
                detail = _("the server there does not encrypt; turn tls off")
        elif isinstance(cause, ConnectionRefusedError):
            failure, text = Failure.REFUSED, _("Nothing listens at {place}: is {service} running, is the port right?")
        elif isinstance(cause, TimeoutError):
            failure, text = Failure.TIMEOUT, _("{service} at {place} does not answer")
        elif name == "TooLargeError":
            text = _("The answer of the server at {place} is far too large: is it {service}?")
        elif name in ("ConnectionResetError", "BrokenPipeError", "RemoteDisconnected", "IncompleteRead"):
            failure, text = Failure.UNREACHABLE, _("The server at {place} closed the connection")
        elif isinstance(cause, OSError) and cause.errno and cause.strerror:
            failure, text = Failure.UNREACHABLE, _("{service} at {place} cannot be reached: {detail}")
            detail = cause.strerror
        else:
            continue
        break
    place = f"{host}:{port}"
    return Explanation(
        failure, text.format(service=service, host=host, place=place, detail=" ".join(detail.split())[:200])
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it came from, deepest first."""
    waiting: list[BaseException] = [error]
    found: list[BaseException] = []
    while waiting:
        cause = waiting.pop(0)
        if any(cause is other for other in found):
            continue
        found.append(cause)
        inner = [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
        waiting += [item for item in inner if isinstance(item, BaseException)]
    return reversed(found)
