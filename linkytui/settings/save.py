"""Changes one value of the settings file and keeps its comments and order."""

import contextlib
import os
import re
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec

from linkytui.errors import SettingsError
from linkytui.i18n import _
from linkytui.settings.fields import fields, table_items


def save_value(path: Path, key: str, value: object) -> None:
    """Write one value into the settings file; None takes it out, so that the default holds.

    The file and its folder are created when missing, for the user alone. Where nothing changes the file is not touched.
    Raises SettingsError: the value cannot be, the file is not TOML, or it cannot be written.
    """
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
        after = bom + changed(before.removeprefix(bom), key.split("."), checked)
    except (TOMLKitError, TypeError, ValueError, RecursionError) as error:
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


def changed(text: str, names: list[str], value: object) -> str:
    """A settings file with one value set, or taken out (None). Every comment stays with the table it was written for.

    Raises:
        TOMLKitError: the text is not TOML.
        TypeError: a table stands where the value belongs, or the other way round.
    """
    import tomlkit

    document = tomlkit.parse(text)
    known = _holds(document, names)
    _put(document, names, value)
    if value is not None and not known:
        # tomlkit adds at the end of a table, which is below the comment over the next header.
        placed = _placed(text, names, as_toml(value))
        with contextlib.suppress(tomlkit.exceptions.TOMLKitError):
            if _plain(tomlkit.parse(placed)) == _plain(document):
                return placed
    result: str = tomlkit.dumps(document)
    if "\r\n" in text and "\n" not in text.replace("\r\n", ""):
        result = result.replace("\r\n", "\n").replace("\n", "\r\n")
    return result


def _holds(document: Any, names: list[str]) -> bool:
    for name in names:
        if name not in document:
            return False
        document = document[name]
    return True


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


_HEADER: Final = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")


def _placed(text: str, names: list[str], value: str) -> str:
    """The text with a new `name = value` below the last key of its table, or in a new table below its neighbours.

    It is a guess, since it takes the text by lines: whoever calls it compares what the result means.
    """
    *groups, name = names
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += newline
    headers = [(number, found) for number, line in enumerate(lines) if (found := _HEADER.match(line))]
    paths = [[part.strip().strip("\"'") for part in found[2].split(".")] for _number, found in headers]
    ends = [number for number, _found in headers[1:]] + [len(lines)]
    added = [f"{name} = {value}{newline}"]
    if not groups:
        at = _after_content(lines, 0, headers[0][0] if headers else len(lines))
    elif groups in paths:
        mine = paths.index(groups)
        at = _after_content(lines, headers[mine][0], ends[mine])
    else:
        kin = [number for number, path in enumerate(paths) if path[:1] == groups[:1]]
        at = _after_content(lines, headers[kin[-1]][0], ends[kin[-1]]) if kin else len(lines)
        added = [*([newline] if at else []), f"[{'.'.join(groups)}]{newline}", *added]
    return "".join([*lines[:at], *added, *lines[at:]])


def _after_content(lines: list[str], first: int, end: int) -> int:
    """The line after the last one of a table that is not blank and no comment; its header's comment counts to it."""
    content = [number for number in range(first, end) if lines[number].strip() and not _is_comment(lines[number])]
    at = content[-1] + 1 if content else first
    if content == [first] and _HEADER.match(lines[first]):
        below = at
        while below < end and _is_comment(lines[below]):
            below += 1
        if below == len(lines) or (below < end and not lines[below].strip()):
            at = below
    return at


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


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
