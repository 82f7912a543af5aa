"""The server of `linkytui serve`: a page, what the page needs, and a websocket behind which each tab has its screen."""

import asyncio
import contextlib
import json
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, WSMsgType, web

from linkytui.browser.access import COOKIE, Access
from linkytui.browser.connections import accept
from linkytui.browser.tab import ScreenError, Tab, environment, open_tab
from linkytui.errors import LinkytuiError
from linkytui.i18n import _, language
from linkytui.line.relay.tcp import tcp_server

_OTHERS: Final = 64  # connections at once beside those of the tabs
_HEARTBEAT: Final = 15.0  # seconds between two looks whether a tab still answers
_MESSAGE: Final = 64 * 1024  # bytes of a tab's message at most: a large paste
_REASON: Final = 120  # bytes of the reason that a websocket is closed with at most (RFC 6455, 5.5)
_SOON: Final = 0.1  # seconds for which a change of size waits for the next one
_LARGEST: Final = (500, 200)  # columns and rows
_SMALLEST: Final = (10, 5)
_FAREWELL: Final = 2.0  # seconds for a tab to hear that it is over
_YEAR: Final = 365 * 86_400

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "font-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

_OWN: Final = {"page.css": "text/css", "page.js": "text/javascript", "begin.js": "text/javascript"}
_THEIRS: Final = {
    "textual.js": "js/textual.js",
    "xterm.css": "css/xterm.css",
    "mono.ttf": "fonts/RobotoMono-VariableFont_wght.ttf",
    "mono-italic.ttf": "fonts/RobotoMono-Italic-VariableFont_wght.ttf",
}
"""What the page loads, by its name there: nothing else can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What is served, where, and to whom."""

    command: Sequence[str]  # that opens a screen
    environ: Mapping[str, str]  # of this process
    access: Access
    host: str
    port: int
    look_only: bool = True
    tabs: int = 8  # at once, each a process of some 60 MB


async def serve(service: Service, stop: asyncio.Event, ready: Callable[[int], object]) -> None:
    """Serve until told to stop, then end every screen. `ready`: is told the port once it listens.

    Raises LinkytuiError: the address cannot be had.
    """
    pages = Pages(service)
    runner = web.AppRunner(pages.application(), access_log=None, shutdown_timeout=_FAREWELL)
    await runner.setup()
    assert runner.server is not None  # noqa: S101 -- made by its setup
    with _listening(service) as listener:
        accepting = asyncio.create_task(accept(listener, runner.server, service.tabs + _OTHERS, pages.busy))
        try:
            ready(listener.getsockname()[1])
            await stop.wait()
        finally:
            accepting.cancel()
            await pages.close()
            await runner.cleanup()


def _listening(service: Service) -> socket.socket:
    try:
        return tcp_server(service.host, service.port)
    except OSError as error:
        text = _("Cannot listen on {address}: {reason}.")
        address = f"{service.host}:{service.port}"
        raise LinkytuiError(text.format(address=address, reason=error.strerror or error)) from None


class Pages:
    """Answers requests."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._prefix = urlsplit(service.access.public or "").path.rstrip("/")
        self._sockets: set[web.WebSocketResponse] = set()
        self.busy: set[asyncio.BaseTransport | None] = set()
        """The connections behind which there is a screen."""
        self._ended = asyncio.Condition()

    def application(self) -> web.Application:
        """As aiohttp wants it."""
        app = web.Application(middlewares=[self._guard], client_max_size=1024)
        # A proxy may take its prefix away, or leave it.
        for start in {"", self._prefix}:
            app.router.add_get(f"{start}/", self._page)
            app.router.add_get(f"{start}/static/{{name}}", self._static)
            app.router.add_get(f"{start}/ws/{{look}}", self._websocket)
        if self._prefix:
            app.router.add_get(self._prefix, self._to_the_page)
        return app

    async def close(self) -> None:
        """Say goodbye to every tab, and wait until their screens have ended."""
        for one in list(self._sockets):
            await self._close(one, WSCloseCode.GOING_AWAY, _("linkytui serve has ended."))
        async with self._ended:
            await self._ended.wait_for(lambda: not self._sockets)

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Let in who may, and say with every answer what the page may do."""
        access = self._service.access
        try:
            if not access.is_meant(request.headers):
                raise web.HTTPForbidden(text=_("linkytui is not served at this address."))
            if request.path.endswith("/") and "token" in request.query:
                return self._welcome(request)
            if not access.knows(request.cookies.get(COOKIE)):
                raise web.HTTPForbidden(text=_("Open the address that “linkytui serve” printed: its token is missing."))
            response = await handler(request)
        except web.HTTPException as error:
            error.headers.update(_HEADERS)
            raise
        if not response.prepared:
            response.headers.update(_HEADERS)
        return response

    def _welcome(self, request: web.Request) -> web.Response:
        """Take the token out of the address, and have the browser keep it."""
        token = request.query["token"]
        if not self._service.access.knows(token):
            raise web.HTTPForbidden(text=_("This token is not the one that “linkytui serve” printed."))
        answer = web.Response(status=303, headers={"Location": "./", **_HEADERS})
        secure = request.secure or request.headers.get("X-Forwarded-Proto") == "https"
        answer.set_cookie(COOKIE, token, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
        return answer

    async def _page(self, _request: web.Request) -> web.Response:
        texts = {
            "language": language(),
            "ended": _("The connection to linkytui was lost."),
            "again": _("Connect again"),
            "keyboard": _("Keyboard"),
            "script": _("This page needs JavaScript."),
        }
        page = Template((files(__package__) / "page.html").read_text(encoding="utf-8"))
        return web.Response(
            text=page.substitute({name: escape(text) for name, text in texts.items()}), content_type="text/html"
        )

    async def _to_the_page(self, _request: web.Request) -> web.Response:
        return web.Response(status=308, headers={"Location": f"{self._prefix}/"})

    async def _static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name in _OWN:
            return web.Response(text=(files(__package__) / name).read_text(encoding="utf-8"), content_type=_OWN[name])
        if name in _THEIRS:
            return web.FileResponse(Path(str(files("textual_serve") / "static" / _THEIRS[name])))
        raise web.HTTPNotFound

    # The websocket --------------------------------------------------------------------------------------------------

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        service = self._service
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT, max_msg_size=_MESSAGE, compress=False)
        await socket.prepare(request)
        if len(self._sockets) >= service.tabs:
            text = _("{count} tabs are open already: close one.").format(count=service.tabs)
            await self._close(socket, WSCloseCode.TRY_AGAIN_LATER, text)
            return socket
        self._sockets.add(socket)
        transport = request.transport
        self.busy.add(transport)
        try:
            light = request.match_info["look"] == "light"
            environ = environment(service.environ, light=light, look_only=service.look_only)
            size = _size(request.query.get("width"), request.query.get("height"))
            tab = await open_tab(service.command, environ, *size)
            try:
                reason = await self._play(socket, tab)
                await self._close(socket, WSCloseCode.OK, reason)
            finally:
                await asyncio.shield(tab.end())
        finally:
            self._sockets.discard(socket)
            self.busy.discard(transport)
            async with self._ended:
                self._ended.notify_all()
        return socket

    async def _play(self, socket: web.WebSocketResponse, tab: Tab) -> str:
        """Let a tab and its screen talk until one of them ends; why, in words, where there is something to say."""
        tasks = [asyncio.create_task(_show(socket, tab)), asyncio.create_task(_hear(socket, tab))]
        try:
            done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except ScreenError as error:
            return str(error) or _("The screen did not open.")
        except (ConnectionError, TimeoutError):
            pass
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return ""

    async def _close(self, socket: web.WebSocketResponse, code: int, reason: str) -> None:
        """Close a websocket, be its tab there or not."""
        text = reason.encode()[:_REASON].decode("utf-8", "ignore").encode()
        with contextlib.suppress(ConnectionError, TimeoutError):
            await asyncio.wait_for(socket.close(code=code, message=text), _FAREWELL)


async def _show(socket: web.WebSocketResponse, tab: Tab) -> None:
    """Send a tab what its screen draws."""
    async for data in tab.output():
        await socket.send_bytes(data)


async def _hear(socket: web.WebSocketResponse, tab: Tab) -> None:
    """Give a screen what comes from its tab, until that closes or says what no page of ours says."""
    resize: asyncio.Task[None] | None = None
    wanted = (0, 0)

    async def change_size() -> None:
        await asyncio.sleep(_SOON)
        await tab.tell("resize", width=wanted[0], height=wanted[1])

    try:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                return
            try:
                told = json.loads(message.data)
            except (ValueError, RecursionError):
                return
            match told:
                case ["stdin", str(text)]:
                    await tab.type(text)
                case ["resize", {"width": width, "height": height}]:
                    wanted = _size(width, height)
                    if resize is None or resize.done():
                        resize = asyncio.create_task(change_size())
                case ["ping", str(sent)]:
                    await socket.send_json(["pong", sent[:64]])
                case ["focus" | "blur" as kind]:
                    await tab.tell(kind)
                case [_kind, *_rest]:
                    pass  # of a newer page
                case _:
                    return
    finally:
        if resize is not None:
            resize.cancel()


def _size(width: Any, height: Any) -> tuple[int, int]:
    """Columns and rows that a screen can have; those of a terminal where none are told."""
    told = []
    for given, usual, least, most in zip((width, height), (80, 24), _SMALLEST, _LARGEST, strict=True):
        try:
            told.append(min(max(int(given), least), most))
        except (TypeError, ValueError, OverflowError):
            told.append(usual)
    return told[0], told[1]
