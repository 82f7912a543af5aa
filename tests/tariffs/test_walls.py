"""The walls of the process that reads a PDF: harmless tries inside it, each refused, and grids read all the same."""

import os
import sys
from pathlib import Path

import pytest

from linkytui.tariffs.grid.process import try_walls
from linkytui.tariffs.grid.tries import TRIES, refused


def test_every_try_inside_the_walls_is_refused() -> None:
    walls = try_walls()
    if walls.missing:
        pytest.skip(f"this machine has no {' and no '.join(walls.missing)}")
    assert walls.refused == dict.fromkeys(TRIES, True)
    assert walls.open == ()


def test_the_same_tries_succeed_outside() -> None:
    assert [name for name, is_refused in refused().items() if is_refused] == []


@pytest.mark.parametrize("missing", ["landlock", "pyseccomp"])
def test_a_wall_that_is_missing_is_said_and_the_other_stands(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another interpreter, whose packages lack one.
    (tmp_path / "sitecustomize.py").write_text(f"import sys; sys.modules[{missing!r}] = None\n")
    inherited = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{Path(__file__).parents[2]}"}
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\nexport PYTHONPATH={inherited["PYTHONPATH"]}\nexec {sys.executable} "$@"\n')
    script.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(script))
    walls = try_walls()
    assert walls.missing == ({"landlock": "landlock", "pyseccomp": "seccomp"}[missing],)
    if missing == "landlock":
        assert walls.open == ()
    else:
        assert walls.refused["read a file"]
        assert walls.refused["write a file"]
        assert "make a socket" in walls.open
