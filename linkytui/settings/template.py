"""The template of a settings file: every setting with its meaning, commented out."""

from linkytui.i18n import _
from linkytui.settings.fields import Field, fields
from linkytui.settings.save import as_toml


def template() -> str:
    """The text of that file, in the language spoken now. Nothing in it is set."""
    lines = ["# " + _("linkytui settings. Remove the first # of a line to set it.")]
    table, meaning = "", ""
    for key, field in fields().items():
        group, _dot, name = key.rpartition(".")
        if group != table:
            lines += ["", f"[{group}]"]
            table, meaning = group, ""
        if field.meaning != meaning:
            meaning = field.meaning
            lines.append(f"# {meaning}" + (f" ({', '.join(field.choices)})" if field.choices else ""))
        lines.append(f"#{name} = {_example(field)}")
    return "\n".join(lines) + "\n"


def _example(field: Field) -> str:
    """The default, or the shape of a value where there is none."""
    if field.default is not None:
        return as_toml(field.default)
    if field.kind == "choice":
        return as_toml(field.choices[0])
    return '""' if field.kind == "text" else "0"
