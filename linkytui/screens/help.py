"""The help page: what the keys do and what the words mean."""

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from linkytui.i18n import _
from linkytui.keys import COMMANDS


class Help(ModalScreen[None]):
    """Keys, then the few words that a bill does not explain."""

    BINDINGS = [Binding("escape,question_mark,q,f1", "dismiss", show=False)]  # noqa: RUF012 -- Textual's

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as page:
            page.border_title = _("Help")
            page.border_subtitle = _("Esc closes")
            yield Static(_keys(), markup=False)
            yield Static(_words(), markup=False)


def _keys() -> Content:
    rows = [
        Content.assemble((f"{command.label:>7}  ", "bold $accent"), _(command.help), "\n")
        for command in COMMANDS
        if command.place != "replay"
    ]
    replay = [
        Content.assemble((f"{command.label:>7}  ", "bold $accent"), _(command.help), "\n")
        for command in COMMANDS
        if command.place == "replay"
    ]
    return Content.assemble(*rows, "\n", (_("In a recording"), "bold"), "\n", *replay)


def _words() -> Content:
    entries = (
        ("VA", _("apparent power, which the meter measures and your subscription limits")),
        ("W", _("active power, which you pay; worked out from the registers, so it needs some time")),
        ("kVA", _("the subscribed power: above it the breaker may open")),
        (
            _("Base"),
            _("in historic mode also what any newer offer looks like: only standard mode tells its periods"),
        ),
        (_("rejected"), _("groups whose checksum or format is wrong: a few in ten thousand are normal")),
    )
    rows = [Content.assemble((f"{word}: ", "bold"), text, "\n") for word, text in entries]
    return Content.assemble((_("Words"), "bold"), "\n", *rows)
