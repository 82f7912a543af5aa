"""A program that works on a history and kills itself after so many instructions of SQLite, whatever it does then.

`python -m tests.faults.dying STEP FOLDER INSTRUCTIONS` prints how many it took when it came to its end.
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from linkytui.history import Importer, importing
from linkytui.history.schema import FILE_NAME, open_for_writing
from tests.history.household import at, quiet_writer, steady

START = at("2026-06-01 12:00")
RECORDED = 3600.0
"""Seconds that the history tells before it is worked on."""
END = START + 4 * 3600.0
EACH = 20
"""Instructions from one look at how many are left to the next."""


def roll_up(folder: Path) -> None:
    """Record three hours more."""
    writer = quiet_writer(folder)
    for number, sample in enumerate(steady(START + RECORDED, END, since=START)):
        writer.hear(sample)
        if number % 100 == 99:
            writer.flush()
    writer.close()


def take_in(folder: Path) -> None:
    """Import the three hours before."""
    importing.IMPORT_BATCH = 200  # type: ignore[misc]
    with Importer(folder, now=END) as importer:
        importer.import_samples(steady(START - 3 * 3600.0, START - 10.0, since=START))


def migrate(folder: Path) -> None:
    """Bring an older file up to date."""
    open_for_writing(folder / FILE_NAME).close()


def back_up(folder: Path) -> None:
    """Copy the file, as the documents say."""
    connection = sqlite3.connect(folder / FILE_NAME)
    connection.execute("VACUUM INTO ?", (str(folder / "copy.db"),))
    connection.close()


STEPS: Mapping[str, Callable[[Path], None]] = {
    "roll-up": roll_up,
    "import": take_in,
    "migration": migrate,
    "backup": back_up,
}


def main(step: str, folder: str, instructions: int) -> None:
    """Work until the end, or until so many instructions were carried out."""
    connect, taken = sqlite3.connect, 0

    def tick() -> int:
        nonlocal taken
        taken += EACH
        if taken >= instructions:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_progress_handler(tick, EACH)
        return connection

    sqlite3.connect = watched  # type: ignore[assignment]
    STEPS[step](Path(folder))
    print(taken)  # noqa: T201 -- the test reads it


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
