"""Prints the list of all settings from their declarations: python docs/settings.py en|fr, which `make docs` runs."""

import sys
from collections.abc import Sequence

from msgspec import NODEFAULT

from linkytui.i18n import Language, use_language
from linkytui.settings.fields import Field, fields
from linkytui.settings.load import LINKYPY_VARIABLES

INTRODUCTION = {
    "en": """\
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
""",
    "fr": """\
# Réglages

Tout marche sans fichier de réglages. `linkytui config edit` en ouvre un qui nomme chaque réglage, `linkytui config
show` affiche chaque valeur et d'où elle vient, et `linkytui config path` dit où est le fichier.

À l'écran, `s` montre chaque réglage avec sa signification et son origine. Entrée modifie celui sous le curseur : les
interrupteurs et les choix passent à leur valeur suivante, les autres se saisissent, et ce qui ne va pas est dit
pendant la saisie. Ce qui est gardé agit aussitôt, sauf avis d'un redémarrage ; `x` retire un réglage du fichier, `v`
teste la connexion à InfluxDB ou MQTT. Ce que décide une variable ou une option est affiché et laissé tel quel. Les
commentaires et l'ordre du fichier restent. Tant qu'il n'y a pas de fichier, un petit guide demande ce qui compte.

Une valeur vient du premier de ceux-ci qui l'a :

1. une option de la ligne de commande (`--port`, `--lang`) ;
2. l'environnement : la variable nommée ci-dessous, sinon celle de linkypy s'il en avait une ;
3. votre fichier, `~/.config/linkytui/config.toml`, ou celui que nomme `--config` ou `LINKYTUI_CONFIG` ;
4. `/etc/linkytui/config.toml`, sauf si un fichier a été nommé ;
5. la valeur par défaut.

Dans une variable, une liste se sépare par des virgules, ou s'écrit comme dans le fichier (`["one", "two"]`) ; une
variable vide compte comme absente. Le fichier est créé pour vous seul (mode 0600), car il peut contenir des mots de
passe.
""",
}

PLUGINS = {
    "en": "A table `[callbacks.<name>]` is handed to the plugin of that name as it stands.\n",
    "fr": "Une table `[callbacks.<name>]` est remise telle quelle au plugin de ce nom.\n",
}

FORMER = {
    "en": """
`LINKY_BAUDRATE` may stay: the speed is found by itself, whichever mode the meter speaks. A price of 0 in one of
linkypy's variables means that there is none, as it did there.
""",
    "fr": """
`LINKY_BAUDRATE` peut rester : la vitesse se trouve seule, quel que soit le mode du compteur. Un prix de 0 dans une
variable de linkypy signifie qu'il n'y en a pas, comme chez lui.
""",
}

COLUMNS = {
    "en": ("key", "meaning", "value", "default", "variable"),
    "fr": ("clé", "signification", "valeur", "défaut", "variable"),
}

PARTS = {"en": "A table in `{name}`:", "fr": "Une table de `{name}` :"}

INNER = {
    "en": "| `{table}` | What `[tariff.{table}]` may say | a table |  |",
    "fr": "| `{table}` | Ce que peut dire `[tariff.{table}]` | une table |  |",
}


def reference(language: Language) -> str:
    """The whole document in one language."""
    use_language(language)
    sections: dict[str, list[Field]] = {}
    for key, field in fields().items():
        sections.setdefault(key.rpartition(".")[0], []).append(field)
    parts = [INTRODUCTION[language]]
    for section, members in sections.items():
        parts.append(f"\n## [{section}]\n")
        if section == "callbacks":
            parts.append(PLUGINS[language])
        parts.append(header(COLUMNS[language]))
        parts += [f"{row(field)} {variables(field)} |" for field in members]
        for field in members:
            if field.parts:
                parts.append(f"\n{PARTS[language].format(name=name(field))}\n\n{header(COLUMNS[language][:-1])}")
                parts += (row(part) for part in field.parts if "." not in part.key)
                inner = dict.fromkeys(part.section for part in field.parts if "." in part.key)
                parts += (INNER[language].format(table=table) for table in inner)
                for part in field.parts:
                    if part.parts:
                        parts.append(f"\n{PARTS[language].format(name=name(part))}\n\n{header(COLUMNS[language][:-1])}")
                        parts += map(row, part.parts)
    return "\n".join([*parts, FORMER[language]])


def header(columns: Sequence[str]) -> str:
    """The first two lines of a table."""
    return f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"


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
    sys.stdout.write(reference("fr" if sys.argv[1:] == ["fr"] else "en"))
