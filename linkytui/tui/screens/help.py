"""The help page: keys and terms."""

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from linkytui.i18n import N_, _
from linkytui.tui.keys import PLACES, Place, commands

_WIDTH: Final = 69  # cells of a line at most

_FRAME: Final = 7  # cells that the frame of the page takes


_ABOUT: Final[Mapping[Place, str]] = {
    "everywhere": N_(
        "What you draw now and how much of your subscription that is; which period runs, and until when; the last "
        "minutes, and today (filled: the mean, thin line: the peak) beside the day before (grey line); each register "
        "with what was drawn today; what the month costs. The last row but one says whether the numbers can be trusted."
    ),
    "meter": N_(
        "Everything that the meter says, label by label, in words and as sent. The row under the cursor is explained "
        "below. At the top: the line, and what was rejected of it over the last hour and day."
    ),
    "history": N_(
        "One day, week, month or year at a time, beside the one before; what still goes on is compared with the same "
        "part of it. v shows what repeats: hours by days, typical days, the base load."
    ),
    "laps": N_("The stretches of time that you marked, with what they drew."),
    "alerts": N_(
        "What has happened among the things that are watched: when it began and when it ended. Rules are set in "
        "[alerts.rules]."
    ),
    "offers": N_(
        "What the month and a year would cost with every offer whose prices are known, for the energy recorded here. "
        "Where there is no figure, the row says why."
    ),
    "grids": N_("Where each price was read, when, and what was refused, and why."),
    "settings": N_("Every setting, what it means and where its value comes from. Changes are saved and hold at once."),
    "fleet": N_(
        "All meters of a fleet as they report, those in trouble first: silent, without a line, drawing too much. "
        "At the top, the power of all of them over the last minutes; below, their sums."
    ),
    "callbacks": N_("Where the samples go, whether they arrive there, and what waits."),
}
"""What a screen shows, by the place of its keys; the dashboard's are those that work everywhere."""


class Help(ModalScreen[None]):
    """What the screen below shows, and its keys; then all others, and the words that no bill explains."""

    BINDINGS = [Binding("escape,question_mark,q,f1", "dismiss", show=False)]  # noqa: RUF012 -- Textual's

    def __init__(self, place: Place = "everywhere") -> None:
        """Args: place: the screen that one is on, by its keys."""
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as page:
            page.border_title = _("Help")
            page.border_subtitle = _("Esc to close")
            yield Static(id="help-text", markup=False)

    def on_resize(self) -> None:
        """Lines are broken where the page ends."""
        width = min(self.size.width - _FRAME, _WIDTH)
        self.query_one("#help-text", Static).update(Content("\n").join([*self._keys(width), *_words(width)]))

    def _keys(self, width: int) -> Iterator[Content]:
        if self._place in _ABOUT:
            yield Content("\n".join(wrap(_(_ABOUT[self._place]), width)))
            yield Content("")
        for place in dict.fromkeys((self._place, *(place for place in PLACES if place != "fleet"))):
            title = PLACES[place]
            yield Content.styled(_(title), "bold")
            for command in commands():
                if command.place == place:
                    yield _hanging(f"{command.label:>8}  ", "bold $accent", _(command.help), width)
            yield Content("")


def _words(width: int) -> Iterator[Content]:
    yield Content.styled(_("Words"), "bold")
    words = (
        ("VA", _("apparent power, which the meter measures and your subscription limits")),
        ("W", _("active power, what you pay for; computed from the registers, so it takes a moment")),
        ("kVA", _("the subscribed power: above it the breaker may open")),
        (_("register"), _("the count of the energy that a bill reads; one for each period of the contract")),
        (_("base load"), _("what is drawn at all times, even at night: fridge, internet box, appliances on standby")),
        (_("Base"), _("in historic mode, newer offers look like this too: only standard mode tells their periods")),
        (_("frame"), _("all that the meter says in one go, every one to four seconds")),
        (_("group"), _("one value of a frame: its label, its data and a checksum")),
        (_("label"), _("the name that the meter gives to a value, such as PAPP for the apparent power")),
        (_("rejected"), _("groups whose checksum or format is wrong: a few in ten thousand are normal")),
    )
    margin = max(len(word) for word, _text in words)
    for word, text in words:
        yield _hanging(f"{word:>{margin}}  ", "bold", text, width)


def _hanging(name: str, style: str, text: str, width: int) -> Content:
    """A text beside a name, all its lines below each other."""
    margin = "\n" + " " * len(name)
    return Content.assemble((name, style), margin.join(wrap(text, max(width - len(name), 10))))
