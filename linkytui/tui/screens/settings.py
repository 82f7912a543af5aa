"""The settings screen: every setting's value, meaning and origin; changes are saved and take effect at once."""

from pathlib import Path
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, OptionList

from linkytui.errors import SettingsError
from linkytui.i18n import _, listed
from linkytui.reading import Reading
from linkytui.tui.messages import SettingsChanged
from linkytui.tui.page import Page
from linkytui.tui.screens.connection import ConnectionTest, probe
from linkytui.tui.session import Session
from linkytui.tui.settings_form import READERS, TESTED, Row, as_typed, elsewhere_set, meant, section_name, sections
from linkytui.tui.widgets.search_bar import SearchBar
from linkytui.tui.widgets.setting_list import SettingList


class SettingsScreen(Page, keys="settings"):
    """The list of settings; below it all there is to say of the one under the cursor."""

    def __init__(self, session: Session, reading: Reading | None = None, at: str = "") -> None:
        """session: whose settings are shown and changed.
        reading: what the meter says, for its contract.
        at: the key of the setting on which the cursor begins.
        """
        super().__init__()
        self._contract = reading.contract if reading else None
        self._at = at
        self._wanted = ""  # what is looked for
        self._undone: list[tuple[str, Any]] = []  # what was changed here, and what it was before
        self._keeper = session.keeper
        self._other_file = session.other_file
        self._editing: Row | None = None
        self._said = ""

    def body(self) -> ComposeResult:
        yield SettingList(id="list")
        yield SearchBar()

    def compose(self) -> ComposeResult:
        yield from super().compose()
        yield Input(id="editor", compact=True, select_on_focus=False)

    def on_mount(self) -> None:
        self._editor.display = False
        before = self._keeper.loaded.settings
        try:
            settings = self._keeper.refresh().settings
        except SettingsError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            if settings != before:
                self.post_message(SettingsChanged(settings))
        self._show()
        if self._at:
            self._list.point_at(self._at)
        self._list.focus()

    def speak(self) -> None:
        self._leave_editor()
        self.entitle(_("Settings"), (_short(self._keeper.loaded.path), "$quiet"))
        self._explain()

    def on_resize(self) -> None:
        """What is being typed has no place any more."""
        self._leave_editor()

    @property
    def _list(self) -> SettingList:
        return self.query_one(SettingList)

    @property
    def _editor(self) -> Input:
        return self.query_one("#editor", Input)

    def _show(self) -> None:
        self._list.show(sections(self._keeper.loaded, self._contract, self._wanted))
        self._explain()

    def action_search(self) -> None:
        """Look for a setting."""
        self._leave_editor()
        self.query_one(SearchBar).open()

    def on_search_bar_searched(self, message: SearchBar.Searched) -> None:
        """Show what fits."""
        self._wanted = message.text
        self._show()

    # What there is to say of a setting ------------------------------------------------------------------------------

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._leave_editor()
        self._said = ""
        self._explain()

    def _explain(self, trouble: str = "") -> None:
        """Say all of the setting under the cursor; what is wrong with what is being typed takes the last line."""
        row = self._list.row
        if row is None:
            test = _("Tries each step to the server and says which one fails.") if self._tested else ""
            self.note(Content(self._elsewhere() or test))
            return
        name = (f"{row.key}  ", "bold $accent")
        if row.field is None:
            facts = _("This belongs to the plugin: change it in the file.")
            text = Content.assemble(name, "\n", (facts, "$quiet"))
        else:
            elsewhere = self._elsewhere()
            meaning = (elsewhere, "$warning") if elsewhere else row.field.meaning  # there is no room for both
            text = Content.assemble(name, self._origin(row), "\n", meaning, "\n", self._last_line(row, trouble))
        self.note(text)

    def _origin(self, row: Row) -> tuple[str, str]:
        match row.origin.kind:
            case "environment":
                return _("from the environment: {name} decides").format(name=row.origin.name), "$warning"
            case "option":
                return _("from the command line: {name} decides").format(name=row.origin.name), "$warning"
            case "file":
                return _("from {path}").format(path=_short(Path(row.origin.name))), "$quiet"
        return _("by default"), "$quiet"

    def _last_line(self, row: Row, trouble: str) -> tuple[str, str]:
        if trouble:
            return trouble, "bold $error"
        if self._said:
            return self._said, "bold $success"
        if row.field is None:
            return "", ""
        expected = _("on or off") if row.field.kind == "flag" else row.field.expected
        facts = [_("must be {expected}").format(expected=expected)]
        if row.field.about.secret:
            facts.append(_("never shown"))
        if row.field.about.restart:
            facts.append(_("takes effect at the next start"))
        return listed(*facts), "$quiet"

    def _elsewhere(self) -> str | None:
        """That this section does not hold for the process that reads the meter, where it does not."""
        file = self._other_file()
        return elsewhere_set(file) if file is not None and self._list.section.partition(".")[0] in READERS else None

    # Changing it ----------------------------------------------------------------------------------------------------

    @on(OptionList.OptionSelected)
    def _selected(self) -> None:
        self.action_change()

    def action_change(self) -> None:
        """Go to the next value, or type one."""
        row = self._list.row
        if row is None:
            self.action_test()
        elif self._may_change(row):
            if row.typed:
                self._edit(row)
            else:
                self._save(row, row.next)

    def action_turn(self) -> None:
        """Go to the next value, where there are some to choose from."""
        row = self._list.row
        if row is None or not row.choices:
            self.action_change()
        elif self._may_change(row):
            self._save(row, row.next)

    def action_reset(self) -> None:
        """Take the setting out of the file."""
        row = self._list.row
        if row is not None and self._may_change(row) and row.removable:
            self._save(row, None)

    def action_undo(self) -> None:
        """Put back what was changed last."""
        if not self._undone:
            self.app.bell()
            return
        key, before = self._undone.pop()
        row = next((row for rows in sections(self._keeper.loaded).values() for row in rows if row.key == key), None)
        if row is not None and self._may_change(row):
            self._list.point_at(key)
            self._write(row, before, _("Undone."))

    def action_section(self, direction: int) -> None:
        """The next section, or the one before."""
        self._list.next_section(direction)

    def action_leave(self) -> None:
        """Leave what is being typed; else the screen."""
        if self._editing is not None:
            self._leave_editor()
            self._explain()
        else:
            self.app.pop_screen()

    @property
    def _tested(self) -> bool:
        return self._list.section in TESTED

    def action_test(self) -> None:
        """Try the connection of the section under the cursor, as it is set now."""
        section, settings = self._list.section, self._keeper.loaded.settings
        if section in TESTED and self._elsewhere() is None:
            self.app.push_screen(ConnectionTest(section_name(section), lambda: probe(section, settings)))

    def _may_change(self, row: Row) -> bool:
        if row.locked:
            self.app.bell()
            return False
        return True

    def _edit(self, row: Row) -> None:
        """Let the person type over the value."""
        assert row.field is not None  # noqa: S101 -- those of plugins are locked
        editor, region = self._editor, self._list.value_region(row.key)
        self._editing, self._said, self._list.held = row, "", True
        editor.styles.offset = (region.x, region.y)
        editor.styles.width = region.width
        editor.password = row.field.about.secret
        with self.prevent(Input.Changed):
            editor.value = as_typed(row.field, row.value)
        editor.cursor_position = len(editor.value)
        editor.set_class(False, "-wrong")
        editor.display = True
        editor.focus()
        self._explain()

    @on(Input.Changed, "#editor")
    def _check(self, event: Input.Changed) -> None:
        row = self._editing
        if row is not None and row.field is not None:
            trouble = _trouble(row, event.value)
            self._editor.set_class(bool(trouble), "-wrong")
            self._explain(trouble)

    @on(Input.Submitted, "#editor")
    def _submit(self, event: Input.Submitted) -> None:
        row = self._editing
        if row is None or row.field is None:
            return
        if trouble := _trouble(row, event.value):
            self._explain(trouble)
            return
        self._leave_editor()
        if row.field.about.secret and not event.value:
            self._explain()  # nothing typed over a secret leaves it as it was
        else:
            self._save(row, meant(row.field, event.value))

    @on(Input.Blurred, "#editor")
    def _leave_editor(self) -> None:
        if self._editing is not None:
            self._editing, self._list.held = None, False
            had_focus, self._editor.display = self._editor.has_focus, False
            if had_focus:
                self._list.focus()

    def _save(self, row: Row, value: Any) -> None:
        """Save a value and put it into effect; what it was before can be put back."""
        restart = row.field is not None and row.field.about.restart
        if self._write(row, value, _("Saved; takes effect at the next start.") if restart else _("Saved.")):
            self._undone.append((row.key, row.value if row.removable else None))

    def _write(self, row: Row, value: Any, said: str) -> bool:
        """Write a value; a file that cannot be written is said in one line."""
        try:
            loaded = self._keeper.save(row.key, value)
        except SettingsError as error:
            self._explain(str(error))
            return False
        self._said = said
        self.post_message(SettingsChanged(loaded.settings))
        self._show()
        return True


def _trouble(row: Row, text: str) -> str:
    """What is wrong with a person's typing; nothing when it can be saved."""
    assert row.field is not None  # noqa: S101 -- those of plugins are locked
    if row.field.about.secret and not text:
        return ""
    try:
        meant(row.field, text)
    except SettingsError as error:
        return str(error)
    return ""


def _short(path: Path) -> str:
    """A path as people write it, from their home folder on."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except ValueError:
        return str(path)
