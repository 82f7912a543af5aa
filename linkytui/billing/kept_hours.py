"""What the meter said of its hours, in a file beside the history."""

from pathlib import Path
from typing import Final

import msgspec

from linkytui.reading.meter_hours import KnownHours
from linkytui.tariffs.whole import write_whole

_NAME: Final = "hours.json"


def read_hours(folder: Path) -> KnownHours:
    """What is kept; nothing where there is no file, or none that can be read."""
    try:
        return msgspec.json.decode((folder / _NAME).read_bytes(), type=KnownHours)
    except (OSError, msgspec.MsgspecError):
        return KnownHours()


def write_hours(folder: Path, known: KnownHours) -> None:
    """Keep it. Raises OSError: the disk does not take it."""
    write_whole(folder / _NAME, [msgspec.json.encode(known)])
