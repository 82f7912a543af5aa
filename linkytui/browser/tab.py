"""A screen in a process of its own, driven through its pipes as Textual's web driver has it.

Each packet is a letter (D for what a terminal sends or gets, M for the rest as JSON), the length of what follows in
four bytes, and that. When this process ends, however it does, the screen's standard input ends, and the screen with it.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from linkytui.tui.keys import LOOK_ONLY

_BEGIN: Final = b"__GANGLION__\n"
"""The line after which packets follow."""

_LINES: Final = 20  # lines before it at most: what a library has to say at its start
_LAST_WORDS: Final = 4096  # bytes of stderr that are kept
_END: Final = 6.0  # seconds for a screen to end by itself: the history is written, and a server may not answer
_HEARD: Final = 10.0  # seconds for it to take what was typed

_FRAMES: Final = "15"
"""Pictures a second at most: frames of the meter come once a second or two, and a board has other things to do."""

_UNWANTED: Final = ("SSH_CONNECTION", "NO_COLOR", "COLORFGBG", "LINES", "TEXTUAL", "TEXTUAL_LOG")


class ScreenError(Exception):
    """The screen did not open; the text is what it said, one line."""


def environment(known: Mapping[str, str], *, light: bool, look_only: bool) -> dict[str, str]:
    """What a screen is told of the terminal that a browser is. `known`: this process's own."""
    told = {name: value for name, value in known.items() if name not in (*_UNWANTED, LOOK_ONLY)}
    told |= {
        "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        "TEXTUAL_FPS": _FRAMES,
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONUTF8": "1",
    }
    if light:
        told["COLORFGBG"] = "0;15"
    if look_only:
        told[LOOK_ONLY] = "1"
    return told


class Tab:
    """The process behind one tab."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        """Use `open_tab`."""
        assert process.stdin is not None  # noqa: S101 -- asked for below
        assert process.stdout is not None  # noqa: S101
        assert process.stderr is not None  # noqa: S101
        self.process = process
        self._stdin, self._stdout = process.stdin, process.stdout
        self._words = b""
        self._listening = asyncio.create_task(self._listen(process.stderr))

    async def output(self) -> AsyncIterator[bytes]:
        """What is for the terminal, until the screen ends.

        Raises ScreenError: it did not begin.
        """
        await self._begin()
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                head = await self._stdout.readexactly(5)
                payload = await self._stdout.readexactly(int.from_bytes(head[1:], "big"))
                if head[:1] == b"D":
                    yield payload
                elif head[:1] == b"M" and json.loads(payload).get("type") == "exit":
                    return

    async def type(self, text: str) -> None:
        """Send what a person types, or does with the mouse."""
        await self._send(b"D", text.encode("utf-8", "replace"))

    async def tell(self, kind: str, **more: int) -> None:
        """Tell something else: `resize` with width and height, `focus` or `blur`."""
        await self._send(b"M", json.dumps({"type": kind, **more}).encode())

    async def end(self) -> None:
        """Have the screen end, and wait until it has."""
        self._stdin.close()
        draining = asyncio.create_task(self._drain())  # else it could wait for its output to be taken
        try:
            await asyncio.wait_for(self.process.wait(), _END)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
            await self.process.wait()
        finally:
            for task in (draining, self._listening):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _send(self, kind: bytes, payload: bytes) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):  # it has ended; its output tells
            self._stdin.write(kind + len(payload).to_bytes(4, "big") + payload)
            await asyncio.wait_for(self._stdin.drain(), _HEARD)

    async def _begin(self) -> None:
        for _line in range(_LINES):
            line = await self._stdout.readline()
            if line == _BEGIN:
                return
            if not line:
                break
        await asyncio.wait([self._listening], timeout=_HEARD)
        raise ScreenError(self._words.decode("utf-8", "replace").strip().rpartition("\n")[2])

    async def _listen(self, stderr: asyncio.StreamReader) -> None:
        while data := await stderr.read(1024):
            self._words = (self._words + data)[-_LAST_WORDS:]

    async def _drain(self) -> None:
        while await self._stdout.read(65536):
            pass


async def open_tab(command: Sequence[str], environ: Mapping[str, str], columns: int, rows: int) -> Tab:
    """Start a screen of a size. It is in a session of its own: Ctrl+C at this process's terminal is not for it."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**environ, "COLUMNS": str(columns), "ROWS": str(rows)},
        start_new_session=True,
    )
    return Tab(process)


def own_command(*arguments: str) -> list[str]:
    """How this very linkytui is started again."""
    return [sys.executable, "-m", "linkytui", *arguments]
