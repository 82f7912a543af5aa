"""What is sent to the terminal: the cells that changed, and what it shows then."""

import json
import os
import selectors
import sys
import threading
from pathlib import Path

import pytest

from linkytui.tui.terminal import PatientSelector
from tests.lines import PATIENCE, wait_until
from tests.terminal import Terminal

ROOT = Path(__file__).parents[2]


def test_keys_are_waited_for_and_not_looked_for() -> None:
    keys, hand = os.pipe()
    selector = PatientSelector()
    selector.register(keys, selectors.EVENT_READ)
    heard: list[int] = []

    def listen() -> None:
        heard.append(len(selector.select(0.0)))  # returns for a key, although it is told not to wait
        os.read(keys, 1)
        heard.append(len(selector.select(0.0)))  # a sequence may follow, or not

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    os.write(hand, b"x")
    thread.join(PATIENCE)
    assert heard == [1, 0]
    selector.close()
    for descriptor in (keys, hand):
        os.close(descriptor)


def test_who_waits_for_keys_can_be_woken_and_then_waits_as_told() -> None:
    selector = PatientSelector()
    thread = threading.Thread(target=selector.select, args=(0.0,), daemon=True)
    thread.start()
    PatientSelector.wake()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert selector.select(0.0) == []
    selector.close()
    PatientSelector.wake()


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
