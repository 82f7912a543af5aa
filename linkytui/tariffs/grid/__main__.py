"""The process apart in which a PDF is read: the document comes in on standard input, what it says goes out as JSON.

A PDF from the net is untrusted and its reader is large, so this process may use little memory and little time and knows
no secret; from the moment it begins to parse, it has walls (`walls.py`). Started by `process.py`.
"""

import os
import resource
import sys
from typing import Any, Final

import msgspec

from linkytui.errors import GridError
from linkytui.i18n import Language, _, use_language
from linkytui.tariffs.grid.answer import TRY, Answer, Walls
from linkytui.tariffs.grid.tries import refused
from linkytui.tariffs.grid.walls import raise_walls

MEMORY: Final = 512 * 2**20  # bytes of address space; the largest real grid known takes 80 million
CPU_SECONDS: Final = 90
"""The slowest real grid known takes one on a fast machine; a Raspberry Pi is up to twenty times slower."""
_KINDNESS: Final = 10  # the live screen comes first


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(_KINDNESS)


def _load() -> tuple[Any, Any]:
    # Imported under the limits, and here only: what it costs, no other part of the program pays.
    from linkytui.tariffs.grid.extract import pages_of
    from linkytui.tariffs.grid.offers import grid_of

    return pages_of, grid_of


def _answer(file: str, sha256: str) -> Answer:
    pages_of, grid_of = _load()
    data = sys.stdin.buffer.read()
    raise_walls()
    try:
        grid = grid_of(pages_of(data), file, sha256)
    except GridError as error:
        return Answer(error=str(error))
    except (MemoryError, RecursionError):
        return Answer(error=_("reading it takes too much memory"))
    except Exception as error:  # what no grid has led to so far; the program that waits needs an answer
        return Answer(error=_("it cannot be understood ({reason})").format(reason=type(error).__name__))
    return Answer(offers=grid.offers, notes=grid.notes)


def try_walls() -> None:
    """Raise the walls, make the tries inside, and print `Walls`."""
    _limit()
    _load()
    missing = raise_walls()
    sys.stdout.buffer.write(msgspec.json.encode(Walls(missing=missing, refused=refused())))


def main(language: Language, file: str, sha256: str) -> None:
    """Read the document on standard input and print an `Answer`."""
    _limit()
    use_language(language)
    sys.stdout.buffer.write(msgspec.json.encode(_answer(file, sha256)))


if __name__ == "__main__":
    if sys.argv[1:] == [TRY]:
        try_walls()
        sys.exit()
    main("fr" if sys.argv[1] == "fr" else "en", sys.argv[2], sys.argv[3])
