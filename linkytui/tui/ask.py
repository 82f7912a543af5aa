"""Questions that may take their time: asked in a thread, answered on the screen's."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from textual.dom import DOMNode
from textual.worker import Worker

from linkytui.errors import LinkytuiError

T = TypeVar("T")


def ask(
    asker: DOMNode,
    question: Callable[[], T],
    answer: Callable[[T], object],
    complain: Callable[[str], object],
    group: str = "ask",
) -> None:
    """Ask what the disk or a server knows. A newer question of the same asker and group drops the one before.

    `asker`: the application or the screen, when it goes, nothing is answered any more; `question`: runs in a thread;
    `answer`: takes what it returned, on the screen's thread; `complain`: takes what went wrong, in one line, likewise;
    `group`: of questions that drop each other.
    """

    async def wait() -> None:
        try:
            told = await asyncio.to_thread(question)
        except LinkytuiError as error:
            asker.call_later(complain, str(error))
        else:
            asker.call_later(answer, told)

    # Not `wait()`: an asker that is going away starts no worker, and nobody would await it.
    _worker: Worker[None] = asker.run_worker(wait, exclusive=True, group=group, exit_on_error=False)
