"""Looks after grids in a process of its own, so that the one that reads the meter never loads the HTTP client."""

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

import linkytui
from linkytui import __version__
from linkytui.errors import GridError
from linkytui.i18n import _, language
from linkytui.tariffs.status import GridSource, StatusFile

_GLANCE: Final = 0.5
"""Seconds between two looks at whether to give up."""


class Job(msgspec.Struct, frozen=True):
    """What the process is to do."""

    sources: tuple[GridSource, ...]
    force: bool
    """Take them all, due or not."""
    language: str


class Step(msgspec.Struct, frozen=True):
    """What the process is about to do: one line of its output."""

    done: int
    total: int
    source: GridSource


def is_any_due(sources: Sequence[GridSource], statuses: StatusFile, now: float) -> bool:
    """Whether there is anything to look at: a grid that is due, or a file, which may have changed.

    Args:
        sources: grids to look after.
        statuses: what is known of them.
        now: seconds since 1970.
    """
    known = statuses.read()
    return any(
        one.url is None or one.place not in known or known[one.place].is_due(now, __version__) for one in sources
    )


def update_apart(
    sources: Sequence[GridSource],
    stop: threading.Event,
    *,
    force: bool = False,
    progress: Callable[[int, int, GridSource], None] = lambda done, total, source: None,  # noqa: ARG005
) -> None:
    """Look after grids; what is known of them then is in the status file and in the price book.

    Blocks until it is done or stopped: call it on a thread of its own.

    Args:
        sources: in the order in which to take them.
        stop: ends it at once when it is set.
        force: take them all, due or not.
        progress: told what comes next, on the thread that called.

    Raises:
        GridError: the process cannot be started, or failed.
    """
    job = msgspec.json.encode(Job(tuple(sources), force, language()))
    # The interpreter finds the package where it is, whatever the working folder holds.
    code = f"import sys; sys.path.insert(0, {str(Path(linkytui.__file__).parent.parent)!r}); "
    command = [sys.executable, "-P", "-c", code + "from linkytui.tariffs.apart import serve; serve()"]
    try:
        worker = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise GridError(_("cannot start its reader: {reason}").format(reason=error.strerror or error)) from error
    assert worker.stdin is not None  # noqa: S101 -- both are pipes
    assert worker.stdout is not None  # noqa: S101
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_GLANCE):
            if stop.is_set():
                worker.terminate()
                return

    watcher = threading.Thread(target=watch, name="grids", daemon=True)
    watcher.start()
    with worker:
        try:
            worker.stdin.write(job)
            worker.stdin.close()
            for line in worker.stdout:
                step = msgspec.json.decode(line, type=Step)
                progress(step.done, step.total, step.source)
        except (BrokenPipeError, msgspec.DecodeError):
            worker.terminate()
        finally:
            status = worker.wait()
            ended.set()
            watcher.join()
    if status and not stop.is_set():
        raise GridError(_("the price grids could not be looked after"))


def serve() -> None:
    """Be that process: take the job from the standard input, and print each step as a line of JSON."""
    from linkytui.i18n import use_language
    from linkytui.tariffs.bookfile import book_file
    from linkytui.tariffs.update import Updater

    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    use_language("fr" if job.language == "fr" else "en")

    def tell(done: int, total: int, source: GridSource) -> None:
        sys.stdout.buffer.write(msgspec.json.encode(Step(done, total, source)) + b"\n")
        sys.stdout.buffer.flush()

    Updater(book=book_file(), statuses=StatusFile()).update(job.sources, force=job.force, progress=tell)
