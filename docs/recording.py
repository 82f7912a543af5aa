"""Records the demo as an animated picture: python docs/recording.py en|fr

The real program runs in a terminal of its own, keys are pressed, and what stands on the screen is kept twice a second.
Writes docs/pictures/demo-<language>.svg, which moves by itself, loads nothing, and holds each row of text once.
"""

import fcntl
import html
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyte

COLUMNS: Final = 100
LINES: Final = 30
EVERY: Final = 0.5  # seconds between two pictures
CELL: Final = (8, 15.5)  # width and height of a character of 13.3 pixels

KEYS: Final = ((4.0, "h"), (5.0, "n"), (8.5, "d"), (12.0, "\x1b"), (13.5, "o"), (17.5, "\x1b"), (19.5, "q"))
"""When which key is pressed, in seconds after the first picture; the last one ends the recording."""

READY: Final = re.compile(
    r"≈ [\d.,\s]+€"
)  # the month's estimate: the days before have been simulated, and their bill worked out
PATIENCE: Final = 120.0  # seconds

INK, PAPER = "d5dce6", "0e131a"
NAMED: Final = {"black": "0e131a", "white": "d5dce6", "default": INK}

Style = tuple[str, str, bool]
"""Colour of the text, colour behind it, bold."""


def recorded(language: str) -> list[tuple[float, list[str]]]:
    """What stood on the screen: seconds, and each row as SVG; only pictures that differ from the one before."""
    screen = pyte.Screen(COLUMNS, LINES)
    stream = pyte.ByteStream(screen)
    pictures: list[tuple[float, list[str]]] = []
    reader, process = _started(language)
    keys, start, due = list(KEYS), 0.0, 0.0
    give_up = time.monotonic() + PATIENCE
    try:
        while keys:
            if select.select([reader], [], [], 0.05)[0]:
                stream.feed(os.read(reader, 65536))
            if not start:
                if any(map(READY.search, screen.display)):
                    start = time.monotonic()
                elif time.monotonic() > give_up:
                    raise SystemExit("The demo shows no bill.")
                continue
            now = time.monotonic() - start
            if now >= due:
                rows = [row(screen, line) for line in range(LINES)]
                if not pictures or pictures[-1][1] != rows:
                    pictures.append((due, rows))
                due += EVERY
            if now >= keys[0][0]:
                os.write(reader, keys.pop(0)[1].encode())
    finally:
        process.terminate()
        process.wait()
        os.close(reader)
    return pictures


def _started(language: str) -> tuple[int, "subprocess.Popen[bytes]"]:
    """The demo in a terminal, and the terminal's other end."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    for name in ("NO_COLOR", "SSH_CONNECTION"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "linkytui", "demo", "--lang", language]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True)  # noqa: S603
    os.close(theirs)
    return ours, process


def runs(screen: pyte.Screen, line: int) -> Iterator[tuple[int, str, Style]]:
    """The pieces of a row that look alike: column, text, style."""
    start, text, style = 0, "", None
    for column in range(COLUMNS):
        cell = screen.buffer[line][column]
        ink, paper = (NAMED.get(name, name) for name in (cell.fg, cell.bg))
        paper = PAPER if cell.bg == "default" else paper
        now = (paper, ink, cell.bold) if cell.reverse else (ink, paper, cell.bold)
        if now != style and text and style is not None:
            yield start, text, style
            start, text = column, ""
        text, style = text + cell.data, now
    if style is not None:
        yield start, text, style


def row(screen: pyte.Screen, line: int) -> str:
    """One row as SVG, at height 0."""
    parts = []
    width, height = CELL
    for column, text, (ink, paper, bold) in runs(screen, line):
        if paper != PAPER:
            wide = len(text) * width
            parts.append(f'<path fill="#{paper}" d="M{column * width} 0h{wide}v{height + 0.3}h-{wide}"/>')
        if text.strip():
            space = len(text) - len(text.lstrip())
            shown = text.strip()
            weight = ' font-weight="700"' if bold else ""
            place = f'x="{(column + space) * width}" y="12.4" textLength="{len(shown) * width}"'
            parts.append(f'<text {place} fill="#{ink}"{weight}>{html.escape(shown, quote=False)}</text>')
    return "".join(parts)


def animated(pictures: list[tuple[float, list[str]]], length: float) -> str:
    """All pictures as one SVG: a column of them that jumps upwards behind a window."""
    width, height = COLUMNS * CELL[0], LINES * CELL[1]
    names: dict[str, str] = {}
    column = []
    for number, (_, rows) in enumerate(pictures):
        uses = (
            f'<use href="#{names.setdefault(text, f"r{len(names)}")}" y="{number * height + line * CELL[1]:g}"/>'
            for line, text in enumerate(rows)
            if text
        )
        column.append("".join(uses))
    steps = "".join(
        f"{at / length * 100:.2f}%{{transform:translateY(-{number * height:g}px)}}"
        for number, (at, _) in enumerate(pictures)
    )
    defined = "\n".join(f'<g id="{name}">{text}</g>' for text, name in names.items())
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -12 {width + 24} {height + 24}" font-size="13.3" \
font-family="'DejaVu Sans Mono','Noto Sans Mono',Menlo,Consolas,monospace" xml:space="preserve">
<style>@keyframes reel{{{steps}}}.reel{{animation:reel {length:g}s step-end infinite}}\
@media (prefers-reduced-motion){{.reel{{animation:none}}}}text{{white-space:pre}}</style>
<defs>
{defined}
</defs>
<rect x="-12" y="-12" width="{width + 24}" height="{height + 24}" rx="8" fill="#{PAPER}"/>
<svg width="{width}" height="{height}" overflow="hidden"><g class="reel">
{chr(10).join(column)}
</g></svg>
</svg>
"""


def main() -> None:
    """Record in the language that is asked for."""
    language = "fr" if sys.argv[1:] == ["fr"] else "en"
    place = Path(__file__).parent / "pictures" / f"demo-{language}.svg"
    place.write_text(animated(recorded(language), KEYS[-1][0]), encoding="utf-8")
    sys.stdout.write(f"{place}: {place.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
