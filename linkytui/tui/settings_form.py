"""The settings form: rows by section, the action of Enter on each, and parsing of typed values. No widgets."""

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from linkytui.i18n import _
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.settings.fields import Field, fields
from linkytui.settings.load import Loaded, Origin
from linkytui.settings.save import as_toml
from linkytui.settings.secrets import masked_table
from linkytui.tui.themes import THEMES
from linkytui.tui.widgets.search_bar import found

TESTED: Final = ("influxdb", "mqtt")  # sections with a connection that can be tested


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One setting as it stands."""

    key: str
    value: Any
    origin: Origin
    field: Field | None  # None for what belongs to a plugin
    removable: bool = False  # it stands in the file that is written to, and can be taken out

    @property
    def section(self) -> str:
        """The table of the file that holds it."""
        return self.key.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Its name in that table."""
        return self.key.rpartition(".")[2]

    @property
    def locked(self) -> bool:
        """It cannot be changed here: a variable or an option would win, or it is a plugin's own."""
        return self.field is None or self.origin.kind in ("environment", "option")

    @property
    def text(self) -> str:
        """The value on one line; a secret masked, nothing where it is not set."""
        if self.field is None:
            return json.dumps(self.value, ensure_ascii=False, default=str)
        return " ".join(self.field.show(self.value).split())

    @property
    def choices(self) -> tuple[Any, ...]:
        """The values that one key goes through; none where a value has to be typed."""
        field = self.field
        if field is None:
            return ()
        if field.kind == "flag":
            return (False, True)
        if field.kind == "choice":
            return (None, *field.choices) if field.optional else field.choices
        if field.key == "screen.theme":
            known = ("auto", *(theme.name for theme in THEMES))
            return known if self.value in known else (*known, self.value)
        return ()

    @property
    def typed(self) -> bool:
        """Its value can be typed."""
        return self.field is not None and self.field.kind not in ("flag", "choice")

    @property
    def next(self) -> Any:
        """The value after this one in `choices`."""
        choices = self.choices
        return choices[(choices.index(self.value) + 1) % len(choices)]


def sections(loaded: Loaded, contract: Contract | None = None, wanted: str = "") -> dict[str, list[Row]]:
    """Every setting by section, in the file's order; a plugin's table has a section of its own.

    `contract`: the meter's, prices that are not set of registers that it has not are left out; `wanted`: only what has
    these words in its name, its meaning or its value.
    """
    shown = {
        section: [row for row in rows if _concerns(row, contract) and _fits(row, wanted)]
        for section, rows in _all_sections(loaded).items()
    }
    return {section: rows for section, rows in shown.items() if rows}


def _concerns(row: Row, contract: Contract | None) -> bool:
    """Whether a setting has to do with a contract. A supplier's own calendar may be billed by any register."""
    if row.section != "tariff.prices" or row.value is not None or contract in (None, Contract.OTHER):
        return True
    known = {register for registers in REGISTERS.values() for register in registers}
    return row.name not in known or row.name in REGISTERS[contract]


def _fits(row: Row, wanted: str) -> bool:
    meaning = row.field.meaning if row.field is not None else ""
    return not wanted or found(wanted, row.key, meaning, row.text)


def _all_sections(loaded: Loaded) -> dict[str, list[Row]]:
    rows_of: dict[str, list[Row]] = {}
    for key, field in fields().items():
        origin = loaded.origins[key]
        removable = origin.kind == "file" and origin.name == str(loaded.path)
        row = Row(key=key, value=loaded.value(key), origin=origin, field=field, removable=removable)
        rows_of.setdefault(row.section, []).append(row)
        if key == "callbacks.plugins":
            for name, table in loaded.settings.callbacks.tables.items():
                rows_of[f"callbacks.{name}"] = _plugin_rows(name, table, loaded.origins[f"callbacks.{name}"])
    return rows_of


def _plugin_rows(name: str, table: Mapping[str, Any], origin: Origin) -> list[Row]:
    return [
        Row(key=f"callbacks.{name}.{key}", value=value, origin=origin, field=None)
        for key, value in masked_table(table).items()
    ]


def section_name(section: str) -> str:
    """A section in words."""
    names = {
        "meter": _("Meter"),
        "screen": _("Screen"),
        "history": _("History"),
        "relay": _("Relay"),
        "http": "HTTP",
        "tariff": _("Tariff"),
        "tariff.prices": _("Prices set by hand"),
        "billing": _("Billing"),
        "influxdb": "InfluxDB",
        "mqtt": "MQTT",
        "upstream": _("Fleet of meters"),
        "callbacks": _("Callbacks"),
        "alerts": _("Alerts"),
    }
    plugin = _("Callback {name}").format(name=section.partition(".")[2])
    return names.get(section, plugin)


READERS: Final = frozenset({"meter", "history", "relay", "http", "influxdb", "mqtt", "upstream", "callbacks", "alerts"})
"""Sections that matter to the process that reads the meter; the others to each screen."""


def elsewhere_set(path: str) -> str:
    """That the process that reads the meter has other settings than those that can be changed here.

    `path`: its settings file.
    """
    edit = f"linkytui config edit --config {shlex.quote(path)}"
    return _("The process that reads the meter has its own settings: {command}").format(
        command=edit if os.access(path, os.W_OK) else f"sudo {edit}"
    )


def origin_name(origin: Origin) -> str:
    """Where a value comes from, in a word."""
    match origin.kind:
        case "file":
            return _("file")
        case "environment":
            return _("environment")
        case "option":
            return _("option")
    return _("by default")


def as_typed(field: Field, value: Any) -> str:
    """The text that a person starts from when changing a value; empty for a secret, which is never shown."""
    if value is None or field.about.secret:
        return ""
    if isinstance(value, tuple):
        plain = all(isinstance(item, str) and "," not in item and item == item.strip() for item in value)
        listed = plain and not (value and value[0].startswith("["))
        return ", ".join(value) if listed else as_toml(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def meant(field: Field, text: str) -> Any:
    """The value that a person's typing means; nothing typed unsets what may be unset.

    Raises SettingsError: it cannot be, the text says what is expected.
    """
    if not text.strip() and field.optional:
        return None
    return field.from_text(text)
