"""What the program must know of one supplier, beyond what every grid says of itself."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GridAddress:
    """Where a supplier publishes one of its grids."""

    offer: str
    """For a person."""
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """One supplier."""

    name: str
    mark: re.Pattern[str]
    """What its documents are full of: the supplier whose mark a document holds most often has published it."""
    offers: tuple[str, ...] = ()
    """Names of its offers, where titles do not tell them plainly; the longer first where one begins with another."""
    title: re.Pattern[str] | None = None
    """A line or the head of a column that holds the name of the offer, in a group called `name`."""
    addresses: tuple[GridAddress, ...] = ()
