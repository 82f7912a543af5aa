"""Widgets alone in an application that has our colours, and what they ask to have drawn again."""

from collections.abc import Callable

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.widget import Widget

from linkytui.i18n import use_language
from linkytui.tui.themes import DARK


class Alone(App[None]):
    """One widget, and nothing of the rest."""

    CSS = "Screen { layout: vertical; }"

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.register_theme(DARK)
        self.theme = DARK.name
        self._widget = widget

    def compose(self) -> ComposeResult:
        yield self._widget


class Watched:
    """Which cells a widget asked to have drawn again."""

    def __init__(self) -> None:
        self.regions: list[Region] = []
        self.whole = 0

    def forget(self) -> None:
        """Look away from what was asked before."""
        self.regions.clear()
        self.whole = 0

    @property
    def cells(self) -> set[tuple[int, int]]:
        """Places, across and down."""
        return {(x, region.y) for region in self.regions for x in range(region.x, region.right)}


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Callable[[Widget], Watched]:
    """Begins to watch a widget."""

    def watch(widget: Widget) -> Watched:
        seen, refresh = Watched(), widget.refresh

        def note(*regions: Region, **options: bool) -> Widget:
            if regions:
                seen.regions += regions
            else:
                seen.whole += 1
            return refresh(*regions, **options)

        monkeypatch.setattr(widget, "refresh", note)
        return seen

    return watch


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def rows(widget: Widget) -> list[str]:
    """What a widget shows, without its frame."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]
