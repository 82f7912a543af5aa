"""Asks for confirmation of what cannot be undone."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from linkytui.i18n import _
from linkytui.tui.widgets.lines import clickable


class Confirm(ModalScreen[bool]):
    """A question; answers True only to its own key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,o,enter", "dismiss(True)", show=False),
        Binding("n,escape,q", "dismiss(False)", show=False),
    ]

    def __init__(self, title: str, question: str) -> None:
        """Args: title: what is about to be done; question: one or two sentences."""
        super().__init__()
        self._title = title
        self._question = question

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = self._title
            yield Static(self._question, markup=False)
            yes = clickable(Content.styled(_(" Enter: yes "), "bold"), "screen.dismiss(True)")
            no = clickable(Content(_(" Esc: no ")), "screen.dismiss(False)")
            yield Static(yes + "  " + no)
