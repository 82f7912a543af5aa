"""What a number of seconds counts from."""

from typing import TypeAlias

Timestamp: TypeAlias = float
"""Seconds since 1970, UTC."""

Monotonic: TypeAlias = float
"""Seconds on a clock that only goes forward, from any origin."""
