"""How a test of a connection went, step by step."""

from dataclasses import dataclass
from enum import StrEnum

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
    ok: bool | None
    """None: not reached, not asked for, or not known before it is done."""
    text: str
    """One line for a person."""


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
