"""The figures of a stretch of the past beside those of the one before it."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Final, NamedTuple

from textual.content import Content
from textual.reactive import var

from linkytui.i18n import _, number, short_date, time_of_day
from linkytui.tui.glyphs import euros, glyphs
from linkytui.tui.history_view import ViewData, Zoom
from linkytui.tui.tints import tint_of
from linkytui.tui.widgets.lines import Lines
from linkytui.wording.terms import kwh, money, register_name


class _Columns(NamedTuple):
    """Cells of each column of a table."""

    name: int
    now: int
    cost: int
    before: int
    change: int


_ENERGY: Final = _Columns(18, 10, 11, 20, 8)
_POWER: Final = _Columns(12, 10, 0, 20, 0)
_BOTH: Final = _Columns(18, 13, 11, 20, 9)
"""One below the other, with a unit behind each figure."""

_NARROW: Final = _Columns(18, 12, 0, 16, 0)
_BETWEEN: Final = 4  # cells between two tables side by side


class Row(NamedTuple):
    """A line of the table, in words."""

    name: str
    style: str
    now: str  # this stretch
    before: str  # the one before
    change: str = ""
    cost: str = ""  # EUR of this stretch


class FiguresTable(Lines):
    """Energy by register and in all, mean, peak, base load: this stretch, the same part of the one before, and the
    difference.
    """

    shown: var[ViewData | None] = var(None)

    def watch_shown(self) -> None:
        self.update()

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002
        shown = self.shown
        if shown is None or not any(each.wh or each.power for each in (shown.figures, shown.figures_before)):
            return []
        before = f"{glyphs().before} {_before(shown)}"
        power = _power_rows(shown)
        if width >= sum(_ENERGY) + _BETWEEN + sum(_POWER):
            left = [
                _line(row, _ENERGY)
                for row in (_heading("kWh", before, shown), *_energy_rows(shown), *_cost_rows(shown))
            ]
            right = [_line(row, _POWER) for row in (_heading("VA", before), *power)]
            blank = Content(" " * sum(_ENERGY))
            gap = Content(" " * _BETWEEN)
            return [(one or blank) + gap + (other or Content("")) for one, other in zip_longest(left, right)]
        columns = (
            _BOTH
            if width >= sum(_BOTH)
            else _NARROW._replace(name=min(_NARROW.name, width - _NARROW.now - _NARROW.before))
        )
        energy, cost = _energy_rows(shown), _cost_rows(shown, named=columns.cost > 0)
        heading = _heading("", before, shown)
        if not columns.cost:
            heading = Row("", "$quiet", "", _before(shown))  # no room for more
        rows = (heading, *_with_unit(energy, "kWh"), *cost, *_with_unit(power, "VA"))
        return [_line(row, columns) for row in rows]


def _heading(unit: str, before: str, shown: ViewData | None = None) -> Row:
    priced = shown is not None and shown.figures.costs
    return Row(unit, "$quiet", _("this one"), before, cost=glyphs().euro if priced else "")


def _before(shown: ViewData) -> str:
    """What stands beside this stretch: the one before, or its part up to the same minute."""
    cut = shown.cut
    if cut is None:
        return _("before")
    time = time_of_day(cut)
    if shown.view.zoom is Zoom.DAY:
        return _("to {time}").format(time=time)
    return _("to {moment}").format(moment=f"{short_date(cut)} {time}")


def _energy_rows(shown: ViewData) -> list[Row]:
    now, before, costs = shown.figures, shown.figures_before, shown.figures.costs
    rows = [
        _energy(
            register_name(name, shown.called),
            f"$tint-{tint_of(name)}",
            now.wh.get(name),
            before.wh.get(name),
            costs.get(name),
        )
        for name in shown.registers
    ]
    if len(shown.registers) != 1:
        spent = sum(costs.values(), Decimal("0.00")) if costs else None
        rows.append(_energy(_("Total"), "bold", now.total_wh, before.total_wh, spent))
    if now.injected_wh is not None:
        rows.append(_energy(_("Injected"), "$tint-injection", now.injected_wh, before.injected_wh))
    return rows


def _cost_rows(shown: ViewData, *, named: bool = True) -> list[Row]:
    """What is paid in all; `named`: that the subscription is in it."""
    now, before = shown.figures.cost, shown.figures_before.cost
    if now is None:
        return []
    change = f"{(now - before) / before * 100:+.0f} %" if before else ""
    then = "" if before is None else euros(before)
    if named:
        return [Row(_("With subscription"), "bold", "", then, change, money(now))]
    return [Row(_("Cost"), "bold", euros(now), then, change)]


def _power_rows(shown: ViewData) -> list[Row]:
    now, before = shown.figures, shown.figures_before
    both = (now.power, before.power)
    return [
        _power(_("Mean"), *(power.mean if power else None for power in both)),
        _power(_("Highest"), *(power.max if power else None for power in both)),
        _power(_("Base load"), now.base_load, before.base_load),
    ]


def _energy(name: str, style: str, now: int | None, before: int | None, cost: Decimal | None = None) -> Row:
    def energy(value: int | None) -> str:
        return "" if value is None else kwh(value, 2)

    change = f"{(now - before) / before * 100:+.0f} %" if now is not None and before else ""
    return Row(name, style, energy(now), energy(before or None), change, "" if cost is None else money(cost))


def _power(name: str, now: int | None, before: int | None) -> Row:
    def power(volt_amperes: int | None) -> str:
        return "" if volt_amperes is None else number(volt_amperes)

    return Row(name, "$quiet", power(now), power(before))


def _with_unit(rows: Sequence[Row], unit: str) -> list[Row]:
    """The same rows with a unit behind each figure."""

    def told(text: str) -> str:
        return f"{text} {unit}" if text else ""

    return [row._replace(now=told(row.now), before=told(row.before)) for row in rows]


def _line(row: Row, columns: _Columns) -> Content:
    """A row whose figures stand right beside its name."""
    cells = Content.styled(row.name, row.style).truncate(columns.name, ellipsis=True)
    strong = "bold" if row.change or not row.before else ""
    figures = Content.assemble(
        (row.now.rjust(columns.now), strong),
        (row.cost.rjust(columns.cost) if columns.cost else "", strong),
        (row.before.rjust(columns.before), "$quiet"),
        (row.change.rjust(columns.change) if columns.change else "", "$quiet"),
    )
    return cells + " " * (columns.name - cells.cell_length) + figures
