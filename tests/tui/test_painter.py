"""What is sent to the terminal: the cells that differ from what it shows, and what it shows then."""

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from linkytui.tui.painter import Painter


def update(*spans: tuple[int, int, int]) -> ChopsUpdate:
    """Textual's update of a row of two widgets of ten cells, of which some stretches changed."""
    strips = {0: Strip([Segment("abcdefghij", Style(bold=True))]), 10: Strip([Segment("0123456789")])}
    return ChopsUpdate([strips, strips], list(spans), [[10, 20], [10, 20]])


def written(renderable: ChopsUpdate) -> str:
    return str(renderable.render_segments(console()))


def console() -> Console:
    return Console(width=20, height=2, force_terminal=True, color_system="truecolor", legacy_windows=False)


def on_terminal(text: str) -> list[str]:
    screen = pyte.Screen(20, 2)
    pyte.Stream(screen).feed(text)
    return list(screen.display)


def test_only_changed_cells_are_sent() -> None:
    text = written(Painter().of(update((0, 3, 5), (1, 17, 18))))
    assert on_terminal(text) == ["   de               ", " " * 17 + "7  "]
    assert "abc" not in text


def test_a_stretch_over_two_widgets_is_sent_whole() -> None:
    text = written(Painter().of(update((0, 8, 13))))
    assert on_terminal(text)[0] == "        ij012       "


def test_less_is_sent_than_textual_would() -> None:
    plain = update((0, 9, 10), (1, 19, 20))
    assert len(written(Painter().of(plain))) < len(written(plain)) / 2


def test_styles_are_kept() -> None:
    screen = pyte.Screen(20, 2)
    pyte.Stream(screen).feed(written(Painter().of(update((0, 4, 16)))))
    assert [screen.buffer[0][x].bold for x in (4, 9, 10, 15)] == [True, True, False, False]


def test_nothing_else_is_touched() -> None:
    assert Painter().of("text") == "text"
    assert Painter().of(None) is None


def row_of(text: str, style: Style | None = None) -> ChopsUpdate:
    """An update of a whole row of twenty cells."""
    strip = Strip([Segment(text, style)]).adjust_cell_length(20)
    return ChopsUpdate([{0: strip}], [(0, 0, 20)], [[20]])


def test_what_the_terminal_shows_already_is_not_sent_again() -> None:
    painter = Painter()
    assert on_terminal(written(painter.of(row_of("12 345 VA"))))[0] == "12 345 VA           "
    assert written(painter.of(row_of("12 345 VA"))) == ""
    assert written(painter.of(row_of("12 346 VA"))) == "\x1b[1;6H6"


def test_cells_of_one_look_are_sent_together_and_the_look_is_said_once() -> None:
    styles = (Style(color="#ff0000", bgcolor="#000001"), Style(color="#00ff00", bgcolor="#000001"))
    strip = Strip([Segment(letter * 3, styles[place % 2]) for place, letter in enumerate("abcdef")])
    text = written(Painter().of(ChopsUpdate([{0: strip}], [(0, 0, 18)], [[18]])))
    assert on_terminal(text)[0] == "aaabbbcccdddeeefff  "
    assert text.count("38;2;255;0;0") == text.count("38;2;0;255;0") == 1
    assert text.count("48;2;0;0;1") == 1


def test_of_blanks_only_the_ground_counts() -> None:
    painter = Painter()
    painter_text = written(painter.of(row_of("a b", Style(color="#ff0000"))))
    assert on_terminal(painter_text)[0].startswith("a b ")
    assert written(painter.of(row_of("a b", Style(color="#ff0000", bold=True)))).count(" ") == 1
    assert written(painter.of(row_of("   ", Style(bgcolor="#ff0000")))) != ""
    assert written(painter.of(row_of("   ", Style(bgcolor="#ff0000", bold=True)))) == ""
    assert written(painter.of(row_of("   ", Style(bgcolor="#ff0000", underline=True)))) != ""


def test_after_a_new_layout_and_when_told_so_it_knows_nothing() -> None:
    for forget in (
        lambda painter: painter.of(LayoutUpdate([[Strip([Segment("x" * 20)])]], Region(0, 0, 20, 1))),
        Painter.forget,
    ):
        painter = Painter()
        written(painter.of(row_of("12 345 VA")))
        forget(painter)
        assert on_terminal(written(painter.of(row_of("12 345 VA"))))[0] == "12 345 VA           "


def test_a_link_is_opened_and_closed() -> None:
    text = written(Painter().of(row_of("here", Style(link="https://example.org"))))
    assert text.count("\x1b]8;id=") == text.count("\x1b]8;;\x1b\\") == 1
    assert text.index("https://example.org") < text.index("here") < text.index("\x1b]8;;")


colours = st.sampled_from([None, "red", "bright_blue", "color(200)", "#102030", "default"])
styles = st.builds(
    Style,
    color=colours,
    bgcolor=colours,
    bold=st.booleans(),
    dim=st.booleans(),
    underline=st.booleans(),
    reverse=st.booleans(),
    italic=st.booleans(),
)
texts = st.text("ab 1█▀·é界", min_size=1, max_size=8)
strips = st.lists(st.tuples(texts, styles | st.none()), min_size=1, max_size=6).map(
    lambda pieces: Strip([Segment(*piece) for piece in pieces]).adjust_cell_length(10)
)


@st.composite
def updates(draw: st.DrawFn) -> ChopsUpdate:
    """An update of two rows of two widgets."""
    chops = [{0: draw(strips), 10: draw(strips | st.none())} for _row in range(2)]
    spans = []
    for row in draw(st.sets(st.integers(0, 1), min_size=1)):
        first, last = sorted(draw(st.tuples(st.integers(0, 19), st.integers(1, 20))))
        spans.append((row, first, max(last, first + 1)))
    return ChopsUpdate(chops, sorted(spans), [[10, 20]] * 2)


@given(st.lists(updates(), min_size=1, max_size=8))
def test_whatever_is_updated_the_terminal_shows_what_textual_means(course: list[ChopsUpdate]) -> None:
    painter, screen, meant = Painter(), pyte.Screen(20, 2), Meant()
    stream = pyte.Stream(screen)
    for update in course:
        stream.feed(written(painter.of(update)))
        meant.take(update)
        for row, cells in enumerate(meant.rows):
            for column, cell in cells.items():
                assert seen(screen.buffer[row][column]) == cell, (row, column)


class Meant:
    """What each cell should look like, by painting each update's cells alone."""

    def __init__(self) -> None:
        self.rows: list[dict[int, tuple[object, ...]]] = [{}, {}]

    def take(self, update: ChopsUpdate) -> None:
        for row, first, last in update.spans:
            for start, strip in update.chops[row].items():
                left, right = max(start, first), min(start + 10, last)
                if strip is None or left >= right:
                    continue
                alone = pyte.Screen(20, 1)
                piece = strip.crop(left - start, right - start)
                pyte.Stream(alone).feed(f"\x1b[1;{left + 1}H" + piece.render(console()))
                for column in range(left, right):
                    self.rows[row][column] = seen(alone.buffer[0][column])


def seen(cell: pyte.screens.Char) -> tuple[object, ...]:
    """What a person sees of a cell: of a blank one its ground, and lines."""
    if cell.data == " " and not cell.underscore and not cell.reverse:
        return " ", cell.bg
    return tuple(cell)
