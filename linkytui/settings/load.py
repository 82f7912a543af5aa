"""Loads settings in layers: defaults, system file, user file, environment, options."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import msgspec

from linkytui.errors import SettingsError
from linkytui.i18n import _
from linkytui.settings import folders
from linkytui.settings.fields import fields, unknown_key
from linkytui.settings.model import Settings

LINKYPY_VARIABLES: Final = {
    "LINKY_PORT": "meter.port",
    "INFLUXDB_SERVICE_HOST": "influxdb.host",
    "INFLUXDB_SERVICE_PORT": "influxdb.port",
    "INFLUXDB_DATABASE": "influxdb.database",
    "INFLUXDB_USERNAME": "influxdb.username",
    "INFLUXDB_PASSWORD": "influxdb.password",
    "CURRENT_POWER": "meter.power_kva",
    "HP_KWH_PRICE": "tariff.prices.HP",
    "HC_KWH_PRICE": "tariff.prices.HC",
    "MONTHLY_SUBSCRIPTION_PRICE": "tariff.prices.subscription",
}
"""linkypy's variables and the settings that they mean. Ours win over them."""

_SPEEDS: Final = ("1200", "9600")

_LIMIT: Final = 1_000_000  # bytes of a settings file at most; more is not a settings file


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from."""

    kind: Literal["default", "file", "environment", "option"]
    name: str = ""  # the file's path, the variable's name or the option; empty for a default

    def __str__(self) -> str:
        return self.name or _("default")


DEFAULT: Final = Origin("default")


class Option(NamedTuple):
    """A value given on the command line."""

    name: str  # as the person typed it, such as `--port`
    value: object  # a text, or already of the setting's type


@dataclass(frozen=True, slots=True)
class Loaded:
    """What holds, and why."""

    settings: Settings
    origins: Mapping[str, Origin]
    """Where each value comes from, for every key of `fields()` and every `callbacks.<name>` table."""
    path: Path  # the file that changes are written to; it may not exist yet

    def value(self, key: str) -> Any:
        """The value of one of `fields()`."""
        found: Any = self.settings
        for name in key.split("."):
            found = getattr(found, name)
        return found


class _Given(NamedTuple):
    value: Any
    origin: Origin


def load_settings(
    environ: Mapping[str, str],
    config_path: Path | None = None,
    overrides: Mapping[str, Option] | None = None,
    *,
    system_file: Path = folders.SYSTEM_FILE,
) -> Loaded:
    """Read the settings that hold now.

    `config_path`: the file named by `--config`, which is then the only one read and must exist; `system_file`: read
    before the user's file. Raises SettingsError: a file cannot be read, or a value cannot be.
    """
    given: dict[str, _Given] = {}
    tables: dict[str, _Given] = {}
    path = config_path or folders.config_file()
    for file in (system_file, path) if config_path is None else (path,):
        try:
            document = _read_file(file)
        except FileNotFoundError:
            if config_path is not None:
                text = _("{path}: no such settings file; check the name")
                raise SettingsError(text.format(path=path)) from None
            continue
        except PermissionError as error:
            if file is system_file:
                continue  # it holds the service's passwords, and is not for everyone to read
            raise _unreadable(file, error) from None
        found, plugins = _from_document(document, str(file))
        given |= found
        tables |= plugins
    given |= {key: _Given(value, Origin("environment", name)) for key, (value, name) in from_linkypy(environ).items()}
    given |= _from_environment(environ)
    given |= _from_options(overrides or {})
    values = {key: given[key].value if key in given else field.default for key, field in fields().items()}
    origins = {key: given[key].origin if key in given else DEFAULT for key in values}
    origins |= {f"callbacks.{name}": table.origin for name, table in tables.items()}
    return Loaded(_build(values, {name: table.value for name, table in tables.items()}), origins, path)


def check_file(path: Path) -> None:
    """Read a settings file only to see whether it is right; SettingsError when it is not."""
    try:
        document = _read_file(path)
    except OSError as error:
        raise _unreadable(path, error) from None
    _from_document(document, str(path))


def _unreadable(path: Path, error: OSError) -> SettingsError:
    return SettingsError(
        _("{path}: cannot read the settings: {reason}").format(path=path, reason=error.strerror or error)
    )


def _read_file(path: Path) -> dict[str, Any]:
    """The file's tables.

    Raises FileNotFoundError: there is none; PermissionError: this user may not read it; SettingsError: anything else
    that is wrong with it.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_LIMIT + 1)
    except (FileNotFoundError, PermissionError):
        raise
    except OSError as error:
        raise _unreadable(path, error) from None
    if len(content) > _LIMIT:
        raise SettingsError(_("{path}: too long for a settings file").format(path=path))
    try:
        return tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SettingsError(_("{path}: line {line} is not UTF-8 text").format(path=path, line=line)) from None
    except tomllib.TOMLDecodeError as error:
        if re.search(rb"^linkypy\s*:", content, re.MULTILINE):
            text = _("{path}: this is linkypy's file; linkytui config migrate --from {path} takes it over")
            raise SettingsError(text.format(path=path)) from None
        raise SettingsError(_("{path}: not valid TOML: {reason}").format(path=path, reason=error)) from None
    except RecursionError:
        raise SettingsError(_("{path}: not valid TOML: nested too deeply").format(path=path)) from None
    except ValueError:
        # Python reads no whole number of more than 4,300 digits, and a date may be none.
        raise SettingsError(_("{path}: a number or a date in it cannot be").format(path=path)) from None


def _from_document(document: Mapping[str, Any], where: str) -> tuple[dict[str, _Given], dict[str, _Given]]:
    """The checked values of one file, and the tables of plugins in it."""
    known = fields()
    origin = Origin("file", where)
    found: dict[str, _Given] = {}
    plugins: dict[str, _Given] = {}
    for key, value in _leaves(document, "", where):
        field = known.get(key)
        if field is not None:
            found[key] = _Given(field.read(value, where), origin)
        elif key.startswith("callbacks.") and isinstance(value, dict):
            plugins[key.removeprefix("callbacks.")] = _Given(value, origin)
        else:
            raise unknown_key(key, known, where)
    return found, plugins


def _leaves(table: Mapping[str, Any], prefix: str, where: str) -> Iterator[tuple[str, Any]]:
    """Keys and values; tables that group settings are opened, those of plugins are not."""
    groups = {key.rpartition(".")[0] for key in fields()}
    for name, value in table.items():
        key = prefix + name
        if key not in groups:
            if not prefix and isinstance(value, dict):
                raise unknown_key(key, groups, where)
            yield key, value
        elif isinstance(value, dict):
            yield from _leaves(value, key + ".", where)
        else:
            raise SettingsError(_("{path}: {key} must be a table, [{key}]").format(path=where, key=key))


def _from_environment(environ: Mapping[str, str]) -> dict[str, _Given]:
    by_variable = {field.variable: field for field in fields().values()}
    sections = tuple({f"LINKYTUI_{field.section.upper()}_" for field in by_variable.values()})
    found = {}
    for name, text in environ.items():
        if not text or not name.startswith(sections):
            continue
        field = by_variable.get(name)
        if field is None:
            raise unknown_key(name, by_variable, _("environment"))
        found[field.key] = _Given(field.from_text(text, name), Origin("environment", name))
    return found


def from_linkypy(environ: Mapping[str, str]) -> dict[str, tuple[Any, str]]:
    """The values by key that linkypy's variables mean, each with the variable's name.

    Raises:
        SettingsError: a variable holds what cannot be.
    """
    found: dict[str, tuple[Any, str]] = {}
    # A speed and no mode: adapters there are that send what they got at 1200 baud at 9600. It is found by itself.
    speed = _unquoted(environ.get("LINKY_BAUDRATE", ""))
    if speed and speed not in _SPEEDS:
        text = _("{name}: must be 1200 (historic) or 9600 (standard), not {value}")
        raise SettingsError(text.format(name="LINKY_BAUDRATE", value=speed))
    for name, key in LINKYPY_VARIABLES.items():
        told = environ.get(name, "")
        text, field = told.strip() if key == "influxdb.password" else _unquoted(told), fields()[key]
        if not text:
            continue
        value = field.from_text(text, name)
        # linkypy's own default for a price is 0, which means that there is none.
        if value or not key.startswith("tariff.prices."):
            found[key] = value, name
    return found


def _unquoted(text: str) -> str:
    """Without the blanks and the quotes around it, which Docker's --env-file takes for a part of the value."""
    text = text.strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _from_options(overrides: Mapping[str, Option]) -> dict[str, _Given]:
    found = {}
    for key, (name, value) in overrides.items():
        field = fields()[key]
        checked = field.from_text(value, name) if isinstance(value, str) else field.read(value, name)
        found[key] = _Given(checked, Origin("option", name))
    return found


def _build(values: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]) -> Settings:
    """The structs, from values by key."""

    def build(struct: type[msgspec.Struct], prefix: str) -> msgspec.Struct:
        arguments: dict[str, Any] = {}
        for item in msgspec.structs.fields(struct):
            key = prefix + item.name
            if key in values:
                arguments[item.name] = values[key]
            elif key == "callbacks.tables":
                arguments[item.name] = tables
            else:
                arguments[item.name] = build(item.type, key + ".")
        return struct(**arguments)

    settings = build(Settings, "")
    assert isinstance(settings, Settings)  # noqa: S101 -- says to the type checker what build cannot
    return settings
