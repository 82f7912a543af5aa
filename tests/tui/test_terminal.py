"""What is sent to the terminal: the cells that changed, and what it shows then."""

import json
import sys
from pathlib import Path

import pytest

from tests.lines import wait_until
from tests.terminal import Terminal

ROOT = Path(__file__).parents[2]


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
