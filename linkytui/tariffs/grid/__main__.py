"""The process apart in which a PDF is read: the document comes in on standard input, what it says goes out as JSON.

A PDF from the net is untrusted and its reader is large, so this process may use little memory and little time, writes
no file and knows no secret. Started by `process.py`.
"""

import os
import resource
import sys
from typing import Final

import msgspec

from linkytui.errors import GridError
from linkytui.i18n import Language, _, use_language
from linkytui.tariffs.grid.answer import Answer

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


def _answer(file: str, sha256: str) -> Answer:
    # Imported under the limits, and here only: what it costs, no other part of the program pays.
    from linkytui.tariffs.grid.extract import pages_of
    from linkytui.tariffs.grid.offers import grid_of

    try:
        grid = grid_of(pages_of(sys.stdin.buffer.read()), file, sha256)
    except GridError as error:
        return Answer(error=str(error))
    except (MemoryError, RecursionError):
        return Answer(error=_("reading it takes too much memory"))
    except Exception as error:  # what no grid has led to so far; the program that waits needs an answer
        return Answer(error=_("it cannot be understood ({reason})").format(reason=type(error).__name__))
    return Answer(offers=grid.offers, notes=grid.notes)


def main(language: Language, file: str, sha256: str) -> None:
    """Read the document on standard input and print an `Answer`."""
    _limit()
    use_language(language)
    sys.stdout.buffer.write(msgspec.json.encode(_answer(file, sha256)))


if __name__ == "__main__":
    main("fr" if sys.argv[1] == "fr" else "en", sys.argv[2], sys.argv[3])
