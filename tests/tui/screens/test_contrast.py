"""Whatever is written on a screen can be read: every letter of every state, in every look."""

from collections.abc import Iterator
from typing import Any

import pytest
from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from textual.pilot import Pilot

from linkytui.history import HistoryReader
from linkytui.tui.themes import THEMES
from tests.tui.screens.conftest import make_app, settle, tell
from tests.tui.screens.states import STATES
from tests.tui.screens.test_look import SIZES
from tests.tui.screens.test_past import past
from tests.tui.test_themes import PALETTES, contrast

__all__ = ["past"]  # a fixture

LOOKS = [(theme.name, "vga") for theme in THEMES] + [("linkytui-16", "xterm")]


def colour(said: RichColor | None, palette: dict[str, str], default: str) -> str:
    """A colour as the terminal shows it."""
    if said is None or said.type is ColorType.DEFAULT:
        return palette[default]
    if said.type is ColorType.STANDARD:
        assert said.number is not None
        return list(palette.values())[said.number]
    return said.get_truecolor().hex


def written(pilot: Pilot[None]) -> Iterator[Segment]:
    """What is on the screen and has letters or digits in it."""
    for strip in pilot.app.screen._compositor.render_strips():
        for segment in strip:
            if any(sign.isalnum() for sign in segment.text):
                yield segment


def unreadable(pilot: Pilot[None], palette: dict[str, str], wanted: float) -> set[tuple[str, str, str]]:
    """What has too little contrast: text, its colour, its ground."""
    found = set()
    for segment in written(pilot):
        style: Any = segment.style
        text, ground = colour(style.color, palette, "ansi_white"), colour(style.bgcolor, palette, "ansi_black")
        if contrast(text, ground) < wanted:
            found.add((segment.text.strip(), text, ground))
    return found


@pytest.mark.parametrize(("theme", "palette"), LOOKS, ids=lambda name: str(name))
async def test_every_state_can_be_read(theme: str, palette: str, past: HistoryReader) -> None:
    wanted = 3 if theme == "linkytui-16" else 4.5
    for name, state in STATES.items():
        async with make_app(theme=theme).run_test(size=SIZES["120x40"]) as pilot:
            await tell(pilot, state)
            assert not unreadable(pilot, PALETTES[palette], wanted), name
    async with make_app(theme=theme, history=past).run_test(size=SIZES["120x40"]) as pilot:
        await tell(pilot, STATES["live"])
        for keys in (("m",), ("escape", "h"), ("n",), ("y",), ("escape", "s")):
            for key in keys:
                await pilot.press(key)
                await settle(pilot)
            assert not unreadable(pilot, PALETTES[palette], wanted), keys
