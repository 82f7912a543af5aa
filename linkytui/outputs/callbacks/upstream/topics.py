"""The topics of a fleet: `<base>/<site>/<meter>/` and what is said there. Pure."""

import re
from typing import Final, NamedTuple

SAMPLES: Final = "samples"  # a collector's batches, for sinks
RECEIPTS: Final = "receipts"  # a sink's answers, for that collector
LIVE: Final = "live"  # what the meter says now, for whoever looks at the fleet
NAMED: Final = re.compile(r"[^/#+$\x00-\x1f\x7f][^/#+\x00-\x1f\x7f]{0,63}").fullmatch
"""What a site or a meter may be called: one level of a topic."""


class Source(NamedTuple):
    """Whose samples they are."""

    site: str
    meter: str


def topic(base: str, source: Source, kind: str) -> str:
    """Where something of a meter is said."""
    return f"{base}/{source.site}/{source.meter}/{kind}"


def source_of(base: str, named: str) -> Source | None:
    """The meter of a topic under `base`; None where it is none."""
    parts = named.removeprefix(f"{base}/").split("/")
    if not named.startswith(f"{base}/") or len(parts) != 3 or not all(map(NAMED, parts[:2])):
        return None
    return Source(parts[0], parts[1])


def level(text: str, otherwise: str) -> str:
    """A text as one level of a topic, `otherwise` where nothing is left of it."""
    plain = re.sub(r"[/#+$\x00-\x1f\x7f]", "-", text.strip())[:64].strip()
    return plain or otherwise
