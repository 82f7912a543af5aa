"""Figures as grids print them: prices with a decimal comma, powers in kVA."""

import re
from decimal import Decimal
from typing import Final

_PRICE: Final = re.compile(r"(\d{1,4})(?:[.,](\d{1,6}))?")
_DRESS: Final = re.compile(r"\(\d\)|[\s*€]|EUR(?:os?)?", re.IGNORECASE)
"""What may stand around a figure: a note's number, a star, the currency, spaces, also between its digits."""

_POWER: Final = re.compile(r"(\d{1,2})\s*(?:kVA)?\s*\*{0,2}(?:\(\d\))?", re.IGNORECASE)
_RANGE: Final = re.compile(r"(?:entre|de)?\s*\d{1,2}\s*(?:kVA)?\s*(?:et|à|-|–)\s*\d{1,2}\s*(?:kVA)?", re.IGNORECASE)
_DECIMALS: Final = re.compile(r"\d{1,4}\s*[.,]\s*\d{2,6}")

_HEAD: Final = re.compile(r"(\d{1,2}\s*(?:kVA)?\s*\*{0,2})(?:\s+|$)", re.IGNORECASE)

MAX_POWER: Final = 36  # kVA; beyond it a contract is not a household's


def price(text: str | None) -> Decimal | None:
    """The figure in a cell; None where there is none: empty, a dash, a cross, or words."""
    if not text:
        return None
    match = _PRICE.fullmatch(_DRESS.sub("", text))
    return Decimal(f"{match[1]}.{match[2] or 0}") if match else None


def prices_within(text: str) -> list[Decimal]:
    """Every figure with decimals among the words of a cell, in order."""
    return [Decimal(re.sub(r"\s", "", found).replace(",", ".")) for found in _DECIMALS.findall(text)]


def power(text: str | None) -> int | None:
    """The power in a cell, in kVA: `6`, `6 kVA`, `9*` (closed to new customers); None when it is something else."""
    match = _POWER.fullmatch(text.strip()) if text else None
    return int(match[1]) if match and 1 <= int(match[1]) <= MAX_POWER else None


def is_power_range(text: str | None) -> bool:
    """True for `Entre 6 et 8`, also stacked: powers that share a price."""
    return bool(text) and all(_RANGE.fullmatch(line.strip()) for line in (text or "").split("\n"))


def _closed_up(line: str) -> str:
    """The line without spaces inside its figures: `10 ,7 1` is `10,71`. No grid prints a single decimal."""
    line = re.sub(r"(?<=\d)\s*,\s*(?=\d)", ",", line.strip())
    line = re.sub(r"(?<=,\d) (?=\d(?!\d|,))", "", line)
    return re.sub(r"(?<=\d)\s*€", "", line)


def figures_of_line(line: str) -> list[str]:
    """The cells of a line of text that holds nothing but prices; empty when it holds anything else."""
    words = _closed_up(line).split()
    return words if all(price(word) is not None and "," in word for word in words) else []


def words_of_line(line: str) -> list[str]:
    """A line of text as cells: a power, then prices or what stands for a missing one.

    Empty when the line does not begin with a power or holds anything else.
    """
    match = _HEAD.match(line.strip())
    if not match or power(match[1]) is None:
        return []
    rest = _closed_up(line.strip()[match.end() :]).split()
    return [match[1].strip(), *rest] if all(price(word) is not None or is_absent(word) for word in rest) else []


def is_absent(text: str | None) -> bool:
    """True for what grids print where an offer does not exist at a power."""
    return not text or text.strip() in ("", "-", "–", "—", "x", "X", "/")
