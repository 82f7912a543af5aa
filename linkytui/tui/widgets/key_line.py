"""The key line in the last row: the current screen's keys, clickable."""

from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from linkytui.i18n import _
from linkytui.tui.keys import Command, Place, commands
from linkytui.tui.widgets.lines import clickable


class KeyLine(Static):
    """Keys and names, as many as fit. A click on one does what the key does."""

    places: var[tuple[Place, ...]] = var(("everywhere",))  # whose keys work here, the most particular first
    width_shown: var[int] = var(0)

    def __init__(self, *places: Place) -> None:
        super().__init__(markup=False)
        self.set_reactive(KeyLine.places, (*places, "everywhere"))

    def on_resize(self) -> None:
        self.width_shown = self.size.width

    def speak(self) -> None:
        """Say the keys in the language spoken now."""
        text = Content("")
        taken: set[str] = set()
        for command in (command for place in self.places for command in commands() if command.place == place):
            keys = set(command.key.split(","))
            # A key does what the most particular place says: what it hides is not shown.
            item = self._item(command) if command.shown and not keys & taken else Content("")
            taken |= keys
            if text.cell_length + item.cell_length <= self.width_shown:
                text += item
        self.update(text)

    watch_places = watch_width_shown = speak

    def _item(self, command: Command) -> Content:
        item = Content.assemble(" ", (command.label, "bold $footer-key-foreground"), f" {_(command.title)} ")
        return clickable(item, command.target)
