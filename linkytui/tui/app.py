"""The Textual application: receives the reading thread's messages and holds the state that widgets show."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol, runtime_checkable

from rich.console import RenderableType
from textual.actions import parse
from textual.app import App, SystemCommand
from textual.binding import BindingType
from textual.command import CommandPalette
from textual.dom import DOMNode
from textual.events import Event, Resize
from textual.reactive import Reactive, var
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import ThemeProvider

from linkytui.errors import SettingsError
from linkytui.i18n import LANGUAGES, Language, _, language, language_of_locale, use_language
from linkytui.line.pipeline import Pipeline
from linkytui.line.playback import Playback
from linkytui.link import Link
from linkytui.reading import Reading, Seen
from linkytui.reading.ahead import Outlook
from linkytui.reading.ahead_watch import AheadWatch
from linkytui.reading.lap import LapFigures
from linkytui.settings.fields import fields
from linkytui.tui.ask import ask
from linkytui.tui.glyphs import ASCII, glyphs, glyphs_for, use_glyphs
from linkytui.tui.keys import LOOK_ONLY, bindings, commands, look_only, may_act, use_look_only
from linkytui.tui.laps import Laps
from linkytui.tui.messages import (
    AlertCame,
    FramesArrived,
    GroupsRejected,
    LapMarked,
    LinkChanged,
    MeterReset,
    PowerSample,
    SettingsChanged,
)
from linkytui.tui.painter import Painter
from linkytui.tui.player import PlayerControls
from linkytui.tui.quality import QualityLog
from linkytui.tui.screens.dashboard import Dashboard
from linkytui.tui.session import Session
from linkytui.tui.themes import DARK, FALLBACK_VARIABLES, THEMES, theme_for
from linkytui.tui.widgets.lines import together
from linkytui.tui.widgets.scroll_bar import AsciiScrollBar
from linkytui.tui.worker import Worker

if TYPE_CHECKING:
    from textual.actions import ActionParseResult

    from linkytui.billing.costs import Costs
    from linkytui.history.today import Today
    from linkytui.reading.active_power import ActivePower
    from linkytui.reading.meter_hours import KnownHours
    from linkytui.reading.outlook import Hours

_HERE: Final = Path(__file__).parents[1]

_ASK_HISTORY_SOON: Final = (4.0, 12.0)
"""Seconds after the start at which the first records and the meter's contract are likely to be there."""

_OPENING: Final = "opening"  # the name of the screen that a session begins with, where that is not the dashboard

_WIDEST: Final = 1000
_HIGHEST: Final = 400  # columns and rows of a terminal at most

_HINT_SECONDS: Final = 20.0
_ASK_HISTORY_EVERY: Final = 30.0  # seconds between two looks at the day so far

_LEARN_EVERY: Final = 900.0  # seconds between two looks through the record for the hours that it shows

_BEGAN_FOR: Final = 20.0
_ENDED_FOR: Final = 10.0  # seconds for which an alert stays on the screen


@runtime_checkable
class Speaking(Protocol):
    """A widget or a screen that can say its text again in another language."""

    def speak(self) -> None:
        """Say everything in the language spoken now."""


class LinkyApp(App[None]):
    """Reads a session's source in a thread of its own and shows it.

    Everything that widgets show is a reactive here and goes down to them by data binding; nothing comes back up.
    """

    TITLE = "linkytui"
    # In a checkout the stylesheet stands at the top of the project, in an installed package inside it.
    CSS_PATH = next(path for path in (_HERE / "linkytui.tcss", _HERE.parent / "linkytui.tcss") if path.is_file())
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 -- Textual's
        (0, "-narrow"),
        (80, "-normal"),
        (120, "-wide"),
        (160, "-vast"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall"), (50, "-lofty")]  # noqa: RUF012 -- Textual's
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere"), *bindings("replay")]

    reading: var[Reading | None] = var(None)  # the last known of everything
    labels: var[Mapping[str, Seen]] = var(dict)
    rejections: var[Mapping[str, int]] = var(dict)  # how often each label's group was rejected
    samples: var[tuple[PowerSample, ...]] = var((), always_update=True)
    """The newest samples of power; who wants to keep them does."""
    active: var["ActivePower | None"] = var(None)
    link: var[Link] = var(Link())
    now: var[float] = var(0.0)  # seconds since 1970, once a second
    clock: var[str] = var("")  # the meter's time of day; the machine's where the meter says none
    day: var[date | None] = var(None)  # the date, where the source's time is not that of now
    tag: var[str] = var("")  # what the first row says of the source, when it is not a meter
    playback: var[Playback | None] = var(None)  # None where nothing is replayed
    lap: var[LapFigures | None] = var(None)  # the lap that runs
    today: var["Today | None"] = var(None)  # the day so far, as the history knows it
    costs: var["Costs | None"] = var(None)  # what it costs
    called: var[Mapping[str, str]] = var({})  # what meter and offer call the registers of an own calendar
    hours: var["Hours | None"] = var(None)  # what the history and the calendars say of hours and colours
    ahead: var[Outlook | None] = var(None)  # until when the running period lasts, and what follows
    trouble: var[str] = var("")  # what is wrong with the history, in one line; empty when all is well
    troubled: var[tuple[str, ...]] = var(())  # the callbacks that do not do what they should
    trouble_words: var[str] = var("")  # what is wrong with the first of them
    frozen: var[bool] = var(False)

    def __init__(self, session: Session, *, environment: Mapping[str, str] = os.environ) -> None:
        """Nothing is opened before the application runs.

        `session`: what is shown and acted on; `environment`: tells what the terminal can show, and which language the
        person speaks.
        """
        super().__init__()
        self.session = session
        self.laps = Laps(self, session, self._lap_cost, lambda: self.called)
        self.ahead_watch = AheadWatch(session.hours())
        self._learned_at = float("-inf")
        self.controls = None if session.player is None else PlayerControls(session.player)
        self.quality = QualityLog()
        self._painter = Painter()
        self._environment = environment
        if environment.get(LOOK_ONLY):
            use_look_only(True)
            session.keeper.refuses = True
        self._pending: FramesArrived | None = None
        self._worker: Worker | None = None
        self._choose_look()
        if session.source is not None:
            heard = [*session.listeners, *session.alerts(lambda alert: self.post_message(AlertCame(alert)))]
            pipeline = Pipeline(session.source, mode=session.settings.meter.mode, listeners=heard)
            self._worker = Worker(pipeline, post=self.post_message)
            self.set_reactive(LinkyApp.link, pipeline.link)
        self.set_reactive(LinkyApp.tag, session.tag)
        self.set_reactive(LinkyApp.now, session.now())

    def get_default_screen(self) -> Screen[None]:
        """The dashboard."""
        mine = LinkyApp
        return Dashboard(pace=self.session.pace, billed=self.session.billed, id="_default").data_bind(
            mine.reading,
            mine.link,
            mine.now,
            mine.clock,
            mine.day,
            mine.samples,
            mine.active,
            mine.today,
            mine.costs,
            mine.called,
            mine.ahead,
            mine.hours,
            mine.lap,
            mine.playback,
            mine.tag,
            mine.trouble,
            mine.troubled,
            mine.trouble_words,
            mine.frozen,
        )

    def on_mount(self) -> None:
        self.set_class(glyphs() is ASCII, "-ascii")
        self._miss_theme()
        self._tell_time()
        self.set_interval(1.0, self._tick)
        self.app_suspend_signal.subscribe(self, lambda _app: self.session.suspend(), immediate=True)
        self.app_resume_signal.subscribe(self, lambda _app: self._go_on(), immediate=True)
        if self.session.keeps_history:
            self.call_after_refresh(self.ask_history)
            self.set_interval(_ASK_HISTORY_EVERY, self.ask_history)
            for seconds in _ASK_HISTORY_SOON:
                self.set_timer(seconds, self.ask_history)
        if self._worker is not None:
            self.call_after_refresh(self._worker.start)  # its first steps would make the screen wait
        if (opening := self.session.opening()) is not None:
            self.install_screen(opening, _OPENING)
            self.bind("escape", "opening", show=False)
            self.push_screen(_OPENING)
        if self.session.guided and not look_only():
            self.call_after_refresh(self.begin_guide)
        elif self.session.hint:
            self.notify(self.session.hint, timeout=_HINT_SECONDS, markup=False)

    async def on_event(self, event: Event) -> None:
        """Leave a size alone that no terminal has: who types into a browser's screen could report any."""
        if not (isinstance(event, Resize) and (event.size.width > _WIDEST or event.size.height > _HIGHEST)):
            await super().on_event(event)

    def on_unmount(self) -> None:
        if self._worker is not None:
            self._worker.stop()

    def _go_on(self) -> None:
        """After a suspension; others have written on the terminal meanwhile."""
        self.session.resume()
        self._painter.forget()
        self.refresh(layout=True)

    def _tick(self) -> None:
        """Once a second: the time, and how the callbacks fare."""
        with together():
            self._tell_time()
            self.look_at_callbacks()

    def _tell_time(self) -> None:
        """The time, what is wrong with the history, and where one is in a recording."""
        self.now = self.session.now()
        if self.is_screen_installed(_OPENING):
            self.tag = self.session.tag  # another meter may have been opened
        self.trouble = self.session.trouble
        meter_time = self.reading.meter_time if self.reading else None
        when = meter_time or datetime.fromtimestamp(self.now, self.session.zone)
        self.clock = f"{when:%H:%M}"
        if self.tag:
            self.day = when.date()
        self._look_ahead()
        if self.controls is not None:
            self.playback = self.controls.playback

    def _look_ahead(self) -> None:
        self.ahead = self.ahead_watch.look(self.reading, self.session.now())

    def look_at_callbacks(self) -> None:
        """Which callbacks do not do what they should, here or in the process that reads the meter."""
        states = self.session.callback_states()
        if states:
            from linkytui.outputs.callbacks.state import title_of, trouble_in_brief  # after the first paint

            troubles = {title_of(state.name): text for state in states if (text := trouble_in_brief(state))}
            self.trouble_words = next(iter(troubles.values()), "")
            self.troubled = tuple(troubles)
        else:
            self.troubled, self.trouble_words = (), ""

    # What the history says ------------------------------------------------------------------------------------------

    def ask_history(self) -> None:
        """Ask about the day so far and what it costs; what is wrong with the history, its own screen says."""
        ask(self, self._day_so_far, self._show_day, lambda _trouble: None)

    def _day_so_far(self) -> "tuple[Today, Costs | None, tuple[Hours, KnownHours] | None]":
        # After the first paint.
        from linkytui.billing.costs import costs_of
        from linkytui.history.today import today

        session, reading = self.session, self.reading
        now = session.now()
        contract, subscribed = (reading.contract, reading.subscribed) if reading else (None, None)
        costs = costs_of(session.account(), now, contract, subscribed) if session.billed else None
        hours = None
        if session.billed and not 0 <= now - self._learned_at < _LEARN_EVERY:
            hours = session.known_hours(now, learned=reading is None or reading.next_profile is None)
        return today(session.history, datetime.fromtimestamp(now, session.zone)), costs, hours

    def _show_day(self, told: "tuple[Today, Costs | None, tuple[Hours, KnownHours] | None]") -> None:
        self.today, self.costs, hours = told
        self.called = self.costs.called if self.costs else {}
        if hours is not None:  # an answer that a newer question dropped is asked for again
            self._learned_at = self.session.now()
            self.ahead_watch.learn(*hours)
            self.hours = hours[0]
            self._look_ahead()

    # What the reading thread says -----------------------------------------------------------------------------------

    def on_frames_arrived(self, message: FramesArrived) -> None:
        with together():
            if self.frozen:
                # The strip keeps the samples; the numbers wait.
                self._pending = message
            else:
                self._show(message)
            self.samples = message.samples
            self.laps.hear(message)
            self.lap = self.laps.running
        message.receipt()

    def _show(self, message: FramesArrived) -> None:
        self.labels = message.labels
        self.reading = message.latest
        self.ahead_watch.hear(message.latest)
        self._look_ahead()
        self.active = message.active

    def watch_reading(self, old: Reading | None, new: Reading | None) -> None:
        """Ask anew what it costs as soon as the meter says by which contract, and for which power."""
        before = (None, None) if old is None else (old.contract, old.subscribed)
        if self.session.billed and new is not None and (new.contract, new.subscribed) != before:
            self.ask_history()

    def on_groups_rejected(self, message: GroupsRejected) -> None:
        self.rejections = message.by_label

    def on_link_changed(self, message: LinkChanged) -> None:
        with together():
            self.now = self.session.now()
            self.quality.hear(message.link, self.now)
            self.link = message.link

    def on_meter_reset(self, message: MeterReset) -> None:  # noqa: ARG002 -- it says all by coming
        self._pending = None
        self.labels = {}
        self.reading = None
        self.ahead_watch.forget()
        self.ahead = None
        self.laps.drop()
        self.lap = None
        for dashboard in self.screen_stack[:1]:  # none any more where the program is about to end
            assert isinstance(dashboard, Dashboard)  # noqa: S101 -- the default screen
            dashboard.forget()

    def on_alert_came(self, message: AlertCame) -> None:
        """Tell an alert, with the bell when something begins."""
        began = message.alert.began
        self.notify(
            message.alert.text,
            title=_("Alert") if began else _("It is over"),
            severity="warning" if began else "information",
            timeout=_BEGAN_FOR if began else _ENDED_FOR,
            markup=False,
        )
        if began and self.session.settings.screen.bell:
            self.bell()

    # Look and language ----------------------------------------------------------------------------------------------

    def _choose_look(self) -> None:
        """The theme, the signs and the pace of what moves, as the settings want them and the terminal can show them."""
        wanted = self.session.settings.screen
        if self._environment.get("SSH_CONNECTION"):
            self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        theme_name = self._theme_for(wanted.theme)
        if theme_name == DARK.name:
            # Textual begins dark: with our colours in it nothing need be read again, as after a change of the theme.
            self.set_reactive(App.theme, theme_name)
            self.stylesheet.set_variables(self.get_css_variables())
        else:
            self.theme = theme_name
        encoding = getattr(sys.__stderr__, "encoding", None)  # of the stream that Textual writes to
        chosen = glyphs_for(ascii_only=wanted.ascii, encoding=encoding or "utf-8", environment=self._environment)
        use_glyphs(chosen)
        ScrollBar.renderer = ScrollBarRender if chosen.solid else AsciiScrollBar

    def _theme_for(self, wanted: str) -> str:
        theme = theme_for(wanted, self._environment)
        return theme if theme in self.available_themes else DARK.name

    def _miss_theme(self) -> None:
        """Tell of a theme that does not exist, where another stands in for it."""
        name = self.session.settings.screen.theme
        if name != "auto" and name not in self.available_themes:
            text = _("There is no theme {name}: press Ctrl+P to see them all.")
            self.notify(text.format(name=name), severity="warning", markup=False)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """The colours of periods, for themes that do not have them."""
        return dict(FALLBACK_VARIABLES)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, self._painter.of(renderable))

    def speak(self, chosen: Language) -> None:
        """Say everything that is on a screen in this language, at once; what is worked out in words is asked anew."""
        use_language(chosen)
        for screen in self.screen_stack:
            for widget in screen.walk_children(with_self=True):
                if isinstance(widget, Speaking):
                    widget.speak()
        if self.session.keeps_history:
            self.ask_history()

    def on_settings_changed(self, message: SettingsChanged) -> None:
        """Put other settings into effect. What the person chose by a key since holds on, unless it is what changed."""
        before = self.session.settings.screen
        self.session.use(message.settings)
        screen = self.session.settings.screen
        if screen.theme != before.theme:
            self.theme = self._theme_for(screen.theme)
            self._miss_theme()
        self.ahead_watch.hours = replace(self.ahead_watch.hours, settings=self.session.hours().settings)
        self._learned_at = float("-inf")
        if screen.language != before.language:
            self.speak(screen.language or language_of_locale(self._environment))
        elif self.session.billed:
            self.ask_history()  # the prices may be others

    # Screens --------------------------------------------------------------------------------------------------------

    def show(self, screen: Screen[None], *shared: Reactive[Any]) -> None:
        """Open a screen that shares some of our state; where one of its kind lies below, go back to that."""
        if any(type(lower) is type(screen) for lower in self.screen_stack):
            while type(self.screen) is not type(screen):
                self.pop_screen()
            return
        with self._context():  # else, after a click, the state would be looked for in what was clicked on
            screen.data_bind(*shared)
        self.push_screen(screen)

    def show_past(self, screen: Callable[[], Screen[None]]) -> None:
        """Open a screen that asks the history, where there is one."""
        if self.session.keeps_history:
            self.show(screen())
        else:
            self.notify(_("No history is kept here."))

    def begin_guide(self) -> None:
        """Ask a person who never set anything for the few things that matter; over the screen, which runs on."""
        from linkytui.tui.screens.guide import Guide  # after the first paint

        guide = Guide(self.session).data_bind(LinkyApp.reading, LinkyApp.link)
        self.push_screen(guide, self._end_guide)

    def _end_guide(self, _nothing: None) -> None:
        """From now on there is a file in any case, so that the guide does not come again."""
        try:
            self.session.keeper.begin()
        except SettingsError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            self.notify(_("You can change all of this later: press s for the settings."))

    # Keys -----------------------------------------------------------------------------------------------------------
    # Each screen is loaded when it is first opened: the first paint needs none of them.

    def action_opening(self) -> None:
        """From the dashboard back to the screen that the session began with."""
        if len(self.screen_stack) == 1:
            self.push_screen(_OPENING)

    def action_help(self) -> None:
        """Show the help page."""
        from linkytui.tui.screens.help import Help  # when it is opened

        self.show(Help(getattr(self.screen, "keys", "everywhere")))

    def action_meter(self) -> None:
        """Show every label, or leave that screen again."""
        from linkytui.tui.screens.meter import MeterScreen  # when it is opened

        if isinstance(self.screen, MeterScreen):
            self.pop_screen()
        else:
            mine = LinkyApp
            screen = MeterScreen(self.quality, self.session.synchronised)
            self.show(screen, mine.labels, mine.rejections, mine.link, mine.now, mine.reading, mine.today, mine.called)

    def action_history(self) -> None:
        """Look back."""
        from linkytui.tui.screens.history import HistoryScreen  # when it is opened

        self.show_past(lambda: HistoryScreen(self.session))

    def action_laps(self) -> None:
        """Show the laps that were kept."""
        from linkytui.tui.screens.laps import LapsScreen  # when it is opened

        self.show_past(lambda: LapsScreen(self.session))

    def action_alerts(self) -> None:
        """Show past alerts."""
        from linkytui.tui.screens.alerts import AlertsScreen  # when it is opened

        self.show_past(lambda: AlertsScreen(self.session))

    def action_offers(self) -> None:
        """Compare offers."""
        from linkytui.tui.screens.offers import OffersScreen  # when it is opened

        remarks = self.costs.remarks if self.costs is not None else ()
        self.show_past(lambda: OffersScreen(self.session, self.reading, remarks))

    def action_when(self) -> None:
        """Ask when to run something."""
        if not self.session.billed:
            self.notify(_("No history is kept here."))
            return
        from linkytui.tui.screens.when import When  # when it is opened

        if not isinstance(self.screen, When):
            self.push_screen(When(self.session, self.reading, self.ahead, self.ahead_watch.hours))

    def action_settings(self, at: str = "") -> None:
        """Show every setting, from one on where its key is given."""
        from linkytui.tui.screens.settings import SettingsScreen  # when it is opened

        self.show(SettingsScreen(self.session, self.reading, at))

    def action_callbacks(self) -> None:
        """Show how InfluxDB, MQTT and plugins fare."""
        from linkytui.tui.screens.callbacks import CallbacksScreen  # when it is opened

        self.show(CallbacksScreen(self.session), LinkyApp.now)

    def action_doctor(self) -> None:
        """Look at everything, and say what is wrong."""
        from linkytui.tui.screens.doctor import DoctorScreen  # when it is opened

        self.show(DoctorScreen(self.session))

    def action_command_palette(self) -> None:
        """Look for a command by its name."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("Name of a command"), id="--command-palette"))

    def search_themes(self) -> None:
        """Look for a theme by its name."""
        self.push_screen(CommandPalette(providers=[ThemeProvider], placeholder=_("Name of a theme")))

    def action_help_quit(self) -> None:
        """Ctrl+C: say what ends the program."""
        self.notify(_("Press q to quit."))

    def action_freeze(self) -> None:
        """Hold the numbers, or let the newest appear."""
        self.frozen = not self.frozen
        if not self.frozen and self._pending is not None:
            pending, self._pending = self._pending, None
            self._show(pending)

    def action_next_theme(self) -> None:
        """The next of our own looks."""
        names = [theme.name for theme in THEMES]
        place = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(place + 1) % len(names)]

    def action_next_language(self) -> None:
        """The other language, at once."""
        self.speak(LANGUAGES[(LANGUAGES.index(language()) + 1) % len(LANGUAGES)])

    def action_lap(self) -> None:
        """Begin a lap, or end the one that runs and ask for its name; also while the numbers are held still."""
        self.laps.press(self._pending.latest if self._pending is not None else self.reading)
        self.lap = self.laps.running

    def _lap_cost(self, lap: LapFigures) -> Decimal | None:
        """What a lap cost in EUR, at the prices that the dashboard knows; None where it knows none."""
        if self.costs is None:
            return None
        from linkytui.billing.rate import cost_of  # after the first paint

        return cost_of(lap.wh, self.costs.prices, datetime.fromtimestamp(lap.start, self.session.zone).date())

    def on_lap_marked(self, message: LapMarked) -> None:
        self.laps.keep(message.lap)

    def action_play(self, control: str, *arguments: int) -> None:
        """Use one of the controls of a recording."""
        if self.controls is not None:
            getattr(self.controls, control)(*arguments)
            self.playback = self.controls.playback

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A recording's keys work only on a recording."""
        if action == "play":
            return self.controls is not None
        return super().check_action(action, parameters)

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Carry out an action, of whatever place, by a key, a click or the palette, where it may be."""
        name = (parse(action) if isinstance(action, str) else action)[1]
        if not may_act(name):
            self.notify(_("This screen is read-only."))
            return True
        return await super().run_action(action, default_namespace, namespaces)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002 -- Textual's
        """The palette: our commands, from the one table of keys, and Textual's theme list."""
        places = ("everywhere",) if self.controls is None else ("everywhere", "replay")
        for command in commands():
            if command.place in places and command.action != "command_palette":
                yield SystemCommand(_(command.title), _(command.help), self._do(command.action))
        for key, field in fields().items() if may_act("settings") else ():
            yield SystemCommand(key, field.meaning, self._do(f"settings({key!r})"))
        yield SystemCommand(_("All themes"), _("Choose from all themes."), self.action_change_theme)

    def _do(self, action: str) -> Callable[[], object]:
        return lambda: self.call_later(self.run_action, action)
