"""The base of the panels: a few lines of text of which only the cells that changed go to the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import zip_longest

from rich.segment import Segment
from textual.content import Content
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

_waiting: list[dict["Lines", None]] = []
"""Panels that have been told something, in each `together` that is under way. For the screen's thread alone."""


@contextmanager
def together() -> Iterator[None]:
    """What panels are told meanwhile they say once, at its end: a frame changes several things that one panel shows."""
    told: dict[Lines, None] = {}
    _waiting.append(told)
    try:
        yield
    finally:
        _waiting.remove(told)
        for panel in told:
            panel.update()


class Lines(Widget):
    """Shows lines of styled text. A subclass says them; this class finds out what differs.

    Over SSH, and at a frame a second, sending a whole panel for one digit would be most of the traffic.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id, classes=classes)
        self._shown: list[Content] = []
        self._strips: list[Strip] | None = None

    def lines(self, width: int, height: int) -> list[Content]:
        """What to show in that many cells and rows; further lines are not seen."""
        raise NotImplementedError

    def update(self) -> None:
        """Say the lines again and redraw the cells that differ. Call it when something they tell has changed."""
        if _waiting:
            _waiting[-1][self] = None
            return
        if not self.is_mounted:
            return
        if not self.size:
            # Nothing to say left it without a row; there may be something now.
            self.refresh(layout=self.styles.is_auto_height)
            return
        before = self._shown
        self._shown = self.lines(self.size.width, self.size.height)
        if self._strips is None or len(before) != len(self._shown):
            self._strips = None
            self.refresh(layout=len(before) != len(self._shown) and self.styles.is_auto_height)
            return
        regions = [
            region
            for row, (old, new) in enumerate(zip_longest(before, self._shown))
            if (region := _difference(old, new, row, self.size.width))
        ]
        if regions:
            for region in regions:
                self._strips[region.y] = self._strip(self._shown[region.y])
            self.refresh(*regions)

    def speak(self) -> None:
        """Say everything in the language spoken now, titles too. A subclass with a title adds it."""
        self.update()

    def on_mount(self) -> None:
        self.speak()

    def _strip(self, content: Content) -> Strip:
        """A line as Textual would show it, without what it does for text that wraps or is aligned."""
        width, ground = self.size.width, self.visual_style
        if content.cell_length > width:
            content = content.truncate(width, ellipsis=True)
        segments, place = [], 0
        for text, style in content.render(ground, end="", parse_style=self._get_style):
            segments.append(Segment(text, (ground + style).rich_style_with_offset(place, 0)))
            place += len(text)
        strip = Strip(segments)
        if any("@click" in (style.meta or ()) for _text, style, _control in strip if style is not None):
            strip = strip._apply_link_style(self.link_style)
        return strip.extend_cell_length(width, (ground + Style(reverse=False)).rich_style)

    def render_line(self, y: int) -> Strip:
        """One row, from those that were said last."""
        if self._strips is None:
            if not self._shown:
                self._shown = self.lines(self.size.width, self.size.height)
            self._strips = [self._strip(line) for line in self._shown]
        if y < len(self._strips):
            return self._strips[y]
        return Strip.blank(self.size.width, self.rich_style)

    def notify_style_update(self) -> None:
        """Another theme or another class: the words stay, their look does not."""
        super().notify_style_update()
        self._strips = None
        self._shown = []

    def on_resize(self) -> None:
        """Another width: everything is said again."""
        self._strips = None
        self._shown = []
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 -- Textual's
        """As many rows as there are lines."""
        return len(self.lines(width, viewport.height))


def _difference(old: Content | None, new: Content | None, row: int, width: int) -> Region | None:
    """The cells of a row that differ, from the first to the last; None when none does."""
    whole = Region(0, row, width, 1)
    if old is None or new is None:
        return whole
    if old.plain == new.plain and old.spans == new.spans:
        return None
    if len(old.plain) != old.cell_length or len(new.plain) != new.cell_length:
        return whole  # wide signs: places in the text are not places on the terminal
    pairs = zip_longest(_styled_cells(old), _styled_cells(new), fillvalue=(" ", ()))
    differing = [index for index, (was, now) in enumerate(pairs) if was != now]
    if not differing:
        return None
    return Region(differing[0], row, differing[-1] - differing[0] + 1, 1)


def _styled_cells(content: Content) -> list[tuple[str, tuple[object, ...]]]:
    styles: list[tuple[object, ...]] = [()] * len(content.plain)
    for span in content.spans:
        for index in range(max(span.start, 0), min(span.end, len(styles))):
            styles[index] = (*styles[index], span.style)
    return list(zip(content.plain, styles, strict=True))


def clickable(content: Content, action: str) -> Content:
    """The same text; a click on it runs an action, such as `app.quit`."""
    return content.stylize(Style.from_meta({"@click": action}))


def sides(left: Content, right: Content, width: int) -> Content:
    """Two texts at the ends of a row; the left one gives way."""
    room = width - right.cell_length
    if room <= 0:
        return right.truncate(width, ellipsis=True)
    if left.cell_length > room - 1:
        left = left.truncate(max(room - 1, 0), ellipsis=True)
    return left + " " * (room - left.cell_length) + right
