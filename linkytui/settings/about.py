"""What a person must know of a setting, told where it is declared."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a person must know of a setting, beside its type."""

    meaning: str  # English; a key of the catalogue
    form: str | None = None  # what a value looks like, where the type does not say it; a key of the catalogue
    check: Callable[[str], object] | None = None  # truthy for a text that has that form
    low: float | None = None  # the smallest number allowed
    high: float | None = None  # the largest number allowed
    secret: bool = False  # never shown
    restart: bool = False  # takes effect only when the program starts


def about(
    meaning: str,
    *,
    form: str | None = None,
    check: Callable[[str], object] | None = None,
    low: float | None = None,
    high: float | None = None,
    secret: bool = False,
    restart: bool = False,
) -> About:
    """The same as `About`, with the meaning first so that declarations read well."""
    return About(meaning=meaning, form=form, check=check, low=low, high=high, secret=secret, restart=restart)
