"""A real browser without a window, by the DevTools protocol: what a person would see, press and close."""

import asyncio
import base64
import contextlib
import json
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.lines import PATIENCE
from tests.servers import program

_OPTIONS = (
    *("--headless=new", "--remote-debugging-port=0", "--no-first-run", "--no-sandbox", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-extensions", "--disable-sync", "--mute-audio"),
    *("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--force-color-profile=srgb"),
)


class Page:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, target: str, http: str) -> None:
        self._socket = socket
        self._target = target
        self._http = http
        self._number = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self.requests: list[str] = []
        """Every address that it asked for."""
        self.complaints: list[str] = []
        """What it wrote on the console as an error, and what its policy refused."""
        self.frames: Callable[[bytes], object] = lambda _data: None
        """Is given what a websocket of the page was sent, each time it is binary."""
        self.closed = False
        self._hearing = asyncio.create_task(self._hear())

    async def do(self, method: str, **parameters: Any) -> Any:
        """A command of the DevTools protocol, and its answer."""
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_str(json.dumps({"id": self._number, "method": method, "params": parameters}))
        return await asyncio.wait_for(answer, PATIENCE)

    async def ask(self, expression: str) -> Any:
        """What an expression of JavaScript gives."""
        answer = await self.do("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    async def resize(self, width: int, height: int, *, phone: bool = False) -> None:
        """Have the window that size, in CSS pixels; a phone is touched and has no mouse."""
        size = {"width": width, "height": height, "deviceScaleFactor": 0, "mobile": phone}
        await self.do("Emulation.setDeviceMetricsOverride", **size)
        await self.do("Emulation.setTouchEmulationEnabled", enabled=phone)

    async def go(self, address: str) -> None:
        """Open an address."""
        await self.do("Page.navigate", url=address)

    async def press(self, key: str) -> None:
        """Press a key that types a sign."""
        await self.do("Input.dispatchKeyEvent", type="keyDown", text=key, key=key)
        await self.do("Input.dispatchKeyEvent", type="keyUp", key=key)

    async def click(self, x: float, y: float) -> None:
        """Click somewhere, in CSS pixels."""
        for kind in ("mousePressed", "mouseReleased"):
            await self.do("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def picture(self) -> bytes:
        """What it looks like, as PNG."""
        answer = await self.do("Page.captureScreenshot", format="png")
        return base64.b64decode(answer["data"])

    async def until(self, condition: Callable[[], Any], saying: Callable[[], str] = lambda: "") -> Any:
        """Wait until something that is asked of the page holds; what it is. `saying`: what there is instead."""
        deadline = time.monotonic() + PATIENCE
        while not (value := await condition()):
            assert time.monotonic() < deadline, f"waited in vain: {saying()}"
            await asyncio.sleep(0.05)
        return value

    async def close(self) -> None:
        """Close the tab, as a person does."""
        async with aiohttp.ClientSession() as session, session.get(f"{self._http}/json/close/{self._target}") as answer:
            await answer.read()

    async def _hear(self) -> None:
        async for message in self._socket:
            told = json.loads(message.data)
            if (number := told.get("id")) is not None:
                answer = self._answers.pop(number)
                if "error" in told:
                    answer.set_exception(RuntimeError(told["error"]["message"]))
                else:
                    answer.set_result(told["result"])
            elif told["method"] == "Network.requestWillBeSent":
                self.requests.append(told["params"]["request"]["url"])
            elif told["method"] == "Network.webSocketCreated":
                self.requests.append(told["params"]["url"])
            elif told["method"] == "Network.webSocketFrameReceived":
                frame = told["params"]["response"]
                if frame["opcode"] == 2:
                    self.frames(base64.b64decode(frame["payloadData"]))
            elif told["method"] == "Log.entryAdded" and told["params"]["entry"]["level"] == "error":
                self.complaints.append(told["params"]["entry"]["text"])
            elif told["method"] == "Runtime.exceptionThrown":
                self.complaints.append(str(told["params"]["exceptionDetails"]))
        self.closed = True


class Chromium:
    """A browser with a profile of its own."""

    def __init__(self, http: str, session: aiohttp.ClientSession) -> None:
        self._http = http
        self._session = session

    async def page(self, *, script: str = "") -> Page:
        """A new tab on nothing. `script`: runs before those of each page that it opens."""
        async with self._session.put(f"{self._http}/json/new?about:blank") as answer:
            told = await answer.json(content_type=None)
        socket = await self._session.ws_connect(told["webSocketDebuggerUrl"], max_msg_size=0)
        page = Page(socket, told["id"], self._http)
        for domain in ("Page", "Runtime", "Network", "Log"):
            await page.do(f"{domain}.enable")
        await page.do("Emulation.setFocusEmulationEnabled", enabled=True)  # though others lie above it
        if script:
            await page.do("Page.addScriptToEvaluateOnNewDocument", source=script)
        return page


@asynccontextmanager
async def chromium(*options: str, scale: float = 1) -> AsyncIterator[Chromium]:
    """Debian's browser, on a display with so many pixels for each of CSS; ends with the block."""
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [
                program("chromium"),
                *_OPTIONS,
                *options,
                f"--force-device-scale-factor={scale}",
                f"--user-data-dir={profile}",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            told = Path(profile) / "DevToolsActivePort"
            deadline = time.monotonic() + PATIENCE
            while not told.exists() or "\n" not in told.read_text():
                assert process.poll() is None, "chromium did not start"
                assert time.monotonic() < deadline, "chromium does not answer"
                await asyncio.sleep(0.05)
            port = told.read_text().split("\n")[0]
            async with aiohttp.ClientSession() as session:
                yield Chromium(f"http://127.0.0.1:{port}", session)
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            if process.poll() is None:
                process.kill()
                process.wait()
