"""Every screen in every size, look and age of its record, in both languages: pictures to be looked at."""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from linkytui.history import HistoryReader
from linkytui.i18n import LANGUAGES
from linkytui.tui.themes import THEMES
from tests.tui.screens.test_look import SIZES
from tests.tui.screens.test_year import SCREENS, app_of, press, year
from tests.tui.screens.year import record_year

__all__ = ["year"]  # a fixture

Compare = Callable[..., bool]

_COLOURLESS: Final = "colourless"
LOOKS: Final = (*(theme.name for theme in THEMES), _COLOURLESS)
AGES: Final = {"nothing": 0.0, "first-day": 0.26, "weeks": 35.0, "year": 400.0}
"""How many days were recorded."""

# Each screen in four pictures: each size, look and age is there once, and their pairs differ from screen to screen.
MATRIX: Final = [
    (
        name,
        size,
        LOOKS[(place + turn) % len(LOOKS)],
        list(AGES)[(place * 3 + turn * 3 + place // 4) % len(AGES)],
        LANGUAGES[(place + turn + place // 2) % len(LANGUAGES)],
    )
    for place, name in enumerate(SCREENS)
    for turn, size in enumerate(SIZES)
]


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory, year: HistoryReader) -> dict[str, HistoryReader]:
    """A history of each age."""
    found = {"year": year}
    for age in ("nothing", "first-day", "weeks"):
        folder = tmp_path_factory.mktemp("age")
        if AGES[age]:
            record_year(folder, AGES[age])
        found[age] = HistoryReader(folder, ZoneInfo("Europe/Paris"))
    return found


def test_each_pair_of_size_look_and_age_is_there() -> None:
    for one, other in ((1, 2), (1, 3), (2, 3), (1, 4), (2, 4), (3, 4)):
        pairs = {(row[one], row[other]) for row in MATRIX}
        assert len(pairs) == len({row[one] for row in MATRIX}) * len({row[other] for row in MATRIX})


@pytest.mark.parametrize(
    ("name", "size", "look", "age", "spoken"), MATRIX, ids=["-".join(row).replace(" ", "_") for row in MATRIX]
)
def test_picture(
    name: str,
    size: str,
    look: str,
    age: str,
    spoken: str,
    records: dict[str, HistoryReader],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    snap_compare: Compare,
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    if look == _COLOURLESS:
        monkeypatch.setenv("NO_COLOR", "1")
    theme = THEMES[0].name if look == _COLOURLESS else look
    app = app_of(records[age], tmp_path / "book.json", "fr" if spoken == "fr" else "en", theme)

    async def run(pilot: Pilot[None]) -> None:
        await press(pilot, *SCREENS[name])
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await pilot.pause()

    assert snap_compare(app, terminal_size=SIZES[size], run_before=run)
