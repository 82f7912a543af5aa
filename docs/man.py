"""Writes the manual page from the commands themselves: python docs/man.py en|fr

One page holds everything, since one looks for a word with `/`. The text is what `--help` says.
"""

import gettext
import os
import sys
from collections.abc import Iterator

import click

from linkytui import cli
from linkytui.i18n import FOLDER, use_language

SECTIONS = {
    "en": ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS", "FILES", "SEE ALSO"),
    "fr": ("NOM", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDES", "CODE DE RETOUR", "FICHIERS", "VOIR AUSSI"),
}
MANUAL = {"en": "User Commands", "fr": "Commandes de l’utilisateur"}
PURPOSE = {
    "en": "a French Linky electricity meter, live in a terminal",
    "fr": "un compteur Linky, en direct dans un terminal",
}
STATUSES = {
    "en": (
        ("0", "Success."),
        ("1", "Failure, with one line on stderr."),
        ("2", "Wrong usage."),
        ("130", "Interrupted."),
    ),
    "fr": (
        ("0", "Succès."),
        ("1", "Échec, avec une ligne sur la sortie d’erreur."),
        ("2", "Mauvais usage."),
        ("130", "Interrompu."),
    ),
}
FILES = {
    "en": (
        ("~/.config/linkytui/config.toml", "Your settings."),
        ("/etc/linkytui/config.toml", "Settings of the machine and of its service."),
        ("~/.local/share/linkytui/", "Your history and price book."),
        ("/var/lib/linkytui/", "Those of the machine's service."),
    ),
    "fr": (
        ("~/.config/linkytui/config.toml", "Vos réglages."),
        ("/etc/linkytui/config.toml", "Les réglages de la machine et de son service."),
        ("~/.local/share/linkytui/", "Votre historique et vos tarifs."),
        ("/var/lib/linkytui/", "Ceux du service de la machine."),
    ),
}


def roff(text: str) -> str:
    """A text as the manual's language writes it: no character of it is a command."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("~", "\\(ti")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in escaped.split("\n"))


def entry(term: str, text: str) -> Iterator[str]:
    """A word and what it means."""
    yield ".TP"
    yield f"\\fB{roff(term)}\\fR"
    yield roff(" ".join(text.split()))


def options(command: click.Command, context: click.Context) -> Iterator[str]:
    """The options of a command, but for those that every command takes."""
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        shared = {"--port", "--config", "--lang", "--help"} & set(parameter.opts)
        if record and record[1] and not (shared and context.parent is not None):
            yield from entry(*record)


def usage(command: click.Command, context: click.Context) -> str:
    """How a command is called."""
    return " ".join([context.command_path, *command.collect_usage_pieces(context)])


def commands(group: click.Group, context: click.Context) -> Iterator[str]:
    """Each command with its options, sub-commands after it."""
    for name in group.list_commands(context):
        if name in cli.ALIASES and context.parent is None:
            continue
        command = group.get_command(context, name)
        if command is None:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        yield ".SS"
        yield roff(usage(command, inner))
        yield roff(" ".join((command.help or "").split()))
        yield from options(command, inner)
        if isinstance(command, click.Group):
            yield from commands(command, inner)


def page(language: str) -> str:
    """The whole page in one language."""
    use_language("fr" if language == "fr" else "en")
    # click asks the standard gettext.
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("linkytui", FOLDER)
    gettext.textdomain("linkytui")
    group = cli.group()
    context = click.Context(group, info_name="linkytui")
    name, synopsis, description, opts, comms, status, files, see = map(roff, SECTIONS[language])
    lines = [
        '.\\" Made by docs/man.py from the commands; do not edit.',
        f'.TH LINKYTUI 1 "" "linkytui" "{roff(MANUAL[language])}"',
        f".SH {name}",
        f"linkytui \\- {roff(PURPOSE[language])}",
        f".SH {synopsis}",
        f"\\fB{roff(usage(group, context))}\\fR",
        f".SH {description}",
        roff(" ".join((group.help or "").split())),
        f".SH {opts}",
        *options(group, context),
        f".SH {comms}",
        *commands(group, context),
        f".SH {status}",
        *(line for term, text in STATUSES[language] for line in entry(term, text)),
        f".SH {files}",
        *(line for term, text in FILES[language] for line in entry(term, text)),
        f".SH {see}",
        "\\fBsystemctl\\fR(1), \\fBjournalctl\\fR(1)",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def main() -> None:
    """Print the page of a language."""
    language = sys.argv[1] if len(sys.argv) > 1 else "en"
    if language not in SECTIONS:
        raise SystemExit(f"{language}: en or fr")
    sys.stdout.write(page(language))


if __name__ == "__main__":
    main()
