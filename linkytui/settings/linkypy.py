"""What linkypy was told, by its YAML file and its environment, as settings of linkytui."""

import importlib.util
import logging
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from linkytui.errors import SettingsError
from linkytui.i18n import _
from linkytui.settings.fields import fields
from linkytui.settings.load import DEFAULT, LINKYPY_VARIABLES, from_linkypy

if TYPE_CHECKING:
    from linkytui.settings.load import Loaded

_NAME: Final = "linkypy.yaml"

_INFLUXDB: Final = "linkypy.callbacks.influxdb_callback.InfluxDBCallback"
_PRICES: Final = "linkypy.callbacks.prices_callback.PricesCallback"
_BUILT_IN: Final = frozenset({_INFLUXDB, _PRICES, "linkypy.callbacks.influxdb_plugin.InfluxDBPlugin"})
"""linkypy's own callbacks; the last is what its README called the first."""

_EXTRACTORS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "TotalDirectEnergiePriceExtractor": (("TotalEnergies", "Classique"), ("TotalEnergies", "Online")),
    "EDFPriceExtractor": (("EDF", "Tarif Bleu"), ("EDF", "Vert Électrique")),
    "EngiePriceExtractor": (("Engie", "Elec Énergie Garantie"),),
}
"""The suppliers and offers whose grids linkypy's own classes read."""

_LEVELS: Final = {"DEBUG": "debug", "WARN": "warning", "WARNING": "warning", "ERROR": "error", "CRITICAL": "error"}
"""linkypy's log levels, but for the usual one, as `linkytui collect --log-level` has them."""


@dataclass(slots=True)
class Migration:
    """What follows from linkypy's configuration."""

    file: Path | None = None
    """Its YAML file; None where there is none."""
    settings: dict[str, tuple[Any, str]] = field(default_factory=dict)
    """Values by key, each with what it follows from."""
    notes: list[str] = field(default_factory=list)
    """What has no counterpart, or another one than a setting; for people."""


def places() -> Iterator[Path]:
    """Where linkypy looked for its file, in its order: beside its package, at home, in /etc, in /usr/local/etc."""
    yield from (folder / "etc/linkypy" / _NAME for folder in _package_folders())
    yield Path.home() / f".{_NAME}"
    yield Path("/etc/linkypy") / _NAME
    yield Path("/usr/local/etc/linkypy") / _NAME


def _package_folders() -> Iterator[Path]:
    """Folders that linkypy may be installed in: that of this Python, and those of the system's."""
    found = importlib.util.find_spec("linkypy")
    if found is not None and found.origin is not None:
        yield Path(found.origin).parents[1]
    for base in ("/usr/local/lib", "/usr/lib", f"{sys.prefix}/lib"):
        for kind in ("dist-packages", "site-packages"):
            yield from sorted(Path(base).glob(f"python3*/{kind}"))


def migration(environ: Mapping[str, str], file: Path | None = None) -> Migration:
    """What linkypy's configuration means here.

    Args:
        environ: the environment that linkypy ran in.
        file: its YAML file; None looks where linkypy looked.

    Raises:
        SettingsError: the file cannot be read, is not linkypy's, or a variable holds what cannot be.
    """
    found = Migration(file=file or next((path for path in places() if path.is_file()), None))
    if found.file is not None:
        _from_file(found, _read(found.file))
    _from_variables(found, environ)
    if found.settings.get("influxdb.enabled") and not environ.get("INFLUXDB_PASSWORD"):
        found.notes.append(
            _(
                "linkypy logged in to InfluxDB as admin with the password “password” where none was set; linkytui logs "
                "in only with a password of yours: set influxdb.password if the server asks for one."
            )
        )
    return found


def forgotten_influxdb(environ: Mapping[str, str], loaded: "Loaded") -> str | None:
    """How to switch InfluxDB on, where linkypy's variables tell where it is and nobody said whether it is wanted."""
    if loaded.settings.influxdb.enabled or loaded.origins["influxdb.enabled"] != DEFAULT:
        return None
    if not any(environ.get(name, "").strip() for name in LINKYPY_VARIABLES if name.startswith("INFLUXDB_")):
        return None
    return _(
        "linkypy's variables name an InfluxDB, and nothing is sent there: linkytui config migrate switches it on, or "
        "influxdb.enabled = true in the settings does."
    )


def _read(path: Path) -> Mapping[str, Any]:
    """The table `linkypy` of its file.

    Raises:
        SettingsError: the file cannot be read, or is not linkypy's.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="safe", pure=True)
    yaml.allow_duplicate_keys = True  # linkypy's reader did not mind either
    try:
        document = yaml.load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise SettingsError(_("{path}: cannot read the settings: {reason}").format(path=path, reason=reason)) from None
    except (YAMLError, ValueError, RecursionError) as error:  # a date that cannot be, brackets in brackets
        reason = " ".join(str(error).split())
        raise SettingsError(_("{path}: not valid YAML: {reason}").format(path=path, reason=reason)) from None
    table = document.get("linkypy", False) if isinstance(document, Mapping) else False
    if table is None:
        return {}  # everything in it is commented out
    if not isinstance(table, Mapping):
        raise SettingsError(_("{path}: not a file of linkypy, which begins with “linkypy:”").format(path=path))
    return table


def _from_file(found: Migration, table: Mapping[str, Any]) -> None:
    """The keys that linkypy knew; others are named."""
    for key, value in table.items():
        if key == "loglevel":
            _log_level(found, value)
        elif key == "callbacks":
            _callbacks(found, _words(key, value, found))
        elif key == "price_extractors":
            _extractors(found, _words(key, value, found))
        else:
            found.notes.append(_("{key}: linkypy had no such key, and linkytui has none.").format(key=f"linkypy.{key}"))


def _words(key: str, value: object, found: Migration) -> list[str]:
    """A list of dotted names, or a single one; what is no name is left out and said."""
    names = [item for item in (value if isinstance(value, list) else [value]) if item is not None]
    words = [item.strip() for item in names if isinstance(item, str) and "." in item]
    if len(words) == len(names):
        return words
    found.notes.append(_("{key}: not a list of names; what is no name is left out.").format(key=f"linkypy.{key}"))
    return words


def _log_level(found: Migration, value: object) -> None:
    """Python's own name or number of a level."""
    level = str(value) if isinstance(value, str | int) else type(value).__name__
    if level.isdecimal():
        level = logging.getLevelName(int(level))
    known = _LEVELS.get(level.upper())
    if known is not None:
        text = _("{key} = {value}: an option of the collector here, linkytui collect --log-level {level}.")
        found.notes.append(text.format(key="linkypy.loglevel", value=level, level=known))
    elif level.upper() != "INFO":
        text = _("{key} = {value}: no level that linkytui knows.")
        found.notes.append(text.format(key="linkypy.loglevel", value=level))


def _callbacks(found: Migration, names: list[str]) -> None:
    own = tuple(dict.fromkeys(name for name in names if not name.startswith("linkypy.")))
    if any(name in _BUILT_IN for name in names):
        found.settings["influxdb.enabled"] = (True, "linkypy.callbacks")
    if own:
        found.settings["callbacks.plugins"] = (own, "linkypy.callbacks")
    for name in names:
        if name.startswith("linkypy.") and name not in _BUILT_IN:
            text = _("{name}: a callback that linkypy did not have; nothing follows from it.")
            found.notes.append(text.format(name=name))


def _extractors(found: Migration, names: list[str]) -> None:
    known = [name for name in names if name.rpartition(".")[2] in _EXTRACTORS and name.startswith("linkypy.")]
    if not names:
        found.settings["tariff.fetch"] = (False, "linkypy.price_extractors")
    for name in names:
        if name not in known:
            text = _(
                "{name}: reads prices by code of its own; set them in [tariff.prices], or name the PDF in tariff.files."
            )
            found.notes.append(text.format(name=name))
    offers = [offer for name in known for offer in _EXTRACTORS[name.rpartition(".")[2]]]
    if len(offers) == 1:
        ((provider, offer),) = offers
        found.settings["tariff.provider"] = (provider, "linkypy.price_extractors")
        found.settings["tariff.offer"] = (offer, "linkypy.price_extractors")
    elif offers:
        listed = ", ".join(f"{provider} {offer}" for provider, offer in offers)
        text = _(
            "{key}: linkytui knows {offers}, and more. Say which is yours with tariff.provider and tariff.offer; "
            "linkytui offers compares them all."
        )
        found.notes.append(text.format(key="linkypy.price_extractors", offers=listed))


def _from_variables(found: Migration, environ: Mapping[str, str]) -> None:
    known = fields()
    for key, (value, name) in from_linkypy(environ).items():
        if value != known[key].default:
            found.settings[key] = (value, name)
    if any(key.startswith("tariff.prices.") for key in found.settings):
        found.notes.append(
            _(
                "Prices by hand were linkypy's last resort; here they win over the suppliers' grids. Leave them out if "
                "those do."
            )
        )
