"""What is probably a secret in the tables of plugins, whose keys are their own."""

import re
from collections.abc import Mapping
from typing import Any, Final

from linkytui.settings.fields import MASK, as_plain

_SECRET: Final = re.compile(r"pass|secret|token|key|credential|auth", re.IGNORECASE).search


def masked_table(table: Mapping[str, Any]) -> dict[str, object]:
    """A plugin's table as JSON has it, with `MASK` for what is probably a secret."""
    return {
        key: MASK if _SECRET(key) else masked_table(value) if isinstance(value, Mapping) else as_plain(value)
        for key, value in table.items()
    }
