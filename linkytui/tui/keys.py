"""Every command of the screens: key, name and help. Key line, palette and help page are made from it."""

from dataclasses import dataclass
from typing import Final, Literal

from textual.binding import Binding

from linkytui.i18n import N_, _
from linkytui.tui.glyphs import ASCII, glyphs

LOOK_ONLY: Final = "_LINKYTUI_LOOK_ONLY"
"""A variable of the environment: where it is set, nothing can be changed from the screen."""

Place = Literal[
    "everywhere",
    "replay",
    "fleet",
    "meter",
    "history",
    "laps",
    "alerts",
    "offers",
    "grids",
    "settings",
    "callbacks",
    "doctor",
]
"""Where a key works."""

PLACES: Final[dict[Place, str]] = {
    "everywhere": N_("Everywhere"),
    "meter": N_("On the meter screen"),
    "history": N_("On the history screen"),
    "laps": N_("On the laps screen"),
    "alerts": N_("On the alerts screen"),
    "offers": N_("On the offers screen"),
    "grids": N_("On the price grids screen"),
    "settings": N_("On the settings screen"),
    "callbacks": N_("On the callbacks screen"),
    "doctor": N_("On the doctor's screen"),
    "replay": N_("While playing a recording"),
    "fleet": N_("On the screen of a fleet"),
}
"""What the help page calls them."""


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that a key does."""

    key: str  # in Textual's words
    action: str
    title: str
    """English; a key of the catalogue. Short enough for the footer."""
    help: str
    """English; a key of the catalogue. A sentence."""
    place: Place = "everywhere"
    shown: bool = True  # whether the footer shows it
    changes: bool = False  # whether it changes or ends something beyond what this screen shows
    sign: str = ""  # the key as people read it, where that differs

    @property
    def target(self) -> str:
        """The action as a click names it: the application's own, or the open screen's."""
        return f"{'app' if self.place in ('everywhere', 'replay') else 'screen'}.{self.action}"

    @property
    def label(self) -> str:
        """The key as people read it."""
        sign = self.sign or self.key
        if glyphs() is ASCII:
            sign = _ASCII_SIGNS.get(sign, sign)
        return _(sign) if sign in _NAMED else sign


_ASCII_SIGNS: Final = {"↑↓": "Up/Down", "↓": "Down", "←": "<-", "→": "->", "⏎": "Enter", "␣": "Space"}
_NAMED: Final = (N_("Esc"), N_("Home"), N_("Enter"), N_("Space"))
"""Keys whose name is not the same in both languages."""


COMMANDS: Final = (
    Command("q", "quit", N_("Quit"), N_("Quit the program."), changes=True),
    Command("question_mark,f1", "help", N_("Help"), N_("Show this page."), sign="?"),
    Command("m", "meter", N_("Meter"), N_("Show every label of the meter and the link quality.")),
    Command("h", "history", N_("History"), N_("Look back: day, week, month, year.")),
    Command("l", "lap", N_("Lap"), N_("Start or stop a lap: energy, mean and peak between two moments."), changes=True),
    Command("L", "laps", N_("Laps"), N_("Saved laps."), shown=False),
    Command("a", "alerts", N_("Alerts"), N_("Past alerts and when they came."), shown=False),
    Command(
        "c", "callbacks", N_("Callbacks"), N_("InfluxDB, MQTT and your own callbacks: how they are doing."), shown=False
    ),
    Command(
        "d", "doctor", N_("Doctor"), N_("Check line, history, prices and servers, and say what to do."), shown=False
    ),
    Command(
        "s", "settings", N_("Settings"), N_("Every setting, where it comes from, and how to change it."), changes=True
    ),
    Command("o", "offers", N_("Offers"), N_("What other offers would cost you.")),
    Command("w", "when", N_("When"), N_("When it is cheapest to run something."), shown=False),
    Command("p", "freeze", N_("Freeze"), N_("Freeze the numbers; reading continues.")),
    Command("ctrl+p", "command_palette", N_("Commands"), N_("Find a command by name."), shown=False, sign="Ctrl+P"),
    Command(
        "ctrl+z",
        "suspend_process",
        N_("Suspend"),
        N_("Suspend to the shell; type fg to come back."),
        shown=False,
        sign="Ctrl+Z",
        changes=True,
    ),
    Command("t", "next_theme", N_("Theme"), N_("Dark, light, or the sixteen colours of the terminal."), shown=False),
    Command("f", "next_language", N_("Français"), N_("Switch to the other language."), shown=False),
    Command("left", "move(-1)", N_("Back"), N_("Previous period."), "history", sign="←"),
    Command("right", "move(1)", N_("On"), N_("Next period."), "history", sign="→"),
    Command("d", "zoom('day')", N_("Day"), N_("The power of one day."), "history"),
    Command("w", "zoom('week')", N_("Week"), N_("The energy of a week, day by day."), "history"),
    Command("n", "zoom('month')", N_("Month"), N_("The energy of a month, day by day."), "history"),
    Command("y", "zoom('year')", N_("Year"), N_("The energy of a year, month by month."), "history"),
    Command(
        "v",
        "picture",
        N_("Picture"),
        N_("The next picture: energy, hours by days, typical days, base load."),
        "history",
    ),
    Command("up", "choose(-1)", N_("Choose"), N_("Point at a bar."), "history", sign="↑↓"),
    Command("down", "choose(1)", N_("Choose"), N_("Point at the next bar."), "history", shown=False, sign="↓"),
    Command("enter", "open", N_("Open"), N_("Look into the bar that is pointed at."), "history", sign="⏎"),
    Command("home", "today", N_("Now"), N_("Return to the present."), "history", shown=False, sign="Home"),
    Command("escape,h", "leave", N_("Leave"), N_("Back to the dashboard."), "history", sign="Esc"),
    Command("m", "mark", N_("Mark"), N_("Save the time between two moments as a lap."), "history", changes=True),
    Command(
        "slash", "search", N_("Search"), N_("Find a label by its name, its meaning or its value."), "meter", sign="/"
    ),
    Command("escape,m", "leave", N_("Leave"), N_("Back to the dashboard."), "meter", sign="Esc"),
    Command("delete,x", "remove", N_("Remove"), N_("Remove the lap under the cursor."), "laps", sign="x", changes=True),
    Command("escape,L", "leave", N_("Leave"), N_("Back to the dashboard."), "laps", sign="Esc"),
    Command("escape,a", "leave", N_("Leave"), N_("Back to the dashboard."), "alerts", sign="Esc"),
    Command(
        "enter", "change", N_("Change"), N_("Change the setting under the cursor."), "settings", sign="⏎", changes=True
    ),
    Command("escape,s", "leave", N_("Leave"), N_("Go back to the previous screen."), "settings", sign="Esc"),
    Command(
        "space",
        "turn",
        N_("Next value"),
        N_("Switch to the next possible value."),
        "settings",
        shown=False,
        sign="␣",
        changes=True,
    ),
    Command(
        "delete,x",
        "reset",
        N_("Default"),
        N_("Remove it from the file, so that the default applies."),
        "settings",
        sign="x",
        changes=True,
    ),
    Command(
        "v", "test", N_("Test"), N_("Test the connection to InfluxDB or the MQTT broker."), "settings", changes=True
    ),
    Command(
        "slash",
        "search",
        N_("Search"),
        N_("Find a setting by its name, its meaning or its value."),
        "settings",
        sign="/",
    ),
    Command("u", "undo", N_("Undo"), N_("Undo the last change of this visit."), "settings", changes=True),
    Command("left", "section(-1)", N_("Back"), N_("Previous section."), "settings", shown=False, sign="←"),
    Command("right", "section(1)", N_("On"), N_("Next section."), "settings", shown=False, sign="→"),
    Command(
        "enter,space",
        "turn",
        N_("On or off"),
        N_("Turn the callback under the cursor on or off."),
        "callbacks",
        sign="⏎",
        changes=True,
    ),
    Command("escape,c", "leave", N_("Leave"), N_("Go back to the previous screen."), "callbacks", sign="Esc"),
    Command("d", "drop", N_("Discard"), N_("Discard the samples waiting for InfluxDB."), "callbacks", changes=True),
    Command("r", "resend", N_("Send again"), N_("Send what InfluxDB refused again now."), "callbacks", changes=True),
    Command(
        "v", "test", N_("Test"), N_("Test the connection to InfluxDB or the MQTT broker."), "callbacks", changes=True
    ),
    Command("r", "examine", N_("Again"), N_("Check everything again."), "doctor"),
    Command("escape,d", "leave", N_("Leave"), N_("Go back to the previous screen."), "doctor", sign="Esc"),
    Command("enter", "explain", N_("Why"), N_("How a figure is computed, line by line."), "offers", sign="⏎"),
    Command("v", "sort", N_("Sort"), N_("Sort by another column."), "offers"),
    Command("slash", "search", N_("Search"), N_("Find an offer by its name."), "offers", sign="/"),
    Command("g", "grids", N_("Grids"), N_("Where prices come from, when, and what was refused."), "offers"),
    Command("escape,o", "leave", N_("Leave"), N_("Back to the dashboard."), "offers", sign="Esc"),
    Command("u", "fetch", N_("Fetch now"), N_("Fetch the price grids now."), "grids", changes=True),
    Command("escape,g", "leave", N_("Leave"), N_("Back to the offers."), "grids", sign="Esc"),
    Command("enter", "open", N_("Open"), N_("Open the meter or the site under the cursor."), "fleet", sign="⏎"),
    Command("v", "sort", N_("Sort"), N_("Sort by another column; trouble always comes first."), "fleet"),
    Command("g", "group", N_("Sites"), N_("A row a site with its sums, or a row a meter."), "fleet"),
    Command("slash", "search", N_("Search"), N_("Find a meter or a site by its name."), "fleet", sign="/"),
    Command("escape", "leave", N_("All"), N_("Back to all meters."), "fleet", sign="Esc"),
    Command("up", "move(-1)", N_("Choose"), N_("The row above."), "fleet", shown=False, sign="↑"),
    Command("down", "move(1)", N_("Choose"), N_("The row below."), "fleet", shown=False, sign="↓"),
    Command("pageup", "page(-1)", N_("Choose"), N_("A page up."), "fleet", shown=False, sign="PgUp"),
    Command("pagedown", "page(1)", N_("Choose"), N_("A page down."), "fleet", shown=False, sign="PgDn"),
    Command("home", "end(-1)", N_("Choose"), N_("The first row."), "fleet", shown=False, sign="Home"),
    Command("end", "end(1)", N_("Choose"), N_("The last row."), "fleet", shown=False, sign="End"),
    Command("space", "play('pause')", N_("Pause"), N_("Pause or resume the recording."), "replay", sign="␣"),
    Command("left", "play('seek', -1)", N_("Back"), N_("Skip back in the recording."), "replay", shown=False, sign="←"),
    Command("right", "play('seek', 1)", N_("On"), N_("Skip ahead in the recording."), "replay", shown=False, sign="→"),
    Command(
        "full_stop", "play('step')", N_("Step"), N_("Show the next frame, then pause."), "replay", shown=False, sign="."
    ),
    Command("plus", "play('speed', 1)", N_("Faster"), N_("Twice the speed."), "replay", shown=False, sign="+"),
    Command("minus", "play('speed', -1)", N_("Slower"), N_("Half the speed."), "replay", shown=False, sign="-"),
    Command("r", "play('loop')", N_("Loop"), N_("Turn looping on or off."), "replay", shown=False),
)


class _Current:
    look_only = False


def use_look_only(wanted: bool) -> None:
    """Leave those commands out, from now on, that change or end something: for who may look and no more."""
    _Current.look_only = wanted


def look_only() -> bool:
    """Whether who uses this process may look and no more."""
    return _Current.look_only


def commands() -> tuple[Command, ...]:
    """The commands that may be used."""
    return tuple(command for command in COMMANDS if not (look_only() and command.changes))


def may_act(action: str) -> bool:
    """Whether an action may be carried out. `action`: its name, with or without arguments."""
    return not look_only() or _named(action) not in _CHANGING


def _named(action: str) -> str:
    return action.partition("(")[0]


_CHANGING: Final = frozenset(_named(command.action) for command in COMMANDS if command.changes) | {"help_quit"}
"""Whatever place has an action of such a name; Ctrl+C says how to quit."""


def bindings(place: Place) -> list[Binding]:
    """The keys of one place, for Textual."""
    return [
        Binding(command.key, command.action, command.title, show=False, tooltip=command.help)
        for command in COMMANDS
        if command.place == place
    ]
