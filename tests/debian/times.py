"""How long each way takes from `git clone` to a live screen, told at the end of the tests."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

BUILT: Final[dict[str, float]] = {}
"""Seconds that a package or an image took to build, which several tests use."""


class Way(NamedTuple):
    """One way, in seconds."""

    name: str
    debian: float | None  # Debian's packages that it wants, fetched and installed
    built: float | None  # building the package or the image
    installed: float  # cloning and installing
    screen: float  # from the command to the first frame on the screen

    @property
    def whole(self) -> float:
        """From `git clone` on, with all that is built."""
        return (self.built or 0.0) + self.installed + self.screen


def table(ways: Iterable[Way]) -> Iterator[str]:
    """Lines for people."""
    yield f"{'':8}{'apt':>8}{'build':>8}{'install':>9}{'screen':>8}   from git clone to a live screen"
    for way in ways:
        shown = [f"{seconds:.1f}" if seconds is not None else "" for seconds in way[1:]]
        yield f"{way.name:8}{shown[0]:>8}{shown[1]:>8}{shown[2]:>9}{shown[3]:>8}   {way.whole:.1f} s"


def ways_of(reports: Iterable[Any]) -> list[Way]:
    """What tests recorded, also on other processes."""
    return [Way(**said) for report in reports for name, said in report.user_properties if name == "way"]
