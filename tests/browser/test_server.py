"""The server of `linkytui serve` on screens that cost nothing: who gets in, and what tabs may do to it."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import WSMsgType

from linkytui.browser import server, tab
from linkytui.browser.access import COOKIE, Access
from linkytui.browser.server import Service, serve
from linkytui.errors import LinkytuiError
from tests.browser.served import lives
from tests.lines import PATIENCE

TOKEN = "a-token-of-this-test"  # noqa: S105
FAKE = [sys.executable, str(Path(__file__).with_name("fake_screen.py"))]


def service(rules: str = "", **more: Any) -> Service:
    """A server of fake screens that follow some rules."""
    environ = {**os.environ, "FAKE_SCREEN": rules}
    usual = Service(command=FAKE, environ=environ, access=Access(), host="127.0.0.1", port=0)
    return replace(usual, **more)


@asynccontextmanager
async def running(given: Service) -> AsyncIterator[str]:
    """A server's address, while it runs."""
    stop, ports = asyncio.Event(), asyncio.Queue[int]()
    task = asyncio.create_task(serve(given, stop, ports.put_nowait))
    waiting = asyncio.create_task(ports.get())
    await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        waiting.cancel()
        task.result()
    try:
        yield f"http://127.0.0.1:{await waiting}"
    finally:
        stop.set()
        await asyncio.wait_for(task, PATIENCE)


@asynccontextmanager
async def client(**more: Any) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody with a browser of their own."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(PATIENCE), **more) as session:
        yield session


async def hear(socket: aiohttp.ClientWebSocketResponse, expected: str) -> str:
    """Wait for something that the screen draws; all until then."""
    text = ""
    while expected not in text:
        message = await asyncio.wait_for(socket.receive(), PATIENCE)
        assert message.type is WSMsgType.BINARY, (message, text)
        text += message.data.decode()
    return text


async def until(condition: Callable[[], Any]) -> None:
    """Wait for something that others bring about."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> list[tab.Tab]:
    """Every screen that was opened."""
    opened: list[tab.Tab] = []

    async def remember(*arguments: Any) -> tab.Tab:
        opened.append(await tab.open_tab(*arguments))
        return opened[-1]

    monkeypatch.setattr(server, "open_tab", remember)
    return opened


def ended(screens: list[tab.Tab]) -> Callable[[], bool]:
    """Whether none of them runs."""
    return lambda: not any(lives(one.process.pid) for one in screens)


async def test_a_tab_has_a_screen_of_its_size_and_its_keys(screens: list[tab.Tab]) -> None:
    async with running(service()) as address, client() as session:
        async with session.ws_connect(f"{address}/ws/dark?width=46&height=41") as socket:
            await hear(socket, "size 46x41 look 1")
            await socket.send_str(json.dumps(["stdin", "h\ud800é"]))
            await hear(socket, "typed h?é")
            await socket.send_str(json.dumps(["ping", "12"]))
            assert json.loads((await socket.receive()).data) == ["pong", "12"]
            await socket.send_str(json.dumps(["focus"]))
            await hear(socket, "told focus")
        await until(ended(screens))


async def test_where_changes_are_allowed_the_screen_knows() -> None:
    async with (
        running(service(look_only=False)) as address,
        client() as session,
        session.ws_connect(f"{address}/ws/dark") as socket,
    ):
        await hear(socket, "size 80x24 look no")


@pytest.mark.parametrize(
    ("size", "has"),
    [
        ("width=0&height=-5", "10x5"),
        ("width=99999999&height=1e9", "500x24"),
        ("width=nan&height=", "80x24"),
        ("width=%00&height=12", "80x12"),
    ],
)
async def test_a_size_that_cannot_be_is_none(size: str, has: str) -> None:
    async with (
        running(service()) as address,
        client() as session,
        session.ws_connect(f"{address}/ws/light?{size}") as socket,
    ):
        await hear(socket, f"size {has} ")


async def test_a_storm_of_sizes_comes_to_a_few(screens: list[tab.Tab]) -> None:
    async with running(service()) as address, client() as session, session.ws_connect(f"{address}/ws/dark") as socket:
        for width in range(2000):
            await socket.send_str(json.dumps(["resize", {"width": width % 90 + 10, "height": 30}]))
        await socket.send_str(json.dumps(["resize", {"width": 123, "height": 45}]))
        assert (await hear(socket, "told resize 123x45")).count("told resize") < 200


RUBBISH = ['{"stdin": "x"}', "", "{", "null", "[]", "3", '"x"', "[" * 60_000, '["stdin"', "\x00"]
HARMLESS = [
    '["stdin", 5]',
    '["stdin", {"a": 1}]',
    '["resize", "x"]',
    '["resize", {"width": "x", "height": null}]',
    '["resize", {"width": 1e999, "height": -1e999}]',
    '["resize", {"width": [], "height": {}}]',
    '["ping"]',
    '["something new", 1, 2, 3]',
    '[["stdin"], "x"]',
]


@pytest.mark.parametrize("text", RUBBISH)
async def test_what_is_no_message_ends_that_tab_alone(screens: list[tab.Tab], text: str) -> None:
    async with running(service()) as address, client() as session, session.ws_connect(f"{address}/ws/dark") as other:
        async with session.ws_connect(f"{address}/ws/dark") as socket:
            await hear(socket, "size")
            await socket.send_str(text)
            message = await asyncio.wait_for(socket.receive(), PATIENCE)
            assert message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING)
        await until(ended(screens[1:]))
        await other.send_str(json.dumps(["stdin", "on"]))
        await hear(other, "typed on")


@pytest.mark.parametrize("text", HARMLESS)
async def test_a_message_of_another_kind_changes_nothing(text: str) -> None:
    async with running(service()) as address, client() as session, session.ws_connect(f"{address}/ws/dark") as socket:
        await socket.send_str(text)
        await socket.send_str(json.dumps(["stdin", "on"]))
        await hear(socket, "typed on")


async def test_bytes_and_messages_too_long_end_a_tab(screens: list[tab.Tab]) -> None:
    async with running(service()) as address, client() as session:
        for send in ("bytes", "long"):
            async with session.ws_connect(f"{address}/ws/dark") as socket:
                await hear(socket, "size")
                if send == "bytes":
                    await socket.send_bytes(b"\x00" * 100)
                else:
                    await socket.send_str(json.dumps(["stdin", "x" * 100_000]))
                while (await asyncio.wait_for(socket.receive(), PATIENCE)).type not in (
                    WSMsgType.CLOSE,
                    WSMsgType.CLOSED,
                    WSMsgType.CLOSING,
                ):
                    pass
        await until(ended(screens))


async def test_tabs_beyond_the_limit_are_told_so(screens: list[tab.Tab]) -> None:
    async with running(service(tabs=3)) as address, client() as session:
        sockets = [await session.ws_connect(f"{address}/ws/dark") for _number in range(50)]
        refused = 0
        for socket in sockets:
            message = await asyncio.wait_for(socket.receive(), PATIENCE)
            if message.type is WSMsgType.CLOSE:
                refused += 1
                assert message.extra == "3 tabs are open already: close one."
        assert (refused, len(screens)) == (47, 3)
        for socket in sockets:
            await socket.close()
        await until(ended(screens))
        async with session.ws_connect(f"{address}/ws/dark") as socket:
            await hear(socket, "size")


async def test_idle_connections_keep_nobody_out_and_end_no_tab(screens: list[tab.Tab]) -> None:
    async with running(service()) as address, client() as session, session.ws_connect(f"{address}/ws/dark") as socket:
        await hear(socket, "size")
        port = int(address.rpartition(":")[2])
        idle = [await asyncio.open_connection("127.0.0.1", port) for _number in range(300)]
        async with session.get(f"{address}/") as answer:
            assert answer.status == 200
        assert await asyncio.wait_for(idle[0][0].read(), PATIENCE) == b"", "the oldest have given way"
        await socket.send_str(json.dumps(["stdin", "on"]))
        await hear(socket, "typed on")
        for _reader, writer in idle:
            writer.close()


async def test_a_screen_that_does_not_open_says_why() -> None:
    async with (
        running(service("fails")) as address,
        client() as session,
        session.ws_connect(f"{address}/ws/dark") as socket,
    ):
        message = await asyncio.wait_for(socket.receive(), PATIENCE)
        assert (message.type, message.extra) == (WSMsgType.CLOSE, "linkytui: the last line counts")


async def test_a_screen_that_does_not_end_is_ended(screens: list[tab.Tab], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tab, "_END", 0.3)
    async with running(service("stubborn")) as address, client() as session:
        async with session.ws_connect(f"{address}/ws/dark") as socket:
            await hear(socket, "size")
        await until(ended(screens))


async def test_a_tab_that_never_reads_keeps_nobody_waiting(
    screens: list[tab.Tab], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "_HEARTBEAT", 1.0)
    async with running(service("floods")) as address, client() as session:
        port = int(address.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(
            b"GET /ws/dark HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")
        reader._transport.pause_reading()  # type: ignore[attr-defined]
        async with session.get(f"{address}/") as answer:
            assert answer.status == 200
        await until(ended(screens))
        writer.close()


async def test_the_end_of_the_server_ends_its_screens_and_says_so(screens: list[tab.Tab]) -> None:
    async with client() as session:
        async with running(service()) as address:
            socket = await session.ws_connect(f"{address}/ws/dark")
            await hear(socket, "size")
        message = await socket.receive()
        assert (message.type, message.extra) == (WSMsgType.CLOSE, "linkytui serve has ended.")
    assert ended(screens)()


async def test_an_address_that_is_taken_is_said_in_a_line() -> None:
    async with running(service()) as address:
        taken = int(address.rpartition(":")[2])
        with pytest.raises(LinkytuiError, match=f"Cannot listen on 127.0.0.1:{taken}: "):
            async with running(service(port=taken)):
                pass


# Who gets in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/static/textual.js", "/static/page.css", "/ws/dark", "/nothing"])
async def test_nothing_is_given_without_the_token(path: str) -> None:
    async with running(service(access=Access(token=TOKEN))) as address, client() as session:
        for cookies in ({}, {COOKIE: "another"}, {COOKIE: TOKEN[:-1]}):
            async with session.get(f"{address}{path}", cookies=cookies) as answer:
                assert answer.status == 403
                assert TOKEN not in await answer.text()
        async with session.get(f"{address}/?token=another") as answer:
            assert answer.status == 403
            assert not answer.cookies
        async with session.get(f"{address}{path}?token={TOKEN}x") as answer:
            assert answer.status == 403


async def test_the_token_is_taken_once_and_leaves_the_address(screens: list[tab.Tab]) -> None:
    async with running(service(access=Access(token=TOKEN))) as address, client() as session:
        async with session.get(f"{address}/?token={TOKEN}") as answer:
            assert (answer.status, str(answer.url)) == (200, f"{address}/")
            cookie = answer.history[0].cookies[COOKIE]
            assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
        async with session.ws_connect(f"{address}/ws/dark") as socket:
            await hear(socket, "size")
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{address}/ws/dark", origin="http://evil.example")
    assert len(screens) == 1


async def test_without_a_token_no_other_name_and_no_other_site_will_do(screens: list[tab.Tab]) -> None:
    async with running(service()) as address, client() as session:
        async with session.get(f"{address}/", headers={"Host": "evil.example"}) as answer:
            assert answer.status == 403
        for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example", "Origin": "http://evil.example"}):
            with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
                await session.ws_connect(f"{address}/ws/dark", headers=headers)
            assert caught.value.status == 403
    assert screens == []


@pytest.mark.parametrize("prefix", ["", "/linky"])
async def test_behind_a_proxy_a_prefix_may_stay_or_go(prefix: str, screens: list[tab.Tab]) -> None:
    public = Access(public="https://home.example/linky/")
    async with running(service(access=public)) as address, client() as session:
        if prefix:
            async with session.get(f"{address}{prefix}", allow_redirects=False) as answer:
                assert answer.headers["Location"] == "/linky/"
        async with session.get(f"{address}{prefix}/") as answer:
            page = await answer.text()
        assert "http" not in page, "every address is relative to the page"
        for name in ("page.css", "page.js", "begin.js", "textual.js", "xterm.css", "mono.ttf", "mono-italic.ttf"):
            async with session.get(f"{address}{prefix}/static/{name}") as answer:
                assert (answer.status, len(await answer.read()) > 100) == (200, True)
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        async with session.ws_connect(f"{address}{prefix}/ws/dark", origin="https://home.example") as socket:
            await hear(socket, "size")
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{address}{prefix}/ws/dark", origin=address)


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/..",
        "/static/../server.py",
        "/static/%2e%2e/server.py",
        "/static/..%2fserver.py",
        "/static/%2e%2e%2f%2e%2e%2fcli.py",
        "/static/server.py",
        "/static//etc/passwd",
        "/static/page.html",
        "/static/page.css%00",
        "/static/page.css/",
        "/static/js/textual.js",
        "/download/x",
        "/ws",
        "/..",
        "//",
    ],
)
async def test_no_path_leads_out(path: str) -> None:
    async with running(service()) as address:
        port = int(address.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        answer = await reader.read()
        writer.close()
    assert answer.split(b" ")[1] in (b"400", b"404")
    assert b"root:" not in answer
