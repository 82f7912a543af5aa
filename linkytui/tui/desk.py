"""The part of the application that the settings govern: look, language, alerts, and the screens that change them."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable

from textual.app import App
from textual.command import CommandPalette
from textual.reactive import Reactive, var
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import ThemeProvider

from linkytui.errors import SettingsError
from linkytui.i18n import LANGUAGES, Language, _, language, language_of_locale, use_language
from linkytui.link import Link
from linkytui.reading import Reading
from linkytui.settings.keeper import SettingsKeeper
from linkytui.settings.model import Settings
from linkytui.tui.glyphs import ASCII, UNICODE, use_glyphs
from linkytui.tui.messages import AlertCame, SettingsChanged
from linkytui.tui.themes import DARK, THEMES, theme_for
from linkytui.tui.widgets.scroll_bar import AsciiScrollBar

if TYPE_CHECKING:
    from linkytui.line.relay.report import Report
    from linkytui.line.sources.ports import Port
    from linkytui.outputs.alerts.engine import Alert
    from linkytui.outputs.alerts.listener import AlertListener
    from linkytui.outputs.callbacks.configured import ConfiguredCallbacks
    from linkytui.tui.screens.guide import Guide

_BEGAN_FOR: Final = 20.0
_ENDED_FOR: Final = 10.0
"""Seconds for which an alert stays on the screen."""


@runtime_checkable
class Speaking(Protocol):
    """A widget or a screen that can say its text again in another language."""

    def speak(self) -> None:
        """Say everything in the language spoken now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the application works with when a person changes settings."""

    keeper: SettingsKeeper
    holds: Callable[[Settings], Settings] = lambda settings: settings
    """What holds here of settings that were saved: a simulated meter is not the person's own."""
    use: Callable[[Settings], None] = lambda _settings: None
    """Puts settings into effect that are not of the screen; called on the screen's thread, and must not wait."""
    callbacks: "Callable[[], ConfiguredCallbacks | None]" = lambda: None
    """Those that run in this process; None while none do."""
    alerts: "Callable[[Callable[[Alert], object]], AlertListener] | None" = None
    """Makes what watches for alerts, given what tells them on the screen; None for a recording or a simulation."""
    report: "Callable[[], Report | None]" = lambda: None
    """What the process that reads the meter for this one said last; None where this one reads."""
    trouble: Callable[[], str] = lambda: ""
    """What is wrong with the history, in one line for a person; empty when all is well."""
    drop_there: Callable[[], bool] = lambda: False
    """Has that process let go of what waits for InfluxDB; whether it could be asked. May wait."""
    ports: "Callable[[], Sequence[Port]] | None" = None
    """Lists the serial ports for the guide of the first start; None where that has no place."""

    def other_file(self) -> str | None:
        """The settings file of the process that reads the meter, where that is not the one that is changed here."""
        report = self.report()
        file = None if report is None else report.settings
        return None if file is None or os.path.realpath(file) == os.path.realpath(self.keeper.loaded.path) else file


class SettingsApp(App[None]):
    """Looks and speaks as the settings say, and puts their changes into effect at once."""

    reading: var[Reading | None] = var(None)
    """The last known of everything."""
    link: var[Link] = var(Link())
    now: var[float] = var(0.0)
    """Seconds since 1970, once a second."""
    tag: var[str] = var("")
    """What the first row says of the source, when it is not a meter."""
    troubled: var[tuple[str, ...]] = var(())
    """The callbacks that do not do what they should."""

    def __init__(
        self, settings: Settings, *, desk: Desk | None = None, environment: Mapping[str, str] = os.environ
    ) -> None:
        """Args:
        settings: what the person set.
        desk: what settings are changed with; None where they cannot be.
        environment: tells what the terminal can show, and which language the person speaks.
        """
        super().__init__()
        self.settings = settings
        self._desk = desk
        self._environment = environment
        self.alerts = desk.alerts(lambda alert: self.post_message(AlertCame(alert))) if desk and desk.alerts else None
        """Watches for alerts while the meter is read; None where there are none."""
        if environment.get("SSH_CONNECTION"):
            self.animation_level = "none"
        for theme in THEMES:
            self.register_theme(theme)
        wanted = self._theme_for(settings.screen.theme)
        if wanted == DARK.name:
            # Textual begins dark: with our colours in it nothing need be read again, as after a change of the theme.
            self.set_reactive(App.theme, wanted)
            self.stylesheet.set_variables(self.get_css_variables())
        else:
            self.theme = wanted
        encoding = getattr(sys.__stderr__, "encoding", None)  # of the stream that Textual writes to
        plain = settings.screen.ascii or not UNICODE.fit(encoding or "utf-8")
        use_glyphs(ASCII if plain else UNICODE)
        ScrollBar.renderer = AsciiScrollBar if plain else ScrollBarRender

    def _theme_for(self, wanted: str) -> str:
        theme = theme_for(wanted, self._environment)
        return theme if theme in self.available_themes else DARK.name

    def on_mount(self) -> None:
        self._miss_theme()

    def _miss_theme(self) -> None:
        """Tell of a theme that does not exist, where another stands in for it."""
        name = self.settings.screen.theme
        if name != "auto" and name not in self.available_themes:
            text = _("There is no theme {name}: Ctrl+P lists all of them.")
            self.notify(text.format(name=name), severity="warning", markup=False)

    def show(self, screen: Screen[None], *shared: Reactive[Any]) -> None:
        """Open a screen that shares some of our state; where one of its kind lies below, go back to that."""
        if any(type(lower) is type(screen) for lower in self.screen_stack):
            while type(self.screen) is not type(screen):
                self.pop_screen()
            return
        with self._context():  # else, after a click, the state would be looked for in what was clicked on
            screen.data_bind(*shared)
        self.push_screen(screen)

    def speak(self, chosen: Language) -> None:
        """Say everything that is on a screen in this language, at once."""
        use_language(chosen)
        for screen in self.screen_stack:
            for widget in screen.walk_children(with_self=True):
                if isinstance(widget, Speaking):
                    widget.speak()

    def use_settings(self, settings: Settings) -> None:
        """Put other settings into effect. What the person chose by a key since holds on, unless it is what changed."""
        if self._desk is not None:
            settings = self._desk.holds(settings)
        before, self.settings = self.settings, settings
        if settings.screen.theme != before.screen.theme:
            self.theme = self._theme_for(settings.screen.theme)
            self._miss_theme()
        if settings.screen.language != before.screen.language:
            self.speak(settings.screen.language or language_of_locale(self._environment))
        if self.alerts is not None:
            budget = settings.tariff.budget
            self.alerts.use(settings.alerts, budget=None if budget is None else float(budget))
        if self._desk is not None:
            self._desk.use(settings)

    def on_settings_changed(self, message: SettingsChanged) -> None:
        self.use_settings(message.settings)

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
        if began and self.settings.screen.bell:
            self.bell()

    # Keys -----------------------------------------------------------------------------------------------------------

    def action_command_palette(self) -> None:
        """Look for a command by its name."""
        if not isinstance(self.screen, CommandPalette):
            self.push_screen(CommandPalette(placeholder=_("Name of a command"), id="--command-palette"))

    def search_themes(self) -> None:
        """Look for a theme by its name."""
        self.push_screen(CommandPalette(providers=[ThemeProvider], placeholder=_("Name of a theme")))

    def action_help_quit(self) -> None:
        """Ctrl+C: say what ends the program."""
        self.notify(_("q ends the program."))

    def action_next_theme(self) -> None:
        """The next of our own looks."""
        names = [theme.name for theme in THEMES]
        place = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(place + 1) % len(names)]

    def action_next_language(self) -> None:
        """The other language, at once."""
        self.speak(LANGUAGES[(LANGUAGES.index(language()) + 1) % len(LANGUAGES)])

    def action_settings(self) -> None:
        """Show every setting."""
        if self._desk is None:
            self.notify(_("The settings cannot be changed here."))
            return
        from linkytui.tui.screens.settings import SettingsScreen

        if not isinstance(self.screen, SettingsScreen):
            self.show(SettingsScreen(self._desk.keeper, self._desk.other_file))

    def action_callbacks(self) -> None:
        """Show how InfluxDB, MQTT and plugins fare."""
        if self._desk is None:
            self.notify(_("No callbacks run here."))
            return
        from linkytui.tui.screens.callbacks import CallbacksScreen

        if not isinstance(self.screen, CallbacksScreen):
            desk = self._desk
            screen = CallbacksScreen(
                desk.keeper,
                desk.callbacks,
                desk.report,
                other_file=desk.other_file,
                drop_there=desk.drop_there,
                simulated=self.tag,
            )
            self.show(screen, SettingsApp.now)

    def look_at_callbacks(self) -> None:
        """Which callbacks do not do what they should, here or in the process that reads the meter."""
        desk = self._desk
        if desk is None or ((callbacks := desk.callbacks()) is None and desk.report() is None):
            self.troubled = ()
            return
        from linkytui.outputs.callbacks.state import title_of, trouble_of
        from linkytui.tui.callback_rows import states_of

        states = states_of(callbacks, desk.report())
        self.troubled = tuple(title_of(state.name) for state in states if trouble_of(state) is not None)

    def begin_guide(self) -> None:
        """Ask a person who never set anything for the few things that matter; over the screen, which runs on."""
        desk = self._desk
        if desk is None or desk.ports is None or not desk.keeper.untouched:
            return
        from linkytui.tui.screens.guide import Guide

        guide = Guide(desk.ports).data_bind(SettingsApp.reading, SettingsApp.link)
        self.push_screen(guide, self._end_guide)

    def on_guide_answered(self, message: "Guide.Answered") -> None:
        self._keep(message.values)

    def _end_guide(self, _nothing: None) -> None:
        if self._keep({}):
            self.notify(_("Everything can be changed later: s shows the settings."))

    def _keep(self, values: Mapping[str, Any]) -> bool:
        """Write what the guide was told; whether that could be done. At its end there is a file in any case, so that
        it does not come again.
        """
        assert self._desk is not None  # noqa: S101 -- the guide came from it
        keeper = self._desk.keeper
        try:
            keeper.begin()
            for key, value in values.items():
                keeper.save(key, value)
        except SettingsError as error:
            self.notify(str(error), severity="error", markup=False)
            return False
        self.use_settings(keeper.loaded.settings)
        return True
