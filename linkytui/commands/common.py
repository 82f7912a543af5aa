"""Options of every command (`--port`, `--config`, `--lang`), before or after its name, and the settings they give."""

import contextlib
import functools
import gc
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec

import click

from linkytui.errors import LinkytuiError
from linkytui.i18n import LANGUAGES, _

if TYPE_CHECKING:
    from textual.app import App

    from linkytui.settings.keeper import SettingsKeeper
    from linkytui.settings.load import Loaded, Origin
    from linkytui.settings.model import Settings

P = ParamSpec("P")

_LOG_BYTES: Final = 1_000_000

_LAST_MOMENT: Final = 4.0  # seconds after which a program ends whose terminal is gone


class Invocation:
    """The options that every command takes. Settings are read when first asked for."""

    def __init__(self, port: str | None = None, config: Path | None = None, lang: str | None = None) -> None:
        self.config = config  # the file named by `--config`
        self._port = port
        self._lang = lang

    @property
    def words(self) -> list[str]:
        """The same options for another process."""
        given = {"--port": self._port, "--config": None if self.config is None else str(self.config.absolute())}
        given["--lang"] = self._lang
        return [word for option, value in given.items() if value is not None for word in (option, value)]

    @functools.cached_property
    def loaded(self) -> "Loaded":
        """The settings that hold, and the file they would be saved to.

        Raises SettingsError: a file, a variable or an option holds what cannot be.
        """
        return self.load()

    def load(self) -> "Loaded":
        """Read the settings anew; SettingsError when a file, a variable or an option holds what cannot be."""
        from linkytui.settings.load import Option, load_settings  # not for --help

        overrides: dict[str, Option] = {}
        if self._port is not None:
            overrides["meter.port"] = Option("--port", self._port)
        if self._lang is not None:
            overrides["screen.language"] = Option("--lang", self._lang)
        return load_settings(os.environ, self.config, overrides)

    @functools.cached_property
    def keeper(self) -> "SettingsKeeper":
        """The same settings, for a screen that changes them."""
        from linkytui.settings.keeper import SettingsKeeper  # most commands change none

        return SettingsKeeper(self.loaded, self.load)

    @property
    def settings(self) -> "Settings":
        """The settings that hold."""
        return self.loaded.settings

    @property
    def origins(self) -> "Mapping[str, Origin]":
        """Where each value comes from."""
        return self.loaded.origins


def shared_options(function: Callable[P, None]) -> Callable[P, None]:
    """Give a command the options that every command takes, in the language spoken now."""
    options = (
        click.option("--port", metavar=_("PORT"), help=_("Serial port or address of the meter.")),
        click.option(
            "--config",
            type=click.Path(path_type=Path),
            metavar=_("FILE"),
            envvar="LINKYTUI_CONFIG",
            help=_("Settings file to read instead of the usual ones."),
        ),
        click.option("--lang", type=click.Choice(LANGUAGES), help=_("Language of the screen and of messages.")),
    )
    for option in reversed(options):
        function = option(function)
    return function


def takes_invocation(function: Callable[Concatenate[Invocation, P], None]) -> Callable[P, None]:
    """Give a command the options that every command takes, and its function what they mean as first argument.

    An option counts as well when it stands before the command's name; the last place wins.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        given: dict[str, Any] = {}
        for name in ("port", "config", "lang"):
            given[name] = kwargs.pop(name, None)
            context = click.get_current_context().parent
            while given[name] is None and context is not None:
                given[name] = context.params.get(name)
                context = context.parent
        function(Invocation(**given), *args, **kwargs)

    return shared_options(run)


def run_screen(app: "App[Any]") -> None:
    """Show an app until its user leaves it; LinkytuiError when there is no terminal to show it on.

    A program that drives Textual through pipes, as `linkytui serve` and textual-serve do, says so by TEXTUAL_DRIVER.
    """
    hosted = bool(os.environ.get("TEXTUAL_DRIVER")) and sys.stdin is not None and not sys.stdin.isatty()
    if not hosted and not (sys.stdin and sys.stdin.isatty() and sys.stderr and sys.stderr.isatty()):
        raise LinkytuiError(_("The screen needs a terminal: run this from one, without redirecting it."))
    import asyncio

    from rich.console import Console

    _log_to_file()
    # Textual's traceback would show local variables, passwords among them; the command line says what happened.
    app.error_console = Console(quiet=True)
    if isinstance(sys.__stderr__, io.TextIOWrapper):
        sys.__stderr__.reconfigure(errors="replace")  # a sign that the terminal does not know still takes one cell
    settle_down()
    asyncio.run(_run_until_told_to_end(app, hosted=hosted))
    if app._exception is not None:
        raise app._exception


def settle_down() -> None:
    """Everything is loaded that a program needs which runs for days: no collection of garbage need go through that."""
    gc.freeze()
    gc.set_threshold(10_000)


async def _run_until_told_to_end(app: "App[Any]", *, hosted: bool) -> None:
    """Show an app until its user leaves it, somebody ends it, or its terminal goes away, as with a lost SSH session.

    `hosted`: another program has the other ends of its pipes, and may be gone as well.
    """
    import asyncio

    from linkytui.tui.terminal import tell_when_gone, use_steady_output  # the screen's alone

    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    # Asked now: a terminal that is gone no longer says that it was one.
    on_terminal = [stream.fileno() for stream in streams if stream is not None and (hosted or stream.isatty())]

    loop = asyncio.get_running_loop()

    def lost() -> None:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in on_terminal:
            os.dup2(nowhere, stream)
        app.exit()

    def gone() -> None:
        with contextlib.suppress(RuntimeError):  # it has ended meanwhile
            loop.call_soon_threadsafe(lost)
        # The history is the first to be closed; what takes longer is a server that does not answer.
        ending = threading.Timer(_LAST_MOMENT, os._exit, (0,))
        ending.daemon = True
        ending.start()

    loop.add_signal_handler(signal.SIGTERM, app.exit)
    loop.add_signal_handler(signal.SIGHUP, lost)
    use_steady_output()
    tell_when_gone(on_terminal[0], gone)
    await app.run_async()


def heeded(*numbers: signal.Signals) -> tuple[signal.Signals, ...]:
    """Those of some signals that are not ignored from the start on, as nohup and a shell's background have it."""
    return tuple(number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN)


def _log_to_file() -> None:
    """Keep the log away from the screen, which it would write over: in a file that stays small."""
    import logging
    from logging.handlers import RotatingFileHandler

    from linkytui.settings.folders import state_folder  # the screen's alone

    handler: logging.Handler = logging.NullHandler()
    with contextlib.suppress(OSError):
        path = state_folder() / "screen.log"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8", delay=True)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.WARNING, handlers=[handler])
    logging.captureWarnings(True)
