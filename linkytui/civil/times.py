"""What a number of seconds counts from."""

from typing import TypeAlias

Timestamp: TypeAlias = float  # seconds since 1970, UTC

Monotonic: TypeAlias = float  # seconds on a clock that only goes forward, from any origin
