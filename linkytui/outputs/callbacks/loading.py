"""Loads callbacks by name: dotted paths, entry points, linkypy's own."""

import importlib
import inspect
import os
import sys
from collections.abc import Mapping
from typing import Any, Final

from linkytui.i18n import _
from linkytui.outputs.callbacks.base import ENTRY_POINTS, Callback, CallbackError, LinkypyCallback
from linkytui.outputs.missing import command_for

_LINKYPY: Final = {"InfluxDBCallback": "influxdb", "InfluxDBPlugin": "influxdb", "PricesCallback": "influxdb"}
"""linkypy's own callbacks by class name; the second is what its README said. linkytui's InfluxDB does what both did."""


_LONGEST: Final = 300  # letters of an exception's text that are told at most: some hold a whole page


def replaced_by(name: str) -> str | None:
    """The built-in callback that stands in for one of linkypy's own; None for any other name."""
    package, _dot, last = name.rpartition(".")
    return _LINKYPY.get(last) if package.split(".")[0] == "linkypy" else None


def installed() -> tuple[str, ...]:
    """The callbacks that installed packages bring, by the names to write into the settings."""
    from importlib.metadata import entry_points

    return tuple(sorted({entry.name for entry in entry_points(group=ENTRY_POINTS)}))


def short_name(name: str) -> str:
    """What a callback is called on the screen, and its table in the settings: the last word of its path."""
    return name.rpartition(".")[2]


def load(name: str, settings: Mapping[str, Any]) -> Callback:
    """Import a callback and make one.

    `name`: a dotted path to a class or a function, or the name of an entry point. Raises CallbackError: it cannot be
    imported or made, or is no callback. Whatever its code raises ends here.
    """
    try:
        return _made(_target(name), settings)
    except CallbackError:
        raise
    except ModuleNotFoundError as error:
        text = _("Callback {name} needs {module}, which is not installed. If it is a package: {command}")
        module = (error.name or name).partition(".")[0]
        command = command_for(module.replace("_", "-"))
        raise CallbackError(text.format(name=name, module=module, command=command)) from error
    except BaseException as error:
        # SystemExit and the like too: what a plugin raises must not end the thread without a word.
        raise CallbackError(
            _("Callback {name} cannot be loaded: {error}").format(name=name, error=in_a_line(error))
        ) from error


def in_a_line(error: BaseException) -> str:
    """An exception as one line that is not too long: its kind and the first line of its text."""
    text = str(error).strip().partition("\n")[0][:_LONGEST]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _target(name: str) -> Any:
    module_name, _dot, attribute = name.rpartition(".")
    if not module_name:
        from importlib.metadata import entry_points

        found = entry_points(group=ENTRY_POINTS, name=name)
        if not found:
            raise CallbackError(
                _("No installed package provides a callback named {name}; to name a class, use a dotted path").format(
                    name=name
                )
            )
        return next(iter(found)).load()
    folder = os.getcwd()  # noqa: PTH109 -- the text itself is what sys.path holds
    if folder not in sys.path and "" not in sys.path:
        sys.path.append(folder)
    module = importlib.import_module(module_name)
    try:
        return getattr(module, attribute)
    except AttributeError:
        raise CallbackError(
            _("Callback {name} cannot be loaded: {module} has no {attribute}").format(
                name=name, module=module_name, attribute=attribute
            )
        ) from None


def _made(target: Any, settings: Mapping[str, Any]) -> Callback:
    made = target() if inspect.isclass(target) else target
    if isinstance(made, Callback):
        made.settings = settings
        return made
    compute = getattr(made, "compute", None)
    if callable(compute):
        return LinkypyCallback(compute)
    if callable(made) and not inspect.isclass(target):
        return LinkypyCallback(made)
    raise CallbackError(
        _("{name} is not a callback: it has no method compute(data, timestamp)").format(name=_name_of(target))
    )


def _name_of(target: Any) -> str:
    return str(getattr(target, "__qualname__", type(target).__name__))
