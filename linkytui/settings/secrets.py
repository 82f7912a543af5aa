"""Guesses which values in plugins' own tables are secrets."""

import re
from collections.abc import Mapping
from typing import Any, Final

from linkytui.settings.fields import MASK, as_plain

_SECRET: Final = re.compile(r"pass|secret|token|key|credential|auth|header", re.IGNORECASE).search
_LOGIN: Final = re.compile(r"(?<=://)[^/?#\s]*@")
"""The login in an address, such as `user:password@`."""


def masked_table(table: Mapping[str, Any]) -> dict[str, object]:
    """A plugin's table as JSON has it, with `MASK` for what is probably a secret."""
    return {key: MASK if _SECRET(key) else _masked(value) for key, value in table.items()}


def _masked(value: object) -> object:
    if isinstance(value, Mapping):
        return masked_table(value)
    if isinstance(value, list | tuple):
        return [_masked(item) for item in value]
    return _LOGIN.sub(f"{MASK}@", value) if isinstance(value, str) else as_plain(value)
