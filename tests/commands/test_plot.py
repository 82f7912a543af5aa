"""Bars on the command line: in terminals of any width, in pipes, with colours and without."""

import io
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.commands.plot import Bar, BarPlot, Part
from linkytui.tui.scales import round_top
from tests.terminal import Terminal

PARTS = {"HC": Part("Off-peak", "off-peak"), "HP": Part("Peak", "peak"), "fixed": Part("Subscription", None)}
EIGHTHS = " ▏▎▍▌▋▊▉█"


@pytest.fixture(autouse=True)
def _pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """No terminal, and nothing said about one."""
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


def bar(title: str, *values: float) -> Bar:
    return Bar(title, dict(zip(PARTS, values, strict=False)), f"{sum(values):.2f}")


def drawn(
    bars: Sequence[Bar], parts: Mapping[str, Part] = PARTS, *, columns: int | str = "", ascii_only: bool = False
) -> list[str]:
    """The lines that go into a pipe."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out):
        patch.setenv("COLUMNS", str(columns))
        BarPlot(bars, parts, "kWh", ascii_only=ascii_only).print()
    out.seek(0)
    return out.read().splitlines()


def test_in_a_pipe_a_plot_is_plain_text_80_columns_wide() -> None:
    assert drawn([bar("Mon", 10.0, 5.0), bar("Tue", 20.0)]) == [
        "Mon ┤" + 34 * "█" + 16 * "▒" + " 15.00",
        "Tue ┤" + 67 * "█" + " 20.00",
        "    └┬────────────────┬────────────────┬───────────────┬────────────────┬───────",
        "     0                5               10              15               20 kWh",
        "█ Off-peak  ▒ Peak  ░ Subscription",
    ]


@pytest.mark.parametrize("columns", [24, 40, 60, 133, 250])
def test_a_plot_is_as_wide_as_columns_says(columns: int) -> None:
    shown = drawn([bar("Mon", 10.0, 5.0)], columns=columns)
    assert max(map(len, shown)) == columns
    assert any(line.endswith("15 kWh") for line in shown)


@pytest.mark.parametrize("columns", ["0", "-3", "many", "7"])
def test_a_width_that_cannot_be_is_drawn_all_the_same(columns: str) -> None:
    assert drawn([bar("Mon", 10.0, 5.0)], columns=columns)[0].startswith("Mon ┤█")


amounts = st.one_of(st.just(0.0), st.floats(0.001, 500.0))


@given(st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=130), st.integers(24, 200), st.booleans())
def test_a_bar_is_as_long_as_its_value_and_its_parts_keep_their_order(
    values: list[tuple[float, ...]], columns: int, ascii_only: bool
) -> None:
    bars = [bar(f"{place:03}", *row) for place, row in enumerate(values)]
    shown = drawn(bars, columns=columns, ascii_only=ascii_only)
    top = round_top(max(map(sum, values)) or 1)
    wide = columns - 6 - max(7, *(len(one.told) for one in bars))
    for line, one, row in zip(shown, bars, values, strict=False):
        assert len(line) <= columns
        cells = re.fullmatch(rf"{one.title} [|┤](.*?) ?{re.escape(one.told)}", line)
        assert cells, line
        length = sum(EIGHTHS.find(sign) / 8 if sign in EIGHTHS else 1 for sign in cells[1])
        assert abs(length - sum(row) / top * wide) <= 1
        assert bool(cells[1]) is (sum(row) > 0)
        order = [place for sign in cells[1] for place in ("#█", "=▒", "-░") if sign in place]
        assert order == sorted(order, key=["#█", "=▒", "-░"].index)
    axis, figures = shown[len(bars) : len(bars) + 2]
    assert axis.startswith("    +" if ascii_only else "    └")
    assert float(figures.split()[-2].replace(",", "")) == pytest.approx(top)
    assert figures.endswith(" kWh")
    assert not ascii_only or "".join(shown).isascii()


def test_a_small_end_is_told_in_eighths_of_a_cell() -> None:
    ends = [drawn([bar("Mon", 100.0), bar("Tue", value)], columns=113)[1] for value in (0.01, 0.5, 20.5)]
    assert [re.sub(" .*", "", end.partition("┤")[2]) for end in ends] == ["▏", "▌", 20 * "█" + "▌"]


def test_nothing_drawn_is_an_axis() -> None:
    shown = drawn([Bar("...", {}, ""), bar("Tue", 0.0, 0.0)])
    assert [line.rstrip() for line in shown[:2]] == ["... ┤", "Tue ┤0.00"]
    assert shown[3].split() == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0", "kWh"]


def test_a_single_part_needs_no_legend() -> None:
    assert len(drawn([bar("Mon", 10.0)], {"HC": PARTS["HC"]})) == 3


def test_a_long_legend_breaks_between_names() -> None:
    parts = {str(place): Part(f"Period number {place}", "peak") for place in range(9)}
    legend = drawn([Bar("Mon", {"0": 1.0}, "")], parts, columns=50)[3:]
    assert [name for line in legend for name in re.findall(r"Period number \d", line)] == [
        part.name for part in parts.values()
    ]
    assert max(map(len, legend)) <= 50


def test_what_cannot_be_encoded_is_drawn_in_ascii() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    with redirect_stdout(out):
        BarPlot([bar("Mon", 10.0, 5.0)], PARTS, "kWh").print()
    out.seek(0)
    assert out.read().startswith("Mon |###")


def test_years_of_days_are_one_plot_with_one_axis() -> None:
    shown = drawn([bar(f"{place}", place) for place in range(1000)])
    assert sum("└" in line for line in shown) == 1
    for place, line in enumerate(shown[:1000]):
        assert abs(line.count("█") - place / 1000 * 66) <= 1


SCRIPT = """
from linkytui.commands.plot import Bar, BarPlot, Part
parts = {"HC": Part("Off-peak", "off-peak"), "HP": Part("Peak", "peak"), "W": Part("White", "white-peak")}
BarPlot([Bar("Mon", {"HC": 4.0, "HP": 4.0, "W": 2.0}, "10")], parts, "kWh").print()
"""


@pytest.mark.parametrize(
    ("environment", "signs", "colours"),
    [
        ([], "█", {"green", "magenta", "default"}),
        (["TERM=linux"], "█", {"green", "magenta", "default"}),
        (["NO_COLOR=1"], "█▒░", {"default"}),
        (["TERM=dumb"], "█▒░", {"default"}),
    ],
)
def test_a_terminal_gets_colours_where_it_has_and_wants_them(
    environment: list[str], signs: str, colours: set[str]
) -> None:
    with Terminal(["env", *environment, sys.executable, "-c", SCRIPT], columns=60) as terminal:
        assert terminal.ended() == 0
        row = terminal.text.splitlines()[0]
        assert row.rstrip().endswith(" 10")
        assert set(row) & set("█▒░") == set(signs)
        assert {colour for sign, colour in terminal.signs(0) if sign in "█▒░"} == colours
