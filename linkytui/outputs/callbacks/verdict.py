"""How a test of a connection went, step by step."""

from dataclasses import dataclass
from enum import StrEnum

from linkytui.i18n import _


class Step(StrEnum):
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

    step: Step
    ok: bool | None
    """None: not reached, not asked for, or not known before it is done."""
    text: str
    """One line for a person."""


def step_name(step: Step) -> str:
    """The step in the language spoken now."""
    return {
        Step.NAME: _("name"),
        Step.PORT: _("port"),
        Step.TLS: "TLS",
        Step.LOGIN: _("login"),
        Step.DATABASE: _("database"),
        Step.RIGHTS: _("rights"),
    }[step]
