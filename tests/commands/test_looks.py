"""What is printed obeys NO_COLOR and TERM=dumb, and any output can take it."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.looks import write_what_can_be_written
from tests.lines import PATIENCE, historic_frame

COMMANDS = [
    ["decode", "CAPTURE"],
    ["history", "--by", "day", "--from", "2026-11-01", "--to", "2026-11-05"],
    ["history", "--by", "day", "--from", "2026-11-01", "--to", "2026-11-05", "--plot"],
    ["cost", "--month", "2026-10"],
    ["offers"],
    ["prices"],
    ["status"],
    ["config", "show"],
    ["--help"],
]


def on_terminal(arguments: list[str], **variables: str) -> bytes:
    """What a command prints on a terminal, byte by byte."""
    master, slave = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"} | variables
    with subprocess.Popen(
        [sys.executable, "-m", "linkytui", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
        env=environment,
    ) as process:
        os.close(slave)
        printed = b""
        try:
            while block := os.read(master, 65536):
                printed += block
        except OSError:
            pass  # the other end is closed
        os.close(master)
        process.wait(PATIENCE)
    return printed


@pytest.fixture
def capture(tmp_path: Path) -> str:
    path = tmp_path / "meter.tic"
    path.write_bytes(historic_frame() + b"\x02\nPAPP 00001 x\r\x03" + historic_frame())
    return str(path)


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}], ids=["NO_COLOR", "dumb"])
def test_nothing_but_text_where_no_colour_is_wanted(
    arguments: list[str], variables: dict[str, str], capture: str
) -> None:
    printed = on_terminal([argument.replace("CAPTURE", capture) for argument in arguments], **variables)
    assert printed
    assert b"\x1b" not in printed


def test_colours_are_there_where_they_are_wanted(capture: str) -> None:
    assert b"\x1b[" in on_terminal(["decode", capture])
    assert b"\x1b[" in on_terminal(["decode", capture], NO_COLOR="")


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_pipe_without_these_letters_gets_the_nearest(arguments: list[str], encoding: str, capture: str) -> None:
    environment = os.environ | {"PYTHONIOENCODING": encoding, "LINKYTUI_SCREEN_LANGUAGE": "fr"}
    command = [sys.executable, "-m", "linkytui", *(argument.replace("CAPTURE", capture) for argument in arguments)]
    done = subprocess.run(command, capture_output=True, env=environment, timeout=PATIENCE, check=False)
    assert b"inattendue" not in done.stderr
    assert b"Unexpected" not in done.stderr
    (done.stdout + done.stderr).decode(encoding)


@given(st.text())
def test_any_text_can_be_written_to_ascii(text: str) -> None:
    before = sys.stdout, sys.stderr
    out = io.BytesIO()
    try:
        sys.stdout = sys.stderr = io.TextIOWrapper(out, "ascii", newline="")
        write_what_can_be_written()
        sys.stdout.write(text)
        sys.stdout.flush()
        sys.stdout.detach()
    finally:
        sys.stdout, sys.stderr = before
    assert out.getvalue().isascii()
    if text.isascii():
        assert out.getvalue().decode() == text


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Février à 12,34 €", "Fevrier a 12,34 EUR"), ("œuvre…", "oeuvre..."), ("─│█", "-|#"), ("日", "?")],
)
def test_the_nearest_is_readable(text: str, plain: str) -> None:
    out = io.BytesIO()
    before = sys.stdout, sys.stderr
    try:
        sys.stdout = sys.stderr = io.TextIOWrapper(out, "ascii")
        write_what_can_be_written()
        sys.stdout.write(text)
        sys.stdout.flush()
        sys.stdout.detach()
    finally:
        sys.stdout, sys.stderr = before
    assert out.getvalue().decode() == plain
