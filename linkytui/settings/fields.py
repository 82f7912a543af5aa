"""The list of all settings, and how each value is parsed, checked and written."""

import tomllib
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Literal

import msgspec

from linkytui.errors import SettingsError
from linkytui.i18n import _
from linkytui.settings.about import About
from linkytui.settings.model import Settings

MASK: Final = "********"  # stands where a secret would

Kind = Literal["flag", "whole", "number", "money", "day", "choice", "text", "texts", "tables"]

_KINDS: Final[Mapping[object, Kind]] = MappingProxyType(
    {bool: "flag", int: "whole", float: "number", Decimal: "money", date: "day", str: "text"}
)
_ANY: Final = 10**15  # a number beyond which no setting can be
_LONGEST: Final = 80  # characters of a wrong value that are told

_FLAGS: Final = {
    "1": True,
    "true": True,
    "yes": True,
    "on": True,
    "0": False,
    "false": False,
    "no": False,
    "off": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting, as the loader, `linkytui config` and the settings screen need to know it."""

    key: str  # section and name, such as `meter.port` or `tariff.prices.HP`
    about: About
    kind: Kind
    """What a value is. A `texts` value is a tuple of `str`, a `tables` value a tuple that may hold structs."""
    optional: bool  # True when it may be unset, which is None
    default: Any
    choices: tuple[str, ...] = ()  # the values that a `choice` may have
    table: type[msgspec.Struct] | None = None  # what one table of a `tables` value is

    @property
    def section(self) -> str:
        """The table of the file that holds it."""
        return self.key.partition(".")[0]

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "LINKYTUI_" + self.key.upper().replace(".", "_")

    @property
    def parts(self) -> "tuple[Field, ...]":
        """What one table of a `tables` value may say; a default of `msgspec.NODEFAULT` must be said."""
        return tuple(_walk(self.table, "")) if self.table is not None else ()

    @property
    def meaning(self) -> str:
        """What it is for, in the language spoken now."""
        return _(self.about.meaning)

    @property
    def expected(self) -> str:
        """What a value must be, in the language spoken now; completes "must be"."""
        if self.about.form is not None:
            return _(self.about.form)
        if self.kind == "choice":
            return _("one of {choices}").format(choices=", ".join(self.choices))
        if self.kind == "flag":
            return _("true or false")
        if self.kind == "text":
            return _("a text")
        if self.kind == "day":
            return _("a date such as 2026-11-01")
        if self.kind in ("texts", "tables"):
            return _("a list of texts")
        return self._expected_number()

    def _expected_number(self) -> str:
        low, high = self.about.low, self.about.high
        texts: tuple[str, str, str] = (
            (_("a whole number"), _("a whole number of at least {low}"), _("a whole number from {low} to {high}"))
            if self.kind == "whole"
            else (_("a number"), _("a number of at least {low}"), _("a number from {low} to {high}"))
        )
        if low is None:
            return texts[0]
        return texts[1].format(low=low) if high is None else texts[2].format(low=low, high=high)

    def read(self, raw: object, where: str = "") -> Any:
        """The value that stands for what a file or `from_text` gave.

        Raises:
            SettingsError: it cannot be; the text names `where` it stood, the key, what is expected and what was given.
        """
        if raw is None and self.optional:
            return None
        if self.kind in ("texts", "tables"):
            if not isinstance(raw, list | tuple):
                raise self._unfit(raw, where)
            return tuple(self._read_item(item, f"{self.key}[{place}]", where) for place, item in enumerate(raw))
        value = self._read_plain(raw)
        if value is None:
            raise self._unfit(raw, where)
        return value

    def from_text(self, text: str, where: str = "") -> Any:
        """The value that a variable, an option or a person's typing means; a list is separated by commas.

        Raises SettingsError: as `read`.
        """
        raw: object = text
        if self.kind == "flag":
            raw = _FLAGS.get(text.strip().lower(), text)
        elif self.kind in ("whole", "number", "money"):
            raw = _number(text)
        elif self.kind in ("texts", "tables") and text.lstrip().startswith("["):
            try:
                raw = tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
            except (ValueError, RecursionError):
                raw = text
        elif self.kind in ("texts", "tables"):
            raw = [item for item in (part.strip() for part in text.split(",")) if item]
        return self.read(raw, where)

    def show(self, value: object) -> str:
        """The value as a file would write it, for people; secrets masked, unset as an empty text."""
        if value is None or value == ():
            return ""
        if self.about.secret:
            return MASK
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, tuple):
            return ", ".join(_show_item(item) for item in value)
        return f"{value:g}" if isinstance(value, float) else str(value)

    def mask(self, value: object) -> object:
        """The value itself, or `MASK` in place of a secret that is set."""
        return MASK if self.about.secret and value not in (None, (), []) else value

    def _read_plain(self, raw: object) -> Any:
        """The value, or None when it cannot be."""
        if self.kind == "choice":
            return raw if raw in self.choices else None
        if self.kind == "flag":
            return raw if isinstance(raw, bool) else None
        if self.kind == "text":
            return raw if isinstance(raw, str) and self._fits(raw) else None
        if self.kind == "day":
            return _day(raw)
        if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
            return None
        low, high = self.about.low, self.about.high
        # Before all else: 1e999999999 as a whole number would fill the memory.
        if raw != raw or not -_ANY < raw < _ANY or (low is not None and raw < low) or (high is not None and raw > high):
            return None
        if self.kind == "whole" and raw != int(raw):
            return None
        if self.kind == "money":
            return raw if isinstance(raw, Decimal) else Decimal(str(raw))
        return int(raw) if self.kind == "whole" else float(raw)

    def _read_item(self, raw: object, place: str, where: str) -> Any:
        if self.table is not None and isinstance(raw, self.table):
            raw = dict(table_items(raw))
        if self.table is not None and isinstance(raw, dict):
            return _read_table(self.table, raw, place, where)
        texts_allowed = self.kind == "texts" or self.about.check is not None
        if texts_allowed and isinstance(raw, str) and self._fits(raw):
            return raw
        raise self._unfit(raw, where, place)

    def _fits(self, text: str) -> bool:
        check = self.about.check
        return bool(check(text)) if check is not None else bool(text.strip())

    def _unfit(self, raw: object, where: str, place: str | None = None) -> SettingsError:
        given = MASK if self.about.secret else _show_item(raw)
        given = given if len(given) <= _LONGEST else f"{given[:_LONGEST]}…"
        text = _("{key} must be {expected}, not {value}").format(
            key=place or self.key, expected=self.expected, value=given
        )
        return SettingsError(f"{where}: {text}" if where else text)


def unknown_key(key: str, known: typing.Iterable[str], where: str) -> SettingsError:
    """The error for a name that no setting has, with the one that was perhaps meant."""
    from difflib import get_close_matches

    near = get_close_matches(key, list(known), n=1)
    text = (
        _("{key} is not a setting; did you mean {near}?").format(key=key, near=near[0])
        if near
        else _("{key} is not a setting").format(key=key)
    )
    return SettingsError(f"{where}: {text}" if where else text)


@cache
def fields() -> Mapping[str, Field]:
    """Every setting by key, in the file's order."""
    return MappingProxyType({field.key: field for field in _walk(Settings, "")})


def _walk(struct: type[msgspec.Struct], prefix: str) -> Iterator[Field]:
    hints = typing.get_type_hints(struct, include_extras=True)
    for item in msgspec.structs.fields(struct):
        hint, key = hints[item.name], prefix + item.encode_name
        if _is_struct(hint):
            yield from _walk(hint, key + ".")
        elif typing.get_origin(hint) is typing.Annotated:
            yield _field(hint, key, item.default)


def _is_struct(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def _field(hint: Any, key: str, default: object) -> Field:
    bare, about = typing.get_args(hint)
    parts = [part for part in typing.get_args(bare) if part is not type(None)]
    optional = len(parts) < len(typing.get_args(bare))
    if optional and len(parts) == 1:
        bare = parts[0]
    if typing.get_origin(bare) is tuple:
        item = typing.get_args(bare)[0]
        tables = [part for part in (item, *typing.get_args(item)) if isinstance(part, type) and part is not str]
        kind: Kind = "tables" if tables else "texts"
        return Field(
            key=key, about=about, kind=kind, optional=False, default=default, table=tables[0] if tables else None
        )
    if typing.get_origin(bare) is Literal:
        return Field(
            key=key, about=about, kind="choice", optional=optional, default=default, choices=typing.get_args(bare)
        )
    return Field(key=key, about=about, kind=_KINDS[bare], optional=optional, default=default)


def table_items(struct: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    """What one table of a list says: names as the file has them, without what is unset or the default."""
    for item in msgspec.structs.fields(struct):
        value = getattr(struct, item.name)
        if value is not None and value != item.default:
            yield item.encode_name, value


def as_plain(value: object) -> object:
    """A value as JSON has it: structs as objects, exact numbers as numbers."""
    if isinstance(value, msgspec.Struct):
        return {name: as_plain(item) for name, item in table_items(value)}
    if isinstance(value, list | tuple):
        return [as_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: as_plain(item) for name, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _read_table(struct: type[msgspec.Struct], raw: Mapping[str, object], place: str, where: str) -> msgspec.Struct:
    """One table of a list of tables."""
    known = {field.key: field for field in _walk(struct, place + ".")}
    names = {item.encode_name: item.name for item in msgspec.structs.fields(struct)}
    inner = {item.encode_name: item.type for item in msgspec.structs.fields(struct) if _is_struct(item.type)}
    values: dict[str, Any] = {}
    for name, value in raw.items():
        if name in inner and isinstance(value, msgspec.Struct):
            values[names[name]] = value
            continue
        if name in inner and isinstance(value, Mapping):
            values[names[name]] = _read_table(inner[name], value, f"{place}.{name}", where)
            continue
        field = known.get(f"{place}.{name}")
        if field is None:
            raise unknown_key(f"{place}.{name}", known, where)
        values[names[name]] = field.read(value, where)
    for key, field in known.items():
        if field.default is msgspec.NODEFAULT and key.removeprefix(place + ".") not in raw:
            text = _("{key} is missing").format(key=key)
            raise SettingsError(f"{where}: {text}" if where else text)
    return struct(**values)


def _day(raw: object) -> date | None:
    """A date as TOML has it, or as a text; None when it is none."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def _number(text: str) -> object:
    """A number as a person types it, with a decimal point or comma; the text itself when it is none."""
    try:
        return Decimal(text.strip().replace(",", "."))
    except ArithmeticError:
        return text


def _show_item(value: object) -> str:
    if isinstance(value, int) and not -_ANY < value < _ANY:
        return hex(value)  # Python writes no number of more than 4,300 digits
    if isinstance(value, msgspec.Struct):
        return "{" + ", ".join(f"{name} = {_show_item(item)}" for name, item in table_items(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_show_item(item) for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
