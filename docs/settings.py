"""Prints docs/settings.md, the list of all settings, from their declarations: `make docs`."""

import sys

from msgspec import NODEFAULT

from linkytui.settings.fields import Field, fields
from linkytui.settings.load import LINKYPY_VARIABLES

INTRODUCTION = """\
# Settings

Everything works without a settings file. `linkytui config edit` opens one that names every setting, `linkytui config
show` prints each value and where it comes from, and `linkytui config path` says where the file is.

On the screen, `s` shows every setting with its meaning and where it comes from. Enter changes the one under the
cursor: switches and choices go to their next value, others are typed, and what cannot be is said meanwhile. What is
saved acts at once, unless it says that it takes a restart; `x` takes a setting out of the file, `v` tests the
connection to InfluxDB or MQTT. What a variable or an option decides is shown and left alone. Comments and order of
the file stay as they are. When there is no file yet, a short guide asks for what matters.

A value comes from the first of these that has it:

1. an option of the command line (`--port`, `--lang`);
2. the environment: the variable named below, else linkypy's where it had one;
3. your file, `~/.config/linkytui/config.toml`, or the one that `--config` or `LINKYTUI_CONFIG` names;
4. `/etc/linkytui/config.toml`, unless a file was named;
5. the default.

In a variable, a list is separated by commas, or written as in the file (`["one", "two"]`); an empty variable counts as
not set. The file is created for you alone (mode 0600), since it may hold passwords.
"""

PLUGINS = """\
A table `[callbacks.<name>]` is handed to the plugin of that name as it stands.
"""

FORMER = """
`LINKY_BAUDRATE` is 1200 for the historic mode and 9600 for the standard mode. A price of 0 in one of linkypy's
variables means that there is none, as it did there.
"""


def reference() -> str:
    """The whole document."""
    sections: dict[str, list[Field]] = {}
    for key, field in fields().items():
        sections.setdefault(key.rpartition(".")[0], []).append(field)
    parts = [INTRODUCTION]
    for section, members in sections.items():
        parts.append(f"\n## [{section}]\n")
        if section == "callbacks":
            parts.append(PLUGINS)
        parts.append("| key | meaning | value | default | variable |\n|---|---|---|---|---|")
        parts += [f"{row(field)} {variables(field)} |" for field in members]
        for field in members:
            if field.parts:
                parts.append(f"\nA table in `{name(field)}`:\n\n| key | meaning | value | default |\n|---|---|---|---|")
                parts += map(row, field.parts)
    return "\n".join([*parts, FORMER])


def name(field: Field) -> str:
    """The key without its section."""
    return field.key.rpartition(".")[2]


def row(field: Field) -> str:
    """The key, what it means, what it may be and what it is unless set."""
    shown = "" if field.default is NODEFAULT or field.about.secret else field.show(field.default)
    return f"| `{name(field)}` | {field.meaning} | {field.expected} | {f'`{shown}`' if shown else ''} |"


def variables(field: Field) -> str:
    """Ours, then linkypy's."""
    former = [variable for variable, key in LINKYPY_VARIABLES.items() if key == field.key]
    return ", ".join(f"`{variable}`" for variable in (field.variable, *former))


if __name__ == "__main__":
    sys.stdout.write(reference())
