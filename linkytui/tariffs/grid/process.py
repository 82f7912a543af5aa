"""Reads a grid in a process apart, with a limit on its time and its memory: a PDF from the net is untrusted."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

import linkytui
from linkytui.errors import GridError
from linkytui.i18n import _, language
from linkytui.tariffs.grid.answer import TRY, Answer, Walls
from linkytui.tariffs.offers import Offer

MAX_SIZE: Final = 20 * 2**20  # bytes; the largest real grid known has 0.4 million
READING_TIMEOUT: Final = 180.0  # seconds by the clock that reading one document may take

_GLANCE: Final = 0.2  # seconds between two looks at whether to give up
_HEAD: Final = 1024  # bytes within which a PDF says that it is one
_KEPT: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONHOME", "SYSTEMROOT")
"""Environment variables that the process needs; the others may hold passwords and are not for it."""


class Stopped(Exception):  # noqa: N818 -- no error: somebody asked for it
    """Somebody does not want to wait any longer: the program ends."""


def sha256_of(data: bytes) -> str:
    """The fingerprint of a document, hexadecimal."""
    import hashlib  # with 3.5 MB of OpenSSL, which who reads no document can do without

    return hashlib.sha256(data).hexdigest()


def document_of_file(path: Path) -> bytes:
    """What a file holds, or as much of it as shows that it is too large for a grid.

    Raises GridError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_SIZE + 1)
    except OSError as error:
        raise GridError(_("the file cannot be read: {reason}").format(reason=error.strerror or error)) from error


def check_is_pdf(data: bytes) -> None:
    """See that a document is a PDF at all, of a size that a grid may have; GridError when it is not."""
    if not data:
        raise GridError(_("the file is empty"))
    if len(data) > MAX_SIZE:
        raise GridError(_("it is larger than {size} MB, which no price grid is").format(size=MAX_SIZE // 2**20))
    head = data[:_HEAD].lower()
    if b"%pdf-" not in head:
        page = b"<html" in head or b"<!doctype" in head
        raise GridError(_("it is a web page, not a PDF") if page else _("it is not a PDF"))


def read_grid(
    data: bytes, file: str, *, timeout: float = READING_TIMEOUT, stopped: Callable[[], bool] = lambda: False
) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
    """The offers that a supplier's PDF holds, and notes for a person on what in it was left out.

    Blocks for a second or, on a small machine, half a minute; never call it on the thread of the screen. `timeout`:
    seconds after which to give up; `stopped`: asked several times a second whether to give up at once. Raises
    GridError: it cannot be read, or what it says cannot be, the text does not name the file; Stopped: `stopped` said
    so.
    """
    check_is_pdf(data)
    output = _run((language(), file, sha256_of(data)), data, timeout, stopped)
    try:
        answer = msgspec.json.decode(output, type=Answer)
    except msgspec.DecodeError as error:
        raise GridError(_("reading it takes too much time or memory")) from error
    if answer.error:
        raise GridError(answer.error)
    return answer.offers, answer.notes


def try_walls(timeout: float = READING_TIMEOUT) -> Walls:
    """How such a process is kept from doing harm on this machine, tried in one; takes about a second.

    Raises GridError: it cannot be started.
    """
    try:
        return msgspec.json.decode(_run((TRY,), b"", timeout, lambda: False), type=Walls)
    except msgspec.DecodeError as error:
        raise GridError(_("cannot start its reader: {reason}").format(reason=type(error).__name__)) from error


def _run(arguments: Sequence[str], data: bytes, timeout: float, stopped: Callable[[], bool]) -> bytes:
    """What the process prints that reads a document."""
    command = [sys.executable, "-P", "-m", "linkytui.tariffs.grid", *arguments]
    environment = {name: value for name in _KEPT if (value := os.environ.get(name)) is not None}
    environment["PYTHONPATH"] = str(Path(linkytui.__file__).parent.parent)
    # A file, because a pipe holds less than a document and waits for a reader that is still starting.
    with tempfile.TemporaryFile() as document:
        try:
            document.write(data)
            document.seek(0)
            reader = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
                command, stdin=document, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
            )
        except OSError as error:
            raise GridError(_("cannot start its reader: {reason}").format(reason=error.strerror or error)) from error
        with reader:
            try:
                return _output(reader, timeout, stopped)
            except BaseException:
                reader.kill()
                raise


def _output(reader: "subprocess.Popen[bytes]", timeout: float, stopped: Callable[[], bool]) -> bytes:
    """What the reader prints until it ends."""
    end = time.monotonic() + timeout
    while True:
        if stopped():
            raise Stopped
        try:
            return reader.communicate(timeout=min(_GLANCE, timeout))[0]
        except subprocess.TimeoutExpired:
            if time.monotonic() >= end:
                raise GridError(_("reading it takes too long")) from None
