"""Changes one value of the settings file and keeps its comments and order."""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from linkytui.errors import SettingsError
from linkytui.i18n import _
from linkytui.settings.fields import fields, table_items


def save_value(path: Path, key: str, value: object) -> None:
    """Write one value into the settings file; None takes it out, so that the default holds.

    The file and its folder are created when missing, for the user alone. Where nothing changes the file is not touched.
    Raises SettingsError: the value cannot be, the file is not TOML, or it cannot be written.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    path = Path(os.path.realpath(path))
    checked = fields()[key].read(value) if value is not None else None
    try:
        before = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        before = ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(_cannot_write(path, error)) from None
    bom = "\ufeff" if before.startswith("\ufeff") else ""
    try:
        document = tomlkit.parse(before.removeprefix(bom))
        _put(document, key.split("."), checked)
        after = bom + tomlkit.dumps(document)
    except (TOMLKitError, TypeError) as error:
        raise SettingsError(_cannot_write(path, error)) from None
    if after != before:
        write_private(path, after)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all; the folder is created when missing.

    Raises SettingsError: it cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
        try:
            with os.fdopen(descriptor, "wb") as file:
                with contextlib.suppress(OSError):  # root may write the file of another user, who must still read it
                    before = path.stat()
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        raise SettingsError(_cannot_write(path, error)) from None


def _put(document: Any, names: list[str], value: object) -> None:
    """Set or take out one value of a tomlkit document."""
    import tomlkit

    *groups, name = names
    table = document
    for group in groups:
        if group not in table:
            if value is None:
                return
            table.append(group, tomlkit.table())
        table = table[group]
    if value is None:
        if name in table:
            del table[name]  # not remove(), which a table in several places does not have
    elif name not in table or _plain(table[name]) != _plain(value):
        table[name] = tomlkit.value(as_toml(value))


def _plain(value: object) -> object:
    """A value without the struct or tomlkit class around it, to compare."""
    if isinstance(value, msgspec.Struct):
        return {name: _plain(item) for name, item in table_items(value)}
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.unwrap() if hasattr(value, "unwrap") else value


def as_toml(value: object) -> str:
    """A value of a setting as TOML writes it."""
    import tomlkit

    if isinstance(value, msgspec.Struct):
        return "{" + ", ".join(f"{name} = {as_toml(item)}" for name, item in table_items(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(as_toml(item) for item in value) + "]"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return tomlkit.item(value).as_string()


def _cannot_write(path: Path, error: Exception) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else error
    return _("{path}: cannot change the settings: {reason}").format(path=path, reason=reason)
