"""The history screen: a day's curve, or bars of energy, beside the period before; laps."""

from datetime import datetime
from decimal import Decimal

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from linkytui.i18n import _, number, short_date, time_of_day
from linkytui.tui import charts
from linkytui.tui.glyphs import euros, glyphs
from linkytui.tui.history_view import View, ViewData, Zoom, read_view, with_costs
from linkytui.tui.messages import LapMarked
from linkytui.tui.page import Page
from linkytui.tui.session import Session
from linkytui.tui.tints import tint_of
from linkytui.tui.widgets.chart import Chart
from linkytui.tui.widgets.lines import Lines, clickable, sides
from linkytui.wording.terms import kwh, register_name


class FiguresTable(Lines):
    """Energy by register and in all, mean, peak, base load; this stretch, the one before, and the difference."""

    shown: var[ViewData | None] = var(None)

    def watch_shown(self) -> None:
        self.update()

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002
        shown = self.shown
        if shown is None:
            return []
        now, before = shown.figures, shown.figures_before
        if not any(figures.wh or figures.power for figures in (now, before)):
            return []
        rows = [_row("", _("this one"), glyphs().before + " " + _("before"), "", width, "$quiet")]
        rows += [
            _energy_row(register_name(name), now.wh.get(name), before.wh.get(name), width, tint_of(name))
            for name in shown.registers
        ]
        if len(shown.registers) != 1:
            rows.append(_energy_row(_("Total"), now.total_wh, before.total_wh, width, None))
        if now.injected_wh is not None:
            rows.append(_energy_row(_("Injected"), now.injected_wh, before.injected_wh, width, "injection"))
        if now.cost is not None:
            rows.append(_cost_row(now.cost, before.cost, width))
        both = (now.power, before.power)
        rows.append(_power_row(_("Mean"), *(power.mean if power else None for power in both), width=width))
        rows.append(_power_row(_("Highest"), *(power.max if power else None for power in both), width=width))
        rows.append(_power_row(_("Base load"), now.base_load, before.base_load, width=width))
        return rows


_NARROW = 60  # cells below which the difference finds no room


def _columns(now: str, before: str, change: str, width: int) -> tuple[str, str]:
    """The figure of this stretch, and those that stand beside it."""
    wide = 13 if width >= _NARROW else 12
    return f"{now:>{wide}}", f"{before:>{wide}}" + (f"{change:>9}" if width >= _NARROW else "")


def _row(name: str, now: str, before: str, change: str, width: int, style: str = "") -> Content:
    return sides(
        Content.styled(name, style), Content.styled("".join(_columns(now, before, change, width)), style), width
    )


def _energy_row(name: str, now: int | None, before: int | None, width: int, tint: str | None) -> Content:
    def energy(value: int | None) -> str:
        return "" if value is None else f"{kwh(value, 2)} kWh"

    change = f"{(now - before) / before * 100:+.0f} %" if now is not None and before else ""
    first, others = _columns(energy(now), energy(before or None), change, width)
    cells = Content.assemble((first, "bold"), (others, "$quiet"))
    return sides(Content.styled(name, f"$tint-{tint}" if tint else "bold"), cells, width)


def _cost_row(now: Decimal, before: Decimal | None, width: int) -> Content:
    change = f"{(now - before) / before * 100:+.0f} %" if before else ""
    first, others = _columns(euros(now), euros(before) if before is not None else "", change, width)
    return sides(Content.styled(_("Cost"), "bold"), Content.assemble((first, "bold"), (others, "$quiet")), width)


def _power_row(name: str, now: int | None, before: int | None, *, width: int) -> Content:
    def power(volt_amperes: int | None) -> str:
        return "" if volt_amperes is None else f"{number(volt_amperes)} VA"

    first, others = _columns(power(now), power(before), "", width)
    return sides(Content.styled(name, "$quiet"), Content.assemble(first, (others, "$quiet")), width)


_CURSOR_STEP = 300.0  # seconds that the cursor moves on a day's curve


class HistoryScreen(Page, keys="history"):
    """One stretch of the past at a time. What it shows is read in a thread."""

    view: var[View | None] = var(None)
    shown: var[ViewData | None] = var(None)
    moments: var[tuple[float, ...]] = var(())
    """Seconds since 1970: the moment under the cursor while one marks a lap, after the first one if it is set."""

    def __init__(self, session: Session) -> None:
        """Args: session: one that keeps a history."""
        super().__init__()
        self._reader = session.history
        self._clock = session.now
        self._session = session
        self._cycle = session.settings.billing.cycle

    def body(self) -> ComposeResult:
        with Vertical(id="past"):
            yield Chart(id="chart")
        yield FiguresTable(id="figures").data_bind(HistoryScreen.shown)

    def on_mount(self) -> None:
        self.view = View.around(Zoom.DAY, self._now().date(), self._cycle)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), self._reader.zone)

    def watch_view(self, view: View | None) -> None:
        self.moments = ()
        if view is not None:
            self._entitle()
            self.load()

    def watch_moments(self) -> None:
        if self.shown is not None:
            self._show(self.shown)

    def load(self) -> None:
        """Ask the history, in a thread; a newer question drops the older one."""
        view, now = self.view, self._now()
        if view is None:
            return

        self.ask(lambda: read_view(self._reader, view, now), self._answer)

    def _answer(self, shown: ViewData) -> None:
        """Show what was recorded; what it cost takes longer, and comes after."""
        self._show(shown)
        if self._session.billed and shown.figures.wh:
            at = self._clock()
            self.ask(lambda: with_costs(self._session.account(), shown, at), self._show, group="cost")

    def complain(self, trouble: str) -> None:
        self.shown = self.query_one(Chart).plan = None
        super().complain(trouble)

    def _show(self, shown: ViewData) -> None:
        if shown.view != self.view:
            return  # an answer to an older question
        self.shown = shown
        if shown.view.zoom is Zoom.DAY:
            moments = self.moments
            self.query_one(Chart).plan = lambda canvas: charts.curve(shown, canvas, moments)
        else:
            self.query_one(Chart).plan = lambda canvas: charts.bars(shown, canvas)
        self.note(self._marking() if self.moments else _note(shown))

    def _marking(self) -> Content:
        """What the next key does while one marks."""
        times = [time_of_day(datetime.fromtimestamp(moment, self._reader.zone)) for moment in self.moments]
        if len(times) == 1:
            return Content.assemble((times[0], "bold"), "  " + _("← → move, m marks the start, Esc stops"))
        return Content.assemble((" - ".join(times), "bold"), "  " + _("← → move, m marks the end, Esc stops"))

    def speak(self) -> None:
        self._entitle()
        if self.shown is not None:
            self._show(self.shown)

    def _entitle(self) -> None:
        view = self.view
        if view is None:
            return
        back, on = (
            clickable(Content.styled(f" {sign} ", "bold $accent"), f"screen.move({direction})")
            for sign, direction in ((glyphs().back, -1), (glyphs().on, 1))
        )
        left = back + Content.styled(view.title, "bold") + on
        choices = Content("").join(_choice(zoom, chosen=zoom is view.zoom) for zoom in Zoom)
        width = max(self.size.width - 1, 1)
        if left.cell_length + choices.cell_length >= width:
            choices = _choice(view.zoom, chosen=True)  # the keys below lead to the others
        self.query_one("#title", Static).update(sides(left, choices, width))

    def on_resize(self) -> None:
        """The title fills the row."""
        self._entitle()

    def action_leave(self) -> None:
        """Stop marking, or go back to where one came from."""
        if self.moments:
            self.moments = ()
        else:
            super().action_leave()

    def action_mark(self) -> None:
        """Begin to mark a lap in the middle of what a day's curve shows; then set its beginning, then its end."""
        shown = self.shown
        if shown is None or shown.view.zoom is not Zoom.DAY or not shown.curve:
            return
        if len(self.moments) < 2:
            begin = self.moments or (shown.curve[len(shown.curve) // 2].at,)
            self.moments = begin if not self.moments else (begin[0], begin[0] + _CURSOR_STEP)
            return
        start, end = sorted(self.moments)
        self.moments = ()

        self.ask(lambda: self._reader.measure(start, end), lambda lap: self.post_message(LapMarked(lap)), group="lap")

    def action_move(self, direction: int) -> None:
        """One stretch back or on; never past the one that runs."""
        if self.moments and self.shown is not None:
            moved = self.moments[-1] + direction * _CURSOR_STEP
            start, end = self.shown.start.timestamp(), self.shown.end.timestamp()
            self.moments = (*self.moments[:-1], min(max(moved, start), end - _CURSOR_STEP))
            return
        if self.view is not None:
            view = self.view.next if direction > 0 else self.view.before
            if view.first <= self._now().date():
                self.view = view

    def action_zoom(self, zoom: str) -> None:
        """Look further, or nearer, around the same time."""
        if self.view is not None:
            today = self._now().date()
            day = today if self.view.first <= today < self.view.after else self.view.first
            self.view = View.around(Zoom(zoom), day, self._cycle)

    def action_today(self) -> None:
        """Back to now."""
        if self.view is not None:
            self.view = View.around(self.view.zoom, self._now().date(), self._cycle)


def _choice(zoom: Zoom, *, chosen: bool) -> Content:
    """A zoom by its name, to be clicked; the one that is shown stands out."""
    name = {Zoom.DAY: _("Day"), Zoom.WEEK: _("Week"), Zoom.MONTH: _("Month"), Zoom.YEAR: _("Year")}[zoom]
    if chosen:
        return Content.styled(f" {name} ", "bold $background on $accent")
    return clickable(Content(f" {name} "), f"screen.zoom('{zoom.value}')")


def _note(shown: ViewData) -> Content:
    """When the peak was, how much of the time was recorded, what the signs mean."""
    figures = shown.figures
    facts = []
    if not figures.wh and figures.power is None:
        return Content.styled(_("Nothing was recorded then."), "$quiet")
    if figures.power is not None:
        at = figures.power.max_at
        moment = time_of_day(at) if shown.view.zoom is Zoom.DAY else f"{short_date(at)} {time_of_day(at)}"
        facts.append(_("peak at {moment}").format(moment=moment))
    facts.append(_("recorded: {share} %").format(share=number(figures.covered * 100)))
    if figures.estimated_wh:
        facts.append(_("{energy} kWh estimated over gaps, hatched").format(energy=kwh(figures.estimated_wh, 2)))
    return Content.styled("  ".join(facts), "$quiet")
