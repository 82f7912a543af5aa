"""The test of a connection, step by step, and how each went."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TypeAlias, TypeVar

from linkytui.errors import LinkytuiError
from linkytui.i18n import _


class ConnectionStep(StrEnum):
    """What must work, one after the other."""

    NAME = "name"
    PORT = "port"
    TLS = "TLS"
    LOGIN = "login"
    DATABASE = "database"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one step went."""

    step: ConnectionStep
    ok: bool | None  # None: not reached, not asked for, or not known before it is done
    text: str  # one line for a person


def step_name(step: ConnectionStep) -> str:
    """The step in the language spoken now."""
    return {
        ConnectionStep.NAME: _("name"),
        ConnectionStep.PORT: _("port"),
        ConnectionStep.TLS: "TLS",
        ConnectionStep.LOGIN: _("login"),
        ConnectionStep.DATABASE: _("database"),
        ConnectionStep.RIGHTS: _("rights"),
    }[step]


class Server(Protocol):
    """Where a service is."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...


_T = TypeVar("_T")
Attempt: TypeAlias = Callable[[_T, float], tuple[bool | None, str]]
"""Tries a step within so many seconds; how it went, as a `Verdict` has it. It fails by an error."""


def try_steps(
    attempts: Mapping[ConnectionStep, Attempt[_T]], to: _T, timeout: float, words: Callable[[Exception], str]
) -> tuple[Verdict, ...]:
    """Try every step up to the first that fails. `words`: what an error means to a person."""
    verdicts: list[Verdict] = []
    failed = False
    for step, attempt in attempts.items():
        if failed:
            verdicts.append(Verdict(step, None, _("not reached")))
            continue
        try:
            verdicts.append(Verdict(step, *attempt(to, timeout)))
        except (LinkytuiError, OSError, ValueError) as error:
            failed = True
            verdicts.append(Verdict(step, False, words(error)))
    return tuple(verdicts)


def try_name(server: Server, _timeout: float) -> tuple[bool | None, str]:
    """Find the host's address."""
    found = socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
    return True, str(found[0][4][0])


def try_port(server: Server, timeout: float) -> tuple[bool | None, str]:
    """Connect, and say nothing."""
    socket.create_connection((server.host, server.port), timeout).close()
    return True, _("something listens at {place}").format(place=f"{server.host}:{server.port}")
