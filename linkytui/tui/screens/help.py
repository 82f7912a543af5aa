"""The help page: keys and terms."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from linkytui.i18n import _
from linkytui.tui.keys import COMMANDS, PLACES

_WIDTH: Final = 69  # cells of a line at most

_FRAME: Final = 7  # cells that the frame of the page takes


class Help(ModalScreen[None]):
    """Keys, then the few words that a bill does not explain."""

    BINDINGS = [Binding("escape,question_mark,q,f1", "dismiss", show=False)]  # noqa: RUF012 -- Textual's

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
        for place, title in PLACES.items():
            yield Content.styled(_(title), "bold")
            for command in COMMANDS:
                if command.place == place:
                    yield _hanging(f"{command.label:>7}  ", "bold $accent", _(command.help), width)
            yield Content("")


def _words(width: int) -> Iterator[Content]:
    yield Content.styled(_("Words"), "bold")
    for word, text in (
        ("VA", _("apparent power, which the meter measures and your subscription limits")),
        ("W", _("active power, what you pay for; computed from the registers, so it takes a moment")),
        ("kVA", _("the subscribed power: above it the breaker may open")),
        (_("Base"), _("in historic mode, newer offers look like this too: only standard mode tells their periods")),
        (_("rejected"), _("groups whose checksum or format is wrong: a few in ten thousand are normal")),
    ):
        yield _hanging(f"{word:>7}  ", "bold", text, width)


def _hanging(name: str, style: str, text: str, width: int) -> Content:
    """A text beside a name, all its lines below each other."""
    margin = "\n" + " " * len(name)
    return Content.assemble((name, style), margin.join(wrap(text, max(width - len(name), 10))))
