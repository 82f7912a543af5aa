"""A history for `cost` and `offers`: made once, copied for each test."""

import shutil
from pathlib import Path

from linkytui.reading import Contract
from tests.billing.households import moment
from tests.billing.recordings import keep, night_and_day, samples

NOW = moment(2026, 11, 24, 18)
"""24 November 2026, 18:00."""


def make(folder: Path) -> None:
    """Off-peak hours from 22:30 to 06:30 at 900 W, 300 W by day, from 1 October 2026 on, at 6 kVA."""
    rows = samples(moment(2026, 10, 1), NOW, Contract.HPHC, night_and_day, before={"HC": 4_000_000, "HP": 7_000_000})
    keep(folder, rows, NOW)


def copy(folder: Path, tmp_path: Path) -> None:
    """Give it to the person of a test."""
    shutil.copytree(folder, tmp_path / "xdg" / "data" / "linkytui")
