"""A scrollbar for terminals that know ASCII only."""

from textual.scrollbar import ScrollBarRender


class AsciiScrollBar(ScrollBarRender):
    """Moves by whole cells, which are a colour and no sign."""

    VERTICAL_BARS = [" "] * 8
    HORIZONTAL_BARS = [" "] * 8
