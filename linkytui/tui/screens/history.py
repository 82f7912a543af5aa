"""The history screen: a day's curve, or bars of energy, beside the period before; laps."""

from datetime import date, datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from linkytui.history import Span
from linkytui.i18n import _, month, number, short_date, time_of_day, weekday
from linkytui.tui import charts
from linkytui.tui.glyphs import glyphs
from linkytui.tui.history_view import View, ViewData, Zoom, read_view, with_costs
from linkytui.tui.messages import LapMarked
from linkytui.tui.page import Page
from linkytui.tui.pictures import PICTURES, Pattern, Picture, picture_name, read_pattern
from linkytui.tui.session import Session
from linkytui.tui.tints import badge
from linkytui.tui.widgets.chart import Chart
from linkytui.tui.widgets.figures_table import FiguresTable
from linkytui.tui.widgets.lines import clickable, sides
from linkytui.wording.terms import kwh

_CURSOR_STEP = 300.0  # seconds that the cursor moves on a day's curve


class HistoryScreen(Page, keys="history"):
    """One stretch of the past at a time. What it shows is read in a thread."""

    view: var[View | None] = var(None)
    shown: var[ViewData | None] = var(None)
    moments: var[tuple[float, ...]] = var(())
    """Seconds since 1970: the moment under the cursor while one marks a lap, after the first one if it is set."""
    picture: var[Picture] = var(Picture.USUAL)
    chosen: var[int | None] = var(None)  # the bar that is pointed at

    def __init__(self, session: Session) -> None:
        """Args: session: one that keeps a history."""
        super().__init__()
        self._reader = session.history
        self._clock = session.now
        self._session = session
        self._cycle = session.settings.billing.cycle
        self._pattern: Pattern | None = None
        self._from: View | None = None  # the view in which a bar was opened

    def body(self) -> ComposeResult:
        with Vertical(id="past"):
            yield Chart(id="chart")
        yield FiguresTable(id="figures").data_bind(HistoryScreen.shown)

    def on_mount(self) -> None:
        self.view = View.around(Zoom.DAY, self._now().date(), self._cycle)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock(), self._reader.zone)

    def watch_view(self, view: View | None) -> None:
        self.moments, self.chosen = (), None
        if view is None:
            return
        if self.picture not in PICTURES[view.zoom]:
            self.picture = Picture.USUAL  # asks, too
        else:
            self._entitle()
            self.load()

    def watch_picture(self) -> None:
        self.chosen = None
        self._entitle()
        self.load()

    def watch_chosen(self) -> None:
        if self.shown is not None:
            self._show(self.shown)

    def watch_moments(self) -> None:
        if self.shown is not None:
            self._show(self.shown)

    def load(self) -> None:
        """Ask the history, in a thread; a newer question drops the older one."""
        view, now = self.view, self._now()
        if view is None:
            return

        picture, reader = self.picture, self._reader
        self.ask(lambda: (read_view(reader, view, now), read_pattern(reader, view, picture)), self._take)

    def _take(self, answer: tuple[ViewData, Pattern | None]) -> None:
        shown, pattern = answer
        if shown.view == self.view and (pattern.picture if pattern else Picture.USUAL) is self.picture:
            self._pattern = pattern
            self._show(shown)  # else it answers an older question
            if self._session.billed and shown.figures.wh:
                # What it cost takes longer, and comes after.
                at = self._clock()
                self.ask(lambda: with_costs(self._session.account(), shown, at), self._show_cost, group="cost")

    def _show_cost(self, shown: ViewData) -> None:
        if shown.view == self.view:
            self._show(shown)

    def complain(self, trouble: str) -> None:
        self.shown = self.query_one(Chart).plan = None
        super().complain(trouble)

    def _show(self, shown: ViewData) -> None:
        self.shown = shown
        chart, pattern, moments, chosen = self.query_one(Chart), self._pattern, self.moments, self.chosen
        if pattern is not None:
            chart.plan = pattern.draw
        elif shown.view.zoom is Zoom.DAY:
            chart.plan = lambda canvas: charts.curve(shown, canvas, moments)
        else:
            chart.plan = lambda canvas: charts.bars(shown, canvas, chosen)
        if moments:
            self.note(self._marking())
        elif chosen is not None:
            self.note(_chosen(shown.view.zoom, shown.spans[chosen]))
        elif pattern is not None and shown.figures.wh:
            self.note(Content.styled(pattern.legend, "$quiet"))
        else:
            self.note(_note(shown))

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
        if self.picture is not Picture.USUAL:
            left += Content.styled(f"  {picture_name(self.picture)}", "$quiet")
        choices = Content("").join(_choice(zoom, chosen=zoom is view.zoom) for zoom in Zoom)
        width = max(self.size.width - 1, 1)
        if left.cell_length + choices.cell_length >= width:
            choices = _choice(view.zoom, chosen=True)  # the keys below lead to the others
        self.query_one("#title", Static).update(sides(left, choices, width))

    def on_resize(self) -> None:
        """The title fills the row."""
        self._entitle()

    def action_leave(self) -> None:
        """Stop marking or choosing, or go back to where one came from."""
        if self.moments:
            self.moments = ()
        elif self.chosen is not None:
            self.chosen = None
        elif self._from is not None:
            self.view, self._from = self._from, None
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
        self._from = None
        if self.view is not None:
            today = self._now().date()
            day = today if self.view.first <= today < self.view.after else self.view.first
            self.view = View.around(Zoom(zoom), day, self._cycle)

    def action_picture(self) -> None:
        """The next picture of the same stretch."""
        if self.view is not None:
            there = PICTURES[self.view.zoom]
            self.picture = there[(there.index(self.picture) + 1) % len(there)]

    def action_choose(self, direction: int) -> None:
        """Point at the next bar, or the one before; at first at the newest in which anything was recorded."""
        shown = self.shown
        if shown is None or shown.view.zoom is Zoom.DAY or self._pattern is not None:
            return
        last = max((place for place, span in enumerate(shown.spans) if span.wh), default=len(shown.spans) - 1)
        place = last if self.chosen is None else self.chosen + direction
        self.chosen = min(max(place, 0), len(shown.spans) - 1)

    def action_open(self) -> None:
        """Look into the bar that is pointed at."""
        if self.shown is not None and self.chosen is not None:
            self._open(self.shown.spans[self.chosen].start.date())

    def on_chart_picked(self, message: Chart.Picked) -> None:
        """A click on a bar, or on a day of a map, opens it."""
        if self.shown is None or self.view is None or self.view.zoom is Zoom.DAY:
            return
        what = message.what
        if isinstance(what, int):
            self._open(self.shown.spans[what].start.date())
        elif isinstance(what, date):
            self._open(what, day=self.picture is Picture.HOURS)

    def _open(self, first: date, *, day: bool = False) -> None:
        """Look at the day or the month that begins then; the way back leads to this view."""
        view = self.view
        if view is not None and first <= self._now().date():
            self._from = view
            self.view = View.around(Zoom.MONTH if view.zoom is Zoom.YEAR and not day else Zoom.DAY, first, self._cycle)

    def action_today(self) -> None:
        """Back to now."""
        if self.view is not None:
            self.view = View.around(self.view.zoom, self._now().date(), self._cycle)


def _choice(zoom: Zoom, *, chosen: bool) -> Content:
    """A zoom by its name, to be clicked; the one that is shown stands out."""
    name = {Zoom.DAY: _("Day"), Zoom.WEEK: _("Week"), Zoom.MONTH: _("Month"), Zoom.YEAR: _("Year")}[zoom]
    if chosen:
        return Content.styled(f" {name} ", badge("accent"))
    return clickable(Content(f" {name} "), f"screen.zoom('{zoom.value}')")


def _chosen(zoom: Zoom, span: Span) -> Content:
    """The bar that is pointed at, and what the next key does."""
    name = month(span.start) if zoom is Zoom.YEAR else f"{weekday(span.start)} {short_date(span.start)}"
    facts = [f"{kwh(span.total_wh, 2)} kWh"]
    if span.power is not None:
        facts.append(_("peak {power} VA").format(power=number(span.power.max)))
    return Content.assemble((f"{name}  ", "bold"), "  ".join(facts), ("  " + _("Enter opens it"), "$quiet"))


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
