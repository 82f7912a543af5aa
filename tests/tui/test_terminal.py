"""What is sent to the terminal: the cells that changed, and what it shows then."""

import json
import sys
from pathlib import Path

import pyte
import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate
from textual.strip import Strip

from linkytui.tui.terminal import tightened
from tests.lines import wait_until
from tests.terminal import Terminal

ROOT = Path(__file__).parents[2]


def update(*spans: tuple[int, int, int]) -> ChopsUpdate:
    """Textual's update of a row of two widgets of ten cells, of which some stretches changed."""
    strips = {0: Strip([Segment("abcdefghij", Style(bold=True))]), 10: Strip([Segment("0123456789")])}
    return ChopsUpdate([strips, strips], list(spans), [[10, 20], [10, 20]])


def written(renderable: ChopsUpdate) -> str:
    console = Console(width=20, height=2, force_terminal=True, color_system="truecolor", legacy_windows=False)
    return str(renderable.render_segments(console))


def on_terminal(text: str) -> list[str]:
    screen = pyte.Screen(20, 2)
    pyte.Stream(screen).feed(text)
    return list(screen.display)


def test_only_changed_cells_are_sent() -> None:
    text = written(tightened(update((0, 3, 5), (1, 17, 18))))
    assert on_terminal(text) == ["   de               ", " " * 17 + "7  "]
    assert "abc" not in text


def test_a_stretch_over_two_widgets_is_sent_whole() -> None:
    text = written(tightened(update((0, 8, 13))))
    assert on_terminal(text)[0] == "        ij012       "


def test_less_is_sent_than_textual_would() -> None:
    plain = update((0, 9, 10), (1, 19, 20))
    assert len(written(tightened(plain))) < len(written(plain)) / 2


def test_styles_are_kept() -> None:
    screen = pyte.Screen(20, 2)
    pyte.Stream(screen).feed(written(tightened(update((0, 4, 16)))))
    assert [screen.buffer[0][x].bold for x in (4, 9, 10, 15)] == [True, True, False, False]


def test_nothing_else_is_touched() -> None:
    assert tightened("text") == "text"
    assert tightened(None) is None


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (46, 19)])
def test_the_terminal_shows_what_the_program_believes_to_show(
    seed: int, columns: int, rows: int, tmp_path: Path
) -> None:
    picture = tmp_path / "picture"
    command = [sys.executable, "-m", "tests.painted", str(picture), str(seed)]
    with Terminal(command, columns=columns, rows=rows, folder=ROOT) as terminal:
        terminal.wait_for("linkytui|q ")
        wait_until(picture.exists, lambda: terminal.shows("q "))
        wait_until(lambda: shown(terminal) == believed(picture), lambda: terminal.shows("q "))


def believed(picture: Path) -> list[str]:
    return [row.rstrip() for row in json.loads(picture.read_text())]


def shown(terminal: Terminal) -> list[str]:
    return [row.rstrip() for row in terminal.text.split("\n")]
