"""The lean compositor paints what Textual's paints, and asks fewer widgets for fewer rows."""

from random import Random

import pytest
from rich.segment import Segment
from textual._compositor import ChopsUpdate, Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from linkytui.tui.compositor import LeanCompositor


class Patch(Widget):
    """A widget whose cells say which widget, row and edition they are of, and that counts what it is asked for."""

    DEFAULT_CSS = "Patch { height: 6; width: 1fr; border: round red; }"

    def __init__(self, number: int) -> None:
        super().__init__(id=f"patch{number}")
        self.number, self.edition, self.asked = number, 0, 0

    def render_line(self, y: int) -> Strip:
        self.asked += 1
        width = self.size.width
        return Strip([Segment((f"{self.number}{y}{self.edition % 10}" * width)[:width])])


class Patches(App[None]):
    """Rows of patches, one of them over others, and some that have to be scrolled to."""

    CSS = "#above { layer: above; offset: 5 4; width: 20; height: 5; } Screen { layers: below above; }"

    def get_default_screen(self) -> Screen[None]:
        screen = Screen[None](id="_default")
        screen._compositor = LeanCompositor()
        return screen

    def compose(self) -> ComposeResult:
        with Vertical():
            with Horizontal():
                yield Patch(1)
                yield Patch(2)
            with VerticalScroll():
                for number in range(3, 8):
                    yield Patch(number)
        with Vertical(id="above"):
            yield Patch(8)


@pytest.mark.parametrize("seed", range(4))
async def test_the_terminal_is_told_the_same(seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    app = Patches()
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.pause()
        compositor = app.screen._compositor
        for _turn in range(30):
            regions = set()
            for patch in app.query(Patch):
                if patch in compositor.visible_widgets and rng.random() < 0.4:
                    patch.edition += 1
                    region, clip = compositor.visible_widgets[patch]
                    patch._styles_cache.clear()
                    top = rng.randrange(region.height)
                    changed = Region(region.x, region.y + top, region.width, rng.randint(1, region.height - top))
                    if seen := changed.intersection(clip):
                        regions.add(seen)
            if not regions:
                continue
            compositor._dirty_regions = set(regions)
            lean = told(LeanCompositor.render_partial_update(compositor))  # type: ignore[arg-type]
            compositor._dirty_regions = set(regions)
            assert lean == told(Compositor.render_partial_update(compositor))


def told(update: ChopsUpdate | None) -> list[tuple[int, int, str]]:
    """What an update sends: row, first column of the piece, text."""
    assert update is not None
    return [
        (y, start, strip.crop(max(0, first - start), last - start).text)
        for y, first, last in update.spans
        for start, strip in update.chops[y].items()
        if strip is not None and start < last and start + strip.cell_length > first
    ]


async def test_only_what_changed_is_asked() -> None:
    app = Patches()
    async with app.run_test(size=(60, 24)) as pilot:
        await pilot.pause()
        for patch in app.query(Patch):
            patch.asked = 0
            patch._styles_cache.clear()
        first = app.query_one("#patch2", Patch)
        compositor = app.screen._compositor
        compositor._dirty_regions = {Region(40, 2, 3, 1), Region(40, 3, 1, 1)}
        compositor.render_partial_update()
        assert first.asked == 2
        assert sum(patch.asked for patch in app.query(Patch)) == 2
