"""Repeatable randomness: the same seed and key always give the same number."""

import hashlib
from math import floor
from random import Random
from typing import Final

_MASK: Final = (1 << 64) - 1


def key(seed: int, *place: object) -> int:
    """A 64-bit number of its own for each place, to be handed to `noise` and `drift`."""
    text = "/".join(map(str, (seed, *place)))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def generator(seed: int, *place: object) -> Random:
    """A random generator of its own for each place."""
    return Random(key(seed, *place))  # noqa: S311 -- a household, not a secret


def noise(stream: int, n: int) -> float:
    """The n-th number of a stream, from -1 to 1, all equally likely. Any n can be asked for at once (splitmix64)."""
    z = (stream + n * 0x9E3779B97F4A7C15) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((z ^ (z >> 31)) >> 11) / (1 << 52) - 1.0


def drift(stream: int, x: float) -> float:
    """A number from -1 to 1 that wanders slowly: another one at each whole x, and a straight line in between."""
    n = floor(x)
    before, after = noise(stream, n), noise(stream, n + 1)
    return before + (after - before) * (x - n)
