"""The list of settings by section, each with its value and origin."""

from collections.abc import Mapping, Sequence
from typing import Final

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.reactive import var
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from linkytui.i18n import _
from linkytui.tui.glyphs import glyphs
from linkytui.tui.settings_form import TESTED, Row, origin_name, section_name

_NAME: Final = 19
_NAME_NARROW: Final = 17
_ORIGIN: Final = 13
_ORIGIN_NARROW: Final = 8
_NARROW: Final = 60  # cells below which a default is told by its look alone
_WIDE: Final = 110  # cells from which on the meaning stands in the row
_VALUE_WIDE: Final = 30

_SHORT_ORIGINS: Final = {"default": "", "environment": "$VAR", "option": "--opt"}
"""Where a value comes from, where there is no room for words."""

TEST: Final = "test:"  # begins the name of an option that tests a section's connection


class SettingList(OptionList):
    """Rows of settings. Their keys are the names of the options."""

    held: var[bool] = var(False)  # does not scroll: the value of a row is being typed over it

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id, markup=False, compact=True)
        self._sections: Mapping[str, Sequence[Row]] = {}

    @property
    def row(self) -> Row | None:
        """The row under the cursor, if it is a setting."""
        option = self.highlighted_option
        key = option.id if option else None
        return next((row for rows in self._sections.values() for row in rows if row.key == key), None)

    @property
    def section(self) -> str:
        """The section under the cursor."""
        option = self.highlighted_option
        name = option.id if option and option.id else ""
        return name.removeprefix(TEST) if name.startswith(TEST) else name.rpartition(".")[0]

    def show(self, sections: Mapping[str, Sequence[Row]]) -> None:
        """Show these rows; the cursor stays on its setting."""
        self._sections = sections
        self.speak()

    def point_at(self, key: str) -> None:
        """Put the cursor on a setting, where it is in the list."""
        if any(option.id == key for option in self.options):
            self.highlighted = self.get_option_index(key)

    def speak(self) -> None:
        """Say everything in the language spoken now."""
        options = list(self._options_of(self._sections))
        if [option.id for option in options] == [option.id for option in self.options]:
            for place, option in enumerate(options):
                self.replace_option_prompt_at_index(place, option.prompt)
            return
        self.set_options(options)
        self.action_first()

    def on_resize(self) -> None:
        """Another width, other columns."""
        self.speak()

    def next_section(self, direction: int) -> None:
        """Put the cursor on the first setting of the next section, or of the one before."""
        names = list(self._sections)
        if self.section in names:
            place = (names.index(self.section) + direction) % len(names)
            self.highlighted = self.get_option_index(self._sections[names[place]][0].key)
            heading = self._index_to_line[self.get_option_index(f"section:{names[place]}")]
            self.call_after_refresh(self.scroll_to, y=heading, animate=False)

    def value_region(self, key: str) -> Region:
        """Where on the screen the value of a row is, scrolled into sight."""
        self.scroll_to_highlight()
        line = self._index_to_line[self.get_option_index(key)]
        area = self.scrollable_content_region
        name = self._name_width + 1
        width = self._value_width if self._cells >= _WIDE else area.width - name - 1
        return Region(area.x + name, area.y + line - int(self.scroll_offset.y), width, 1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._hold(event)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._hold(event)

    def _hold(self, event: events.Event) -> None:
        if self.held:
            event.prevent_default().stop()

    @property
    def _cells(self) -> int:
        return self.scrollable_content_region.width

    @property
    def _name_width(self) -> int:
        return _NAME_NARROW if self._cells < _NARROW else _NAME

    @property
    def _origin_width(self) -> int:
        return _ORIGIN_NARROW if self._cells < _NARROW else _ORIGIN

    @property
    def _value_width(self) -> int:
        if self._cells >= _WIDE:
            return _VALUE_WIDE
        return max(self._cells - self._name_width - self._origin_width - 2, 6)

    def _options_of(self, sections: Mapping[str, Sequence[Row]]) -> list[Option]:
        options = []
        for place, (section, rows) in enumerate(sections.items()):
            heading = Content.styled(f" {section_name(section)}", "bold $accent")
            options.append(
                Option(Content("\n") + heading if place else heading, id=f"section:{section}", disabled=True)
            )
            options += [Option(self._content(row), id=row.key) for row in rows]
            if section in TESTED:
                text = Content.styled("   " + _("Test the connection"), "$primary")
                options.append(Option(text, id=TEST + section))
        return options

    def _content(self, row: Row) -> Content:
        """Name, value, origin; the meaning where there is room for it."""
        width, default = self._value_width, row.origin.kind == "default"
        narrow = self._cells < _NARROW
        origin = origin_name(row.origin)
        if narrow:
            origin = _SHORT_ORIGINS.get(row.origin.kind, origin)
        parts: list[Content | str] = [
            _cell(f" {row.name}" if narrow else f"   {row.name}", self._name_width, ""),
            " ",
            _cell(self._value(row), width, "$quiet" if default else "bold"),
            " ",
            _cell(origin, self._origin_width, "$warning" if row.locked else "$quiet"),
        ]
        if self._cells >= _WIDE and row.field is not None:
            room = self._cells - self._name_width - width - self._origin_width - 4
            parts += [" ", _cell(row.field.meaning, room, "$quiet")]
        return Content.assemble(*parts)

    def _value(self, row: Row) -> str:
        if isinstance(row.value, bool):
            return glyphs().live + " " + _("on") if row.value else glyphs().down + " " + _("off")
        return row.text or _("not set")


def _cell(text: str, width: int, style: str) -> Content:
    """A text in so many cells."""
    content = Content(text).truncate(width, ellipsis=True)
    return Content.styled(content.plain + " " * (width - content.cell_length), style)
