"""Textual's compositor, which asks only the widgets that have changed, and those only for the rows that have.

Textual 8.2 asks every widget between the topmost and the lowest change for all its rows, containers and the screen too,
and drops what it does not need: with a change in the first row and one in the last that is the whole screen.
"""

from collections.abc import Iterable

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

Render = tuple[Region, Region, list[Strip]]
"""A widget's region, the part of it that is meant, and the rows of that part."""


class LeanCompositor(Compositor):
    """The same picture, with fewer rows rendered."""

    def __init__(self) -> None:
        super().__init__()
        self._changed: list[Region] | None = None  # while a partial update is rendered

    def render_partial_update(self) -> ChopsUpdate | None:
        self._changed = list(self._dirty_regions)
        try:
            return super().render_partial_update()
        finally:
            self._changed = None

    def _get_renders(self, crop: Region | None = None) -> Iterable[Render]:
        if self._changed is None:
            yield from super()._get_renders(crop)
            return
        left = self._changed  # what no widget has covered yet; those in front come first
        for widget, (region, clip) in self.visible_widgets.items():
            visible = region.intersection(clip)
            rows = [part for one in left if (part := one.intersection(visible))]
            if not rows:
                continue
            top, bottom = min(part.y for part in rows), max(part.bottom for part in rows)
            meant = Region(visible.x, top, visible.width, bottom - top)
            yield region, meant, widget.render_lines(meant.translate(-region.offset))
            left = [one for one in left if not visible.contains_region(one)]
            if not left:
                return
