"""A line in which one types what is looked for; hidden until it is asked for."""

import unicodedata

from textual.binding import Binding
from textual.message import Message
from textual.widgets import Input

from linkytui.i18n import _


class SearchBar(Input):
    """Tells each change of what is looked for. Enter keeps it, Escape forgets it; both give the focus back."""

    BINDINGS = [Binding("escape", "forget", show=False)]  # noqa: RUF012 -- Textual's

    class Searched(Message):
        """Something else is looked for; nothing when the text is empty."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__(id="search", compact=True, select_on_focus=False)
        self.display = False

    def open(self) -> None:
        """Show it and type into it."""
        self.placeholder = _("Search")
        self.display = True
        self.focus()

    def action_forget(self) -> None:
        """Look for nothing any more."""
        self.value = ""
        self._close()

    def on_input_submitted(self) -> None:
        """What was found stays."""
        self._close()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tell it at once."""
        event.stop()
        self.post_message(self.Searched(event.value))

    def _close(self) -> None:
        self.display = bool(self.value)
        self.screen.focus_next()


def found(wanted: str, *texts: str) -> bool:
    """Whether every word that is looked for stands in one of some texts, whatever their case and their accents."""
    hay = _plain(" ".join(texts))
    return all(word in hay for word in _plain(wanted).split())


def _plain(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)).casefold()
