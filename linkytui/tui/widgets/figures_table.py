"""The figures of a stretch of the past beside those of the one before it."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import Final

from textual.content import Content
from textual.reactive import var

from linkytui.i18n import _, number, short_date, time_of_day
from linkytui.tui.glyphs import euros, glyphs
from linkytui.tui.history_view import ViewData, Zoom
from linkytui.tui.tints import tint_of
from linkytui.tui.widgets.lines import Lines
from linkytui.wording.terms import kwh, register_name

_NAME: Final = 18  # cells of a row's name, at most
_NOW, _BEFORE = 12, 18  # cells of the figures
_CHANGE: Final = 9
_SHORT_ROW: Final = _NAME + _NOW + _BEFORE
_ROW: Final = _SHORT_ROW + _CHANGE
_BETWEEN: Final = 4  # cells between two tables side by side

Row = tuple[str, str, str, str, str]
"""Name, its style, this stretch, the one before, the difference."""


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
        energy, cost, power = _energy_rows(shown), _cost_rows(shown), _power_rows(shown)
        before = f"{glyphs().before} {_before(shown)}"
        if width >= _ROW + _BETWEEN + _SHORT_ROW:
            left = [_line(row, _ROW) for row in (_heading("kWh", before), *energy, *cost)]
            right = [_line(row, _SHORT_ROW) for row in (_heading("VA", before), *power)]
            gap, blank = Content(" " * _BETWEEN), Content(" " * _ROW)
            return [one + gap + other for one, other in zip_longest(left, right, fillvalue=blank)]
        return [
            _line(row, width)
            for row in (_heading("", before), *_with_unit(energy, "kWh"), *cost, *_with_unit(power, "VA"))
        ]


def _heading(unit: str, before: str) -> Row:
    return unit, "$quiet", _("this one"), before, ""


def _before(shown: ViewData) -> str:
    """What stands beside this stretch: the one before, or its part up to the same minute."""
    cut = shown.cut
    if cut is None:
        return _("before")
    time = time_of_day(cut)
    return _("to {moment}").format(moment=time if shown.view.zoom is Zoom.DAY else f"{short_date(cut)} {time}")


def _energy_rows(shown: ViewData) -> list[Row]:
    now, before = shown.figures, shown.figures_before
    rows = [
        _energy(register_name(name, shown.called), f"$tint-{tint_of(name)}", now.wh.get(name), before.wh.get(name))
        for name in shown.registers
    ]
    if len(shown.registers) != 1:
        rows.append(_energy(_("Total"), "bold", now.total_wh, before.total_wh))
    if now.injected_wh is not None:
        rows.append(_energy(_("Injected"), "$tint-injection", now.injected_wh, before.injected_wh))
    return rows


def _cost_rows(shown: ViewData) -> list[Row]:
    now, before = shown.figures.cost, shown.figures_before.cost
    return [] if now is None else [_cost(now, before)]


def _power_rows(shown: ViewData) -> list[Row]:
    now, before = shown.figures, shown.figures_before
    both = (now.power, before.power)
    return [
        _power(_("Mean"), *(power.mean if power else None for power in both)),
        _power(_("Highest"), *(power.max if power else None for power in both)),
        _power(_("Base load"), now.base_load, before.base_load),
    ]


def _energy(name: str, style: str, now: int | None, before: int | None) -> Row:
    def energy(value: int | None) -> str:
        return "" if value is None else kwh(value, 2)

    change = f"{(now - before) / before * 100:+.0f} %" if now is not None and before else ""
    return name, style, energy(now), energy(before or None), change


def _cost(now: Decimal, before: Decimal | None) -> Row:
    change = f"{(now - before) / before * 100:+.0f} %" if before else ""
    return _("Cost"), "bold", euros(now), euros(before) if before is not None else "", change


def _power(name: str, now: int | None, before: int | None) -> Row:
    def power(volt_amperes: int | None) -> str:
        return "" if volt_amperes is None else number(volt_amperes)

    return name, "$quiet", power(now), power(before), ""


def _with_unit(rows: Sequence[Row], unit: str) -> list[Row]:
    """The same rows with a unit behind each figure."""

    def told(text: str) -> str:
        return f"{text} {unit}" if text else ""

    return [(name, style, told(now), told(before), change) for name, style, now, before, change in rows]


def _line(row: Row, width: int) -> Content:
    """A row whose figures stand right beside its name; the difference gives way where there is no room for it."""
    name, style, now, before, change = row
    room = min(_NAME, width - _NOW - _BEFORE)
    cells = Content.styled(name, style).truncate(room, ellipsis=True)
    figures = Content.assemble(
        (now.rjust(_NOW), "bold" if change or not before else ""), (before.rjust(_BEFORE), "$quiet")
    )
    told = cells + " " * (room - cells.cell_length) + figures
    if width >= _ROW:
        told += Content.styled(change.rjust(_CHANGE), "$quiet")
    return told + " " * max(min(width, _ROW) - told.cell_length, 0)
