"""What people see, as pictures in `snapshots/`: every state of the dashboard, every size, every theme."""

from collections.abc import Callable
from typing import Any

import pytest

from linkytui.i18n import Language
from tests.tui.screens.conftest import make_app, telling
from tests.tui.screens.states import STATES

SIZES = {"46x19": (46, 19), "80x24": (80, 24), "120x40": (120, 40), "200x60": (200, 60)}
Compare = Callable[..., bool]


@pytest.mark.parametrize("name", STATES)
def test_every_state_in_a_usual_terminal(name: str, snap_compare: Compare) -> None:
    assert snap_compare(make_app(), terminal_size=SIZES["80x24"], run_before=telling(name))


@pytest.mark.parametrize("name", ["live", "tempo", "over", "no_permission"])
@pytest.mark.parametrize("size", ["46x19", "120x40", "200x60"])
def test_other_sizes(name: str, size: str, snap_compare: Compare) -> None:
    assert snap_compare(make_app(), terminal_size=SIZES[size], run_before=telling(name))


@pytest.mark.parametrize("theme", ["linkytui-light", "linkytui-16"])
@pytest.mark.parametrize("size", SIZES)
def test_other_themes(theme: str, size: str, snap_compare: Compare) -> None:
    assert snap_compare(make_app(theme=theme), terminal_size=SIZES[size], run_before=telling("tempo"))


@pytest.mark.parametrize("size", SIZES)
def test_without_colour(size: str, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(make_app(), terminal_size=SIZES[size], run_before=telling("tempo"))


@pytest.mark.parametrize("name", ["live", "tempo", "injection", "silent"])
@pytest.mark.parametrize("size", ["46x19", "80x24"])
def test_in_french(name: str, size: str, snap_compare: Compare) -> None:
    spoken: Language = "fr"
    assert snap_compare(make_app(spoken=spoken), terminal_size=SIZES[size], run_before=telling(name))


def test_in_plain_ascii(snap_compare: Compare) -> None:
    assert snap_compare(make_app(ascii_only=True), terminal_size=SIZES["80x24"], run_before=telling("tempo"))


@pytest.mark.parametrize("size", ["46x19", "80x24", "120x40"])
def test_every_label(size: str, snap_compare: Compare) -> None:
    async def look(pilot: Any) -> None:
        await telling("injection")(pilot)
        await pilot.press("m")
        await pilot.pause()

    assert snap_compare(make_app(), terminal_size=SIZES[size], run_before=look)


@pytest.mark.parametrize("size", ["46x19", "80x24", "120x40"])
def test_help(size: str, snap_compare: Compare) -> None:
    async def look(pilot: Any) -> None:
        await telling("live")(pilot)
        await pilot.press("question_mark")
        await pilot.pause()

    assert snap_compare(make_app(), terminal_size=SIZES[size], run_before=look)
