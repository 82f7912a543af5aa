"""The dashboard, which answers at a glance: how much now, is that a lot, which period, what will it cost."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import var
from textual.screen import Screen

from linkytui.line.playback import Playback
from linkytui.link import Link
from linkytui.reading import Reading
from linkytui.reading.active_power import ActivePower
from linkytui.reading.ahead import Outlook
from linkytui.reading.lap import LapFigures
from linkytui.reading.outlook import Hours
from linkytui.tui.compositor import LeanCompositor
from linkytui.tui.messages import PowerSample
from linkytui.tui.power_columns import column_seconds
from linkytui.tui.widgets.banner import Banner
from linkytui.tui.widgets.cost import CostPanel
from linkytui.tui.widgets.key_line import KeyLine
from linkytui.tui.widgets.lap_bar import LapBar
from linkytui.tui.widgets.link_line import LinkLine
from linkytui.tui.widgets.period import PeriodPanel
from linkytui.tui.widgets.power import PowerPanel
from linkytui.tui.widgets.registers import RegistersPanel
from linkytui.tui.widgets.replay_bar import ReplayBar
from linkytui.tui.widgets.strip import LiveStrip
from linkytui.tui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from linkytui.billing.costs import Costs
    from linkytui.history.today import Today

_TALL: Final = 32  # rows from which on the day's curve has room below the strip

_FEW_REGISTERS: Final = 4  # registers that fit the lower row of panels at its usual height


class Dashboard(Screen[None]):
    """Power, period, the last minutes, registers and cost, and whether all that can be trusted."""

    reading: var[Reading | None] = var(None)
    link: var[Link] = var(Link())
    now: var[float] = var(0.0)
    clock: var[str] = var("")
    day: var[date | None] = var(None)
    samples: var[tuple[PowerSample, ...]] = var((), init=False, always_update=True)
    active: var[ActivePower | None] = var(None)
    today: var["Today | None"] = var(None)
    costs: var["Costs | None"] = var(None)
    called: var[Mapping[str, str]] = var({})  # what meter and offer call the registers of an own calendar
    ahead: var[Outlook | None] = var(None)
    hours: var[Hours | None] = var(None)
    lap: var[LapFigures | None] = var(None)
    playback: var[Playback | None] = var(None)
    tag: var[str] = var("")
    trouble: var[str] = var("")  # what is wrong with the history
    troubled: var[tuple[str, ...]] = var(())  # names of the callbacks that fail, wherever they run
    trouble_words: var[str] = var("")  # what is wrong with the first of them
    frozen: var[bool] = var(False)
    limit: var[float | None] = var(None)  # subscribed power in VA
    energy_today: var[Mapping[str, int] | None] = var(None)  # Wh per register since midnight
    old: var[bool] = var(False)  # what is shown is not of now

    def __init__(self, *, pace: float = 1.0, billed: bool = True, id: str | None = None) -> None:  # noqa: A002
        """pace: how fast the source's time goes; the faster, the wider in time the columns of the strip.
        billed: whether costs are worked out here.
        id: Textual's.
        """
        super().__init__(id=id)
        self._compositor = LeanCompositor()
        self._pace = pace
        self._billed = billed

    def compose(self) -> ComposeResult:
        mine = Dashboard
        yield TopBar(id="top").data_bind(mine.reading, mine.ahead, mine.clock, mine.day, mine.tag, mine.frozen)
        with Horizontal(id="now"):
            yield PowerPanel(id="power").data_bind(mine.reading, mine.active, mine.today, mine.old)
            yield PeriodPanel(id="period").data_bind(mine.reading, mine.ahead, mine.hours, mine.called)
        yield Banner().data_bind(mine.link, mine.reading, mine.now, mine.trouble)
        yield LiveStrip(seconds=column_seconds(self._pace), id="strip").data_bind(mine.samples, mine.limit, mine.called)
        with Horizontal(id="counts"):
            yield RegistersPanel(id="registers").data_bind(mine.reading, mine.called, today=mine.energy_today)
            yield CostPanel(billed=self._billed, id="cost").data_bind(mine.costs, mine.reading, mine.active)
        yield LapBar(id="lap").data_bind(mine.lap)
        yield ReplayBar(id="replay").data_bind(mine.playback)
        yield LinkLine(id="link").data_bind(mine.link, mine.now, mine.troubled, mine.trouble_words)
        yield KeyLine()

    def watch_reading(self, reading: Reading | None) -> None:
        subscribed = reading.subscribed if reading else None
        self.limit = None if subscribed is None else subscribed * 1000
        self.set_class(reading is not None and len(reading.registers) > _FEW_REGISTERS, "-many-registers")

    def watch_today(self, today: "Today | None") -> None:
        self.energy_today = today.span.wh if today else None
        self._show_curve()

    def on_resize(self) -> None:
        """A tall terminal has room for the day's curve."""
        self._show_curve()

    def _show_curve(self) -> None:
        """Draw the day's curve where there is room for it."""
        today = self.today
        if today is None or self.size.height < _TALL:
            return
        from linkytui.tui.widgets.day_curve import DayCurve  # after the first paint

        curves = self.query(DayCurve)
        if not curves:
            self.mount(DayCurve(today), before="#counts")
        else:
            curves.first().today = today

    def watch_link(self, link: Link) -> None:
        self.old = link.state.value not in ("live", "waiting")

    def watch_playback(self, old: Playback | None, new: Playback | None) -> None:
        if not self.is_mounted or new is None or (old is not None and old.speed == new.speed):
            return
        self.query_one(KeyLine).places = ("replay", "everywhere")
        strip = self.query_one(LiveStrip)
        seconds = column_seconds(new.speed)
        if strip.strip.seconds != seconds:
            strip.restart(seconds)

    def forget(self) -> None:
        """Another moment or another meter: the strip begins anew."""
        for strip in self.query(LiveStrip):  # none any more where the program is about to end
            strip.restart()
