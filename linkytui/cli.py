"""The command line: finds a command by its name, imports it only when it runs, and turns errors into one line."""

import contextlib
import errno
import gc
import gettext
import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click

from linkytui import __version__
from linkytui.errors import LinkytuiError, SettingsError, UsageError
from linkytui.i18n import FOLDER, LANGUAGES, N_, Language, _, language_of_locale, use_language

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

GROUPS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        N_("The screen"): {
            "demo": N_("Show a simulated meter."),
            "replay": N_("Play a recording on the screen."),
            "serve": N_("Show the screen in a browser, on a phone as well."),
        },
        N_("Energy and money"): {
            "status": N_("Say in one line how much power you are using."),
            "history": N_("Print your consumption by hour, day, month or year."),
            "cost": N_("Print what a month costs."),
            "offers": N_("Compare what every known offer would cost."),
            "when": N_("Say when it is cheapest to run something."),
            "prices": N_("Print what suppliers' price grids say."),
            "alerts": N_("Print past alerts and when they came."),
        },
        N_("Recordings and data"): {
            "record": N_("Record what the meter sends."),
            "decode": N_("Decode a recording, frame by frame."),
            "import": N_("Import recordings, Enedis files, or linkypy's InfluxDB."),
            "export": N_("Write the history to a file for other programs."),
        },
        N_("Day and night"): {
            "collect": N_("Read the meter without a screen, day and night."),
            "run": N_("The same as collect, by linkypy's name."),
            "service": N_("Have systemd run the collector from boot."),
        },
        N_("Many meters"): {
            "fleet": N_("Show all meters of a fleet."),
            "sink": N_("Write a fleet's samples to a database."),
        },
        N_("Set-up"): {
            "doctor": N_("Check everything, and say what to do."),
            "config": N_("Show, find or edit the settings."),
            "completion": N_("Print what a shell reads to complete these words."),
        },
    }
)
"""Commands with their help in one line, as help groups them. A command's code is `command` in the module of its name, a
word that Python keeps for itself with an underscore after it."""

COMMANDS: Final[Mapping[str, str]] = MappingProxyType(
    {name: text for commands in GROUPS.values() for name, text in commands.items()}
)

ALIASES: Final[Mapping[str, str]] = MappingProxyType({"run": "collect"})
"""Other names of commands."""

INTERRUPTED: Final = 130  # exit status after Ctrl-C, as shells have it


class _Commands(click.Group):
    """Knows its commands by `COMMANDS` alone, so that help imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 -- click's
        for group, commands in GROUPS.items():
            with formatter.section(_(group)):
                formatter.write_dl([(name, _(text)) for name, text in commands.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list["CompletionItem[Any]"]:
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=_(text)) for name, text in COMMANDS.items() if name.startswith(incomplete)]
        return found + click.Command.shell_complete(self, ctx, incomplete)


def load_command(name: str) -> click.Command:
    """A command's code, imported now."""
    from keyword import iskeyword

    name = ALIASES.get(name, name)
    module = import_module(f"linkytui.commands.{name}_" if iskeyword(name) else f"linkytui.commands.{name}")
    command: click.Command = module.command
    return command


def main() -> NoReturn:
    """Run the command line of this process and end it."""
    # What a start makes is no garbage: looking for some every 700 objects takes a tenth of the time to the first paint.
    gc.set_threshold(300_000)
    if "HOME" not in os.environ and os.path.expanduser("~") == "~":  # noqa: PTH111 -- pathlib raises an error
        os.environ["HOME"] = "/"  # a container's user whom no file knows: as the engines have it
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Carry out a command line. Returns the exit status: 0 success, 1 failure, 2 wrong usage, 130 interrupted."""
    try:
        _speak(arguments)
        if "_LINKYTUI_COMPLETE" in os.environ:
            from linkytui.commands.shells import use_shells  # only a shell that completes needs it

            use_shells()
        from linkytui.looks import colourless, write_what_can_be_written  # nothing, for completion

        write_what_can_be_written()
        color = False if colourless() else None
        status = group().main(list(arguments), prog_name="linkytui", standalone_mode=False, color=color)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return 2
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx is not None else "linkytui"
        hint = _("See {command} --help.").format(command=command)
        return _fail(f"{error.format_message()} {hint}", 2)
    except click.ClickException as error:
        return _fail(error.format_message())
    except UsageError as error:
        return _fail(str(error), 2)
    except LinkytuiError as error:
        return _fail(str(error))
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _abandon_stdout()
        return 1
    except Exception as error:
        _abandon_stdout()
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return _fail(_("The disk is full."))
        return _fail(_describe(error))
    return status if isinstance(status, int) else 0


def group() -> click.Group:
    """The command line, in the language spoken now."""
    from linkytui.commands.common import shared_options  # the version needs no settings

    @click.group(
        cls=_Commands,
        invoke_without_command=True,
        help=_("Your Linky meter, live in the terminal. Without a command, it shows the configured meter."),
    )
    @shared_options
    @click.version_option(__version__, prog_name="linkytui", message="%(prog)s %(version)s")
    @click.pass_context
    def linkytui(context: click.Context, /, **_options: object) -> None:
        if context.invoked_subcommand is None:
            context.invoke(load_command("monitor"))

    return linkytui


def _speak(arguments: Sequence[str]) -> None:
    """Choose the language before anything is said: `--lang`, else the settings, else the system's."""
    chosen: str | None = None
    with contextlib.suppress(SettingsError):
        from linkytui.settings.load import load_settings  # not for --help

        config = _peek(arguments, "--config") or os.environ.get("LINKYTUI_CONFIG")
        chosen = load_settings(os.environ, Path(config) if config else None).settings.screen.language
    chosen = _peek(arguments, "--lang") or chosen
    known: list[Language] = [language for language in LANGUAGES if language == chosen]
    language = known[0] if known else language_of_locale(os.environ)
    use_language(language)
    # click asks the standard gettext, which looks at LANGUAGE first.
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("linkytui", FOLDER)
    gettext.textdomain("linkytui")


def _peek(arguments: Sequence[str], option: str) -> str | None:
    """The last value of an option, before click has looked at the command line."""
    value = None
    for here, after in zip(arguments, [*arguments[1:], ""], strict=False):
        if here == "--":
            break
        if here == option:
            value = after
        elif here.startswith(option + "="):
            value = here.partition("=")[2]
    return value


def _fail(text: str, status: int = 1) -> int:
    """Say what went wrong, in one line without control characters."""
    line = "".join(character if character.isprintable() else " " for character in " ".join(text.split()))
    with contextlib.suppress(OSError):
        print(f"linkytui: {line}", file=sys.stderr)  # noqa: T201 -- the one place that speaks on stderr
    return status


def _describe(error: Exception) -> str:
    """What a person can do about an error that nobody foresaw; its traceback goes to a file."""
    import traceback
    from datetime import UTC, datetime

    from linkytui.settings.folders import state_folder  # only for an error that nobody expected

    what = f"{type(error).__name__}: {error}"
    path = state_folder() / "errors.log"
    entry = [f"{datetime.now(UTC).isoformat()} linkytui {__version__}\n", *traceback.format_exception(error), "\n"]
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(entry)
    except OSError:
        return _("Unexpected error ({what}). Please report it.").format(what=what)
    return _("Unexpected error ({what}). Please report it with what {path} says.").format(what=what, path=path)


def _abandon_stdout() -> None:
    """Nobody takes what is still to be written; let the interpreter not stumble over it at the end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
