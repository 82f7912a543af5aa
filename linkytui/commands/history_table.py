"""The history for people: as a table, or as bars."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from linkytui.billing.over_time import SpanCost
from linkytui.civil.spans import By
from linkytui.history import Span
from linkytui.i18n import _, month, number, short_date, weekday
from linkytui.looks import colourless
from linkytui.reading import REGISTERS
from linkytui.tui.tints import tint_of
from linkytui.wording.terms import kwh, money, register_name

_DECIMALS: Final = {By.HOUR: 3, By.DAY: 2, By.MONTH: 1, By.YEAR: 0}
_WIDE: Final = 200  # columns where there is no terminal: nothing is cut for a file or a pager
_ROOMY: Final = 100  # columns from which on there is room between those of the table
_FEW: Final = 2  # lines without a record that may follow each other


def print_table(
    spans: Sequence[Span],
    by: By,
    now: float,
    costs: Sequence[SpanCost | None],
    called: Mapping[str, str],
    *,
    ascii_only: bool = False,
) -> None:
    """Print spans, a line each with what it cost, and their sum.

    `called`: what meter and offer call the registers of a supplier's own calendar.
    """
    shown = _registers(spans)
    injects = any(span.injected_wh is not None for span in spans)
    decimals = _DECIMALS[by]
    lines = box.ASCII2 if ascii_only else box.SIMPLE_HEAD
    console = Console(
        highlight=False, width=None if sys.stdout.isatty() else _WIDE, color_system=None if colourless() else "auto"
    )
    room = (0, 1 if console.width >= _ROOMY else 0)
    table = Table(box=lines, show_footer=len(spans) > 1, pad_edge=False, collapse_padding=True, padding=room)
    table.add_column(_heading(by), _("Sum"), no_wrap=True)

    def add(heading: str, total: str, cells: Iterable[str], style: str = "") -> None:
        """A column of figures, never cut; its heading may take two lines."""
        width = max(map(len, (total, *cells, *heading.split())))
        table.add_column(heading, total, justify="right", min_width=width, style=style)

    for name in shown if len(shown) > 1 else ():
        figures = [kwh(span.wh.get(name, 0), decimals) for span in spans]
        add(register_name(name, called), kwh(sum(span.wh.get(name, 0) for span in spans), decimals), figures)
    add(_("Total kWh"), _energy(spans, decimals), (_energy([span], decimals) for span in spans), "bold")
    if injects:
        injected = sum(span.injected_wh or 0 for span in spans)
        add(_("Injected"), kwh(injected, decimals), (kwh(span.injected_wh or 0, decimals) for span in spans))
    billed = any(costs)
    if billed:
        whole = sum((cost.total for cost in costs if cost is not None), Decimal(0))
        add("EUR", money(whole), (money(cost.total) for cost in costs if cost is not None))
    add(_("Mean VA"), "", (_power(span, by)[0] for span in spans))
    table.add_column(_("Peak VA"), justify="right", no_wrap=True)
    table.add_column(_("Recorded"), justify="right", no_wrap=True)
    amounts = {span.start: cost for span, cost in zip(spans, costs, strict=True)}
    for span in _shortened(spans):
        if span is None:
            table.add_row("...")
            continue
        cells = [_title(span, by)]
        cells += [kwh(span.wh[name], decimals) if name in span.wh else "" for name in shown if len(shown) > 1]
        cells.append(_energy([span], decimals))
        if injects:
            cells.append("" if span.injected_wh is None else kwh(span.injected_wh, decimals))
        if billed:
            cost = amounts[span.start]
            cells.append("" if cost is None else money(cost.total))
        cells += _power(span, by)
        cells.append(_covered(span, now))
        table.add_row(*map(Text, cells))
    console.print(table)
    if len(shown) > 1 and billed:
        click.echo(_by_register([cost for cost in costs if cost is not None], shown, called))


def _by_register(costs: Sequence[SpanCost], registers: Sequence[str], called: Mapping[str, str]) -> str:
    """What each register cost in all, and the subscription."""
    sums = {name: sum((cost.energy.get(name, Decimal(0)) for cost in costs), Decimal("0.00")) for name in registers}
    parts = [f"{register_name(name, called)} {money(amount)}" for name, amount in sums.items()]
    subscription = sum((cost.subscription for cost in costs), Decimal("0.00"))
    if subscription:
        parts.append(_("subscription") + f" {money(subscription)}")
    return "EUR: " + ", ".join(parts)


def print_plot(spans: Sequence[Span], by: By, called: Mapping[str, str], *, ascii_only: bool = False) -> None:
    """Draw spans as bars, a row each, and print their sum; `called` as above."""
    from linkytui.commands.plot import Bar, BarPlot, Part  # plotext: a table needs none

    decimals, registers = _DECIMALS[by], _registers(spans)
    bars = [
        Bar("...", {}, "")
        if span is None
        else Bar(_title(span, by), {name: span.wh.get(name, 0) / 1000 for name in registers}, _energy([span], decimals))
        for span in _shortened(spans)
    ]
    parts = {name: Part(register_name(name, called), tint_of(name)) for name in registers}
    BarPlot(bars, parts, "kWh", ascii_only=ascii_only).print()
    if len(spans) > 1:
        click.echo(" ".join((_("Sum"), _energy(spans, decimals), "kWh")))
    if any(span.estimated_wh for span in spans):
        click.echo(_("~ partly estimated: used while nothing was recorded"))


def _registers(spans: Sequence[Span]) -> list[str]:
    """The registers that counted, in the meter's order."""
    registers = dict.fromkeys(name for names in REGISTERS.values() for name in names)
    present = {name for span in spans for name in span.wh}
    return [name for name in registers if name in present]


def _shortened(spans: Sequence[Span]) -> Iterator[Span | None]:
    """The spans, None in the place of several that follow each other without a record."""
    for empty, some in groupby(spans, lambda span: not span.wh and not span.covered_s):
        run = list(some)
        if empty and len(run) > _FEW:
            yield None
        else:
            yield from run


def _heading(by: By) -> str:
    return {By.HOUR: _("Hour"), By.DAY: _("Day"), By.MONTH: _("Month"), By.YEAR: _("Year")}[by]


def _title(span: Span, by: By) -> str:
    start = span.start
    match by:
        case By.HOUR:
            return f"{short_date(start)} {start.year} {start:%H:%M}"
        case By.DAY:
            return f"{weekday(start)} {short_date(start)} {start.year}"
        case By.MONTH:
            last = (span.end - timedelta(hours=1)).date()
            calendar = start.day == 1 and last.month == start.month
            return month(start) if calendar else f"{short_date(start)} - {short_date(last)} {last.year}"
        case By.YEAR:
            return str(start.year)


def _energy(spans: Sequence[Span], decimals: int) -> str:
    """The energy of some spans in kWh; marked where a part of it is estimated."""
    if not any(span.wh for span in spans):
        return ""
    mark = "~" if any(span.estimated_wh for span in spans) else ""
    return mark + kwh(sum(span.total_wh for span in spans), decimals)


def _power(span: Span, by: By) -> list[str]:
    power = span.power
    if power is None:
        return ["", ""]
    when = f"{power.max_at:%H:%M}" if by in (By.HOUR, By.DAY) else f"{short_date(power.max_at)} {power.max_at:%H:%M}"
    return [number(power.mean), f"{number(power.max)}  {when}"]


def _covered(span: Span, now: float) -> str:
    """The part of the span, as far as it has passed, that was recorded."""
    passed = min(span.end.timestamp(), now) - span.start.timestamp()
    if passed <= 0:
        return ""
    share = min(100, int(100 * span.covered_s / passed + 0.5))
    return _("{share}%").format(share=share)
