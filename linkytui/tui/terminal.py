"""Sends the terminal only the cells that changed.

Textual 8.2 finds the changed cells and then repaints each widget's row from the widget's left edge up to them. At the
right end of a wide strip that is the whole row, several times what is needed, which is felt over SSH.
"""

from typing import Any

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate


class TightUpdate(ChopsUpdate):
    """The same update, cut at both ends of each changed stretch."""

    def render_segments(self, console: Console) -> str:
        sequences: list[str] = []
        for y, first, last in self.spans:
            for end, (start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(start, first), min(end, last)
                if strip is None or left >= right:
                    continue
                sequences.append(Control.move_to(left, y).segment.text)
                sequences.append(strip.crop(left - start, right - start).render(console))
        return "".join(sequences)


def tightened(renderable: Any) -> Any:
    """The update to send in place of one of Textual's; other renderables as they are."""
    if type(renderable) is ChopsUpdate:
        return TightUpdate(renderable.chops, renderable.spans, renderable.chop_ends)
    return renderable
