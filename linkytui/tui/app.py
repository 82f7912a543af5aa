"""The Textual application: it receives what the reading thread posts, and holds the state that widgets show."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from rich.console import RenderableType
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.reactive import var
from textual.screen import Screen

from linkytui.errors import HistoryError
from linkytui.i18n import Language, _
from linkytui.line.listener import Listener
from linkytui.line.pipeline import Pipeline
from linkytui.line.playback import Player
from linkytui.line.sources.base import Source
from linkytui.reading import Reading, Seen
from linkytui.settings.model import Settings
from linkytui.tui.desk import Desk
from linkytui.tui.glyphs import ASCII, glyphs
from linkytui.tui.keys import COMMANDS, bindings
from linkytui.tui.messages import DayAnswered, FramesArrived, GroupsRejected, LinkChanged, MeterReset, Sample
from linkytui.tui.past_app import PastApp
from linkytui.tui.screens.dashboard import Dashboard
from linkytui.tui.terminal import tightened
from linkytui.tui.themes import FALLBACK_VARIABLES
from linkytui.tui.worker import Worker

if TYPE_CHECKING:
    from linkytui.history import HistoryReader
    from linkytui.history.today import Today
    from linkytui.reading.active_power import ActivePower
    from linkytui.tui.costs import Costs
    from linkytui.tui.money import Money

_HERE: Final = Path(__file__).parents[1]

_ASK_HISTORY_SOON: Final = (4.0, 12.0)
"""Seconds after the start at which the first records and the meter's contract are likely to be there."""

_ASK_HISTORY_EVERY: Final = 30.0
"""Seconds between two looks at the day so far."""


class LinkyApp(PastApp):
    """Reads a source in a thread of its own and shows it.

    Everything that widgets show is a reactive here and goes down to them by data binding; nothing comes back up.
    """

    TITLE = "linkytui"
    # In a checkout the stylesheet stands at the top of the project, in an installed package inside it.
    CSS_PATH = next(path for path in (_HERE / "linkytui.tcss", _HERE.parent / "linkytui.tcss") if path.is_file())
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 -- Textual's
        (0, "-narrow"),
        (80, "-normal"),
        (120, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012 -- Textual's
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere")]

    clock: var[str] = var("")
    """The meter's time of day; the machine's where the meter says none."""
    samples: var[tuple[Sample, ...]] = var((), always_update=True)
    """The newest samples of power; who wants to keep them does."""
    labels: var[Mapping[str, Seen]] = var(dict)
    rejections: var[Mapping[str, int]] = var(dict)
    """How often each label's group was rejected."""
    active: var["ActivePower | None"] = var(None)
    today: var["Today | None"] = var(None)
    """The day so far, as the history knows it."""
    costs: var["Costs | None"] = var(None)
    """What it costs."""
    trouble: var[str] = var("")
    """What is wrong with the history, in one line; empty when all is well."""
    frozen: var[bool] = var(False)

    def __init__(
        self,
        source: Source | None,
        settings: Settings,
        *,
        listeners: Iterable[Listener] = (),
        clock: Callable[[], float] = time.time,
        player: Player | None = None,
        history: "Callable[[], HistoryReader] | None" = None,
        money: "Money | None" = None,
        desk: Desk | None = None,
        tag: str = "",
        suspend: Callable[[bool], object] = lambda suspended: None,  # noqa: ARG005
        environment: Mapping[str, str] = os.environ,
    ) -> None:
        """Nothing is opened before the application runs.

        Args:
            source: where the bytes come from; None shows only what is posted.
            settings: what the person set.
            listeners: what else hears of the line, such as the history.
            clock: seconds since 1970; a recording's or the simulator's own.
            player: the source's controls, when it is a recording.
            history: opens what answers questions about the past, once the screen is there; None where none is kept.
            money: works out what it costs; asked in threads.
            desk: what settings are changed with; None where they cannot be.
            tag: what the first row says of the source, when it is not a meter.
            suspend: told True before the program is suspended and False when it goes on; may wait for a moment.
            environment: tells what the terminal can show.
        """
        super().__init__(settings, clock=clock, history=history, player=player, desk=desk, environment=environment)
        self._suspend = suspend
        self._money = money
        self._pending: FramesArrived | None = None
        self._worker: Worker | None = None
        self._pace = source.pace if source is not None and player is None else 1.0
        if source is not None:
            heard = [*listeners, *((self.alerts,) if self.alerts is not None else ())]
            pipeline = Pipeline(source, mode=settings.meter.mode, listeners=heard)
            self._worker = Worker(pipeline, post=self.post_message)
            self.set_reactive(LinkyApp.link, pipeline.link)
        self.set_reactive(LinkyApp.tag, tag)
        self.set_reactive(LinkyApp.now, clock())

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, tightened(renderable))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of periods, for themes that do not have them."""
        return dict(FALLBACK_VARIABLES)

    def get_default_screen(self) -> Screen[None]:
        """The dashboard."""
        mine = LinkyApp
        return Dashboard(pace=self._pace, billed=self._money is not None, id="_default").data_bind(
            mine.reading,
            mine.link,
            mine.now,
            mine.clock,
            mine.samples,
            mine.active,
            mine.today,
            mine.costs,
            mine.lap,
            mine.playback,
            mine.tag,
            mine.trouble,
            mine.troubled,
            mine.frozen,
        )

    def on_mount(self) -> None:
        self.set_class(glyphs() is ASCII, "-ascii")
        self._tell_time()
        self.set_interval(1.0, self._tick)
        self.app_suspend_signal.subscribe(self, lambda _app: self._suspend(True), immediate=True)
        self.app_resume_signal.subscribe(self, lambda _app: self._go_on(), immediate=True)
        if self._open_history is not None:
            self.call_after_refresh(self.ask_history)
            self.set_interval(_ASK_HISTORY_EVERY, self.ask_history)
            for seconds in _ASK_HISTORY_SOON:
                self.set_timer(seconds, self.ask_history)
        if self._worker is not None:
            self.call_after_refresh(self._worker.start)  # its first steps would make the screen wait
        self.call_after_refresh(self.begin_guide)

    def on_unmount(self) -> None:
        if self._worker is not None:
            self._worker.stop()

    def _go_on(self) -> None:
        """After a suspension; others have written on the terminal meanwhile."""
        self._suspend(False)
        self.refresh(layout=True)

    def _tick(self) -> None:
        """Once a second: the time, and how the callbacks fare."""
        self._tell_time()
        self.look_at_callbacks()

    def _tell_time(self) -> None:
        """The time, and where one is in a recording."""
        self.now = self._clock()
        self.trouble = self._desk.trouble() if self._desk is not None else ""
        meter_time = self.reading.meter_time if self.reading else None
        when = meter_time or datetime.fromtimestamp(self.now, self._zone)
        self.clock = f"{when:%H:%M}"
        self.look_at_player()

    def ask_history(self) -> None:
        """Ask about the day so far, in a thread: the disk may be slow."""
        self.run_worker(self._look_at_today, thread=True, exclusive=True, group="today", exit_on_error=False)

    def _look_at_today(self) -> None:
        from linkytui.history.today import today

        now, reading, costs = self._clock(), self.reading, None
        with suppress(HistoryError):  # the history screen says what is wrong with it
            if self._money is not None:
                contract, subscribed = (reading.contract, reading.subscribed) if reading else (None, None)
                costs = self._money.costs(now, contract, subscribed)
            self.post_message(DayAnswered(today(self._past, datetime.fromtimestamp(now, self._zone)), costs))

    def on_day_answered(self, message: DayAnswered) -> None:
        self.today = message.today
        self.costs = message.costs

    def speak(self, chosen: Language) -> None:
        """Say everything in this language; what is worked out in words is asked for anew."""
        super().speak(chosen)
        if self._open_history is not None:
            self.ask_history()

    def use_settings(self, settings: Settings) -> None:
        """Put other settings into effect; prices are looked at anew."""
        super().use_settings(settings)
        if self._money is not None:
            self._money = replace(self._money, settings=self.settings)
            self.ask_history()

    # What the reading thread says -----------------------------------------------------------------------------------

    def on_frames_arrived(self, message: FramesArrived) -> None:
        if self.frozen:
            # The strip keeps the samples; the numbers wait.
            self._pending = message
        else:
            self._show(message)
        self.samples = message.samples
        self.hear_lap(message)
        message.receipt()

    def _show(self, message: FramesArrived) -> None:
        self.labels = message.labels
        self.reading = message.latest
        self.active = message.active

    def watch_reading(self, old: Reading | None, new: Reading | None) -> None:
        """Ask anew what it costs as soon as the meter says by which contract, and for which power."""
        before = (None, None) if old is None else (old.contract, old.subscribed)
        if self._money is not None and new is not None and (new.contract, new.subscribed) != before:
            self.ask_history()

    def on_groups_rejected(self, message: GroupsRejected) -> None:
        self.rejections = message.by_label

    def on_link_changed(self, message: LinkChanged) -> None:
        self.now = self._clock()
        self.link = message.link

    def on_meter_reset(self, message: MeterReset) -> None:  # noqa: ARG002 -- it says all by coming
        self._pending = None
        self.labels = {}
        self.reading = None
        self.drop_lap()
        self._dashboard.forget()

    @property
    def newest(self) -> Reading | None:
        """The last known of everything, even while the numbers are held still."""
        return self._pending.latest if self._pending is not None else self.reading

    @property
    def _dashboard(self) -> Dashboard:
        dashboard = self.screen_stack[0]
        assert isinstance(dashboard, Dashboard)  # noqa: S101 -- the default screen
        return dashboard

    # Keys -----------------------------------------------------------------------------------------------------------

    def action_freeze(self) -> None:
        """Hold the numbers, or let the newest appear."""
        self.frozen = not self.frozen
        if not self.frozen and self._pending is not None:
            pending, self._pending = self._pending, None
            self._show(pending)

    def action_help(self) -> None:
        """Show the help page."""
        from linkytui.tui.screens.help import Help

        if not isinstance(self.screen, Help):
            self.push_screen(Help())

    def action_meter(self) -> None:
        """Show every label."""
        from linkytui.tui.screens.meter import MeterScreen

        if isinstance(self.screen, MeterScreen):
            self.pop_screen()
            return
        mine = LinkyApp
        self.show(MeterScreen(), mine.labels, mine.rejections, mine.link, mine.now)

    def action_offers(self) -> None:
        """Compare offers."""
        if self._money is None:
            self.notify(_("No history is kept here."))
            return
        from linkytui.tui.screens.offers import OffersScreen

        if not isinstance(self.screen, OffersScreen):
            remarks = self.costs.remarks if self.costs is not None else ()
            self.show(OffersScreen(self._money, self._clock, self.reading, remarks))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002 -- Textual's
        """The palette: our commands, from the one table of keys, and Textual's theme list."""
        for command in COMMANDS:
            if command.action == "command_palette" or command.place not in ("everywhere", "replay"):
                continue
            if command.place == "replay" and self._player is None:
                continue
            yield SystemCommand(_(command.title), _(command.help), self._do(command.action))
        yield SystemCommand(_("All themes"), _("Choose among every theme."), self.action_change_theme)

    def _do(self, action: str) -> Callable[[], object]:
        return lambda: self.call_later(self.run_action, action)
