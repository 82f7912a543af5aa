"""The process that looks after price grids and Tempo's colours and ends: `python -m linkytui.collector.grid_errand`.

It takes its errand as JSON on its standard input and writes what the log should know to its standard error, a level and
a text a line. What HTTP, TLS and the suppliers' grids load goes with it.
"""

import logging
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, NoReturn

import msgspec

from linkytui.i18n import Language, use_language
from linkytui.settings.model import TariffSettings
from linkytui.tariffs.tempo_calendar import update_tempo
from linkytui.tariffs.update import update_all

if TYPE_CHECKING:
    from types import FrameType


class Errand(msgspec.Struct):
    """What is to be looked after."""

    language: Language  # in which troubles are written down
    tariff: TariffSettings
    level: int  # of the least record that the log takes


def main() -> None:
    """Run the errand until it is done or somebody terminates the process."""
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who sent this process out says when it ends
    errand = msgspec.json.decode(sys.stdin.buffer.read(), type=Errand)
    logging.basicConfig(format="%(levelname)s %(message)s", level=errand.level)
    use_language(errand.language)
    update_all(errand.tariff, threading.Event())
    if errand.tariff.tempo_calendar:
        update_tempo(time.time())


def _end(_number: int, _frame: "FrameType | None") -> NoReturn:
    """End whatever it waits for, and with it the process in which a PDF is read."""
    sys.exit(1)


if __name__ == "__main__":
    main()
