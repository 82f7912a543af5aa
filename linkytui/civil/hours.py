"""A stretch of off-peak hours as people write it: `22:30-06:30`, or `22H30-6H30` as bills print it."""

import re
from typing import Final

_TIME: Final = r"([01]?[0-9]|2[0-4])[:hH]([0-5][0-9])"
_WINDOW: Final = re.compile(rf"{_TIME}-{_TIME}").fullmatch
_DAY: Final = 24 * 60


def window_of(text: str) -> tuple[int, int] | None:
    """From and to in minutes after midnight, to before from where it goes over midnight; None when it is no stretch.

    A stretch may end at 24:00, and is never empty.
    """
    found = _WINDOW(text)
    if found is None:
        return None
    hour, minute, last_hour, last_minute = map(int, found.groups())
    first, last = hour * 60 + minute, last_hour * 60 + last_minute
    return (first, last) if first < _DAY and last <= _DAY and first != last else None


def is_window(text: str) -> bool:
    """Whether a text is a stretch of hours."""
    return window_of(text) is not None
