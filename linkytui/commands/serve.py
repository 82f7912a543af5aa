"""`linkytui serve`: the screen in a browser, for a phone on the sofa."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from typing import Final
from urllib.parse import urlsplit

import click

from linkytui.browser.access import Access, is_loopback, kept_token
from linkytui.browser.tab import own_command
from linkytui.commands.common import Invocation, heeded, takes_invocation
from linkytui.errors import LinkytuiError, UsageError
from linkytui.i18n import _
from linkytui.outputs.missing import command_for
from linkytui.settings.folders import state_folder

with contextlib.suppress(ModuleNotFoundError):  # --help answers without it, too
    from linkytui.browser.server import Service, serve

_PORT: Final = 8098


@click.command(
    help=_(
        "Serve the screen to web browsers, on this machine alone unless told otherwise; other machines need the token "
        "in the printed address. Visitors can look, and change nothing."
    )
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar=_("ADDRESS"),
    help=_("Address to listen on; 0.0.0.0: all."),
)
@click.option(
    "--http-port",
    type=click.IntRange(0, 65535),
    default=_PORT,
    show_default=True,
    metavar=_("N"),
    help=_("Port to listen on."),
)
@click.option(
    "--behind-proxy", metavar=_("URL"), help=_("Ask for no token: the proxy at this address handles the login.")
)
@click.option("--allow-changes", is_flag=True, help=_("Let them change settings, keep and delete laps, and quit."))
@click.option("--new-token", is_flag=True, help=_("Make a new token; the old one stops working."))
@click.option(
    "--tabs",
    type=click.IntRange(1, 100),
    default=8,
    show_default=True,
    metavar=_("N"),
    help=_("Most tabs open at once; each is a process."),
)
@click.option("--demo", is_flag=True, help=_("Show a simulated meter."))
@takes_invocation
def command(
    invocation: Invocation,
    host: str,
    http_port: int,
    behind_proxy: str | None,
    allow_changes: bool,
    new_token: bool,
    tabs: int,
    demo: bool,
) -> None:
    """Serve."""
    if find_spec("aiohttp") is None or find_spec("textual_serve") is None:
        text = _("The screen in a browser needs textual-serve: {command}")
        raise LinkytuiError(text.format(command=command_for("textual-serve")))
    # Settings that are wrong are said here as well, not in every tab.
    if (invocation.settings.meter.port or "").isdecimal():
        raise UsageError(_("--port names the meter's port; --http-port that of the server."))
    token = None
    _check(behind_proxy)
    # On this machine other users could come as well: they may look, but only the token's owner may change anything.
    if behind_proxy is None and (allow_changes or not is_loopback(host)):
        token = kept_token(state_folder() / "serve.token", new=new_token)
    service = Service(
        command=own_command(*invocation.words, *(["demo"] if demo else [])),
        environ=dict(os.environ),
        access=Access(token=token, public=behind_proxy),
        host=host,
        port=http_port,
        look_only=not allow_changes,
        tabs=tabs,
    )
    address = behind_proxy or f"http://{_reached(host)}:{{port}}/" + (f"?token={token}" if token else "")

    def ready(port: int) -> None:
        click.echo(_("Open {address} in a browser. Ctrl+C ends it.").format(address=address.format(port=port)))

    asyncio.run(_serve(lambda stop: serve(service, stop, ready)))


async def _serve(serve: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Serve until somebody ends the process."""
    stop = asyncio.Event()
    for number in heeded(signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve(stop)


def _check(proxy: str | None) -> None:
    if proxy is not None and (urlsplit(proxy).scheme not in ("http", "https") or not urlsplit(proxy).netloc):
        raise UsageError(_("--behind-proxy wants the whole address, such as https://home.example/linky/."))


def _reached(host: str) -> str:
    """Under which name others reach an address on which is listened."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 -- what a person asked for
        # No packet is sent: the system only looks up by which of its addresses it would.
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
