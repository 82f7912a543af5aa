"""The screen in a real browser: what it paints, what keys do, how a phone has it, and that nothing stays behind."""

import asyncio
import io
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pyte
import pytest
import pytest_asyncio
from PIL import Image

from tests.browser.chromium import Chromium, Page, chromium
from tests.browser.served import Served, lives
from tests.collector.processes import Collector, CountingMeter
from tests.lines import PATIENCE, wait_until
from tests.servers import free_port, program

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module", autouse=True)
def _browser() -> None:
    program("chromium")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Chromium]:
    """One browser for all tests, each of which has tabs of its own."""
    async with chromium() as made:
        yield made


@pytest.fixture
def meter(tmp_path: Path) -> Iterator[CountingMeter]:
    """A meter that nobody reads yet."""
    with CountingMeter(tmp_path / "meter") as made:
        yield made


@pytest.fixture
def home(tmp_path: Path, meter: CountingMeter, monkeypatch: pytest.MonkeyPatch) -> Collector:
    """Where everything of the person's is, and a collector that may be started there."""
    made = Collector(tmp_path, meter.port)
    for name, value in made.environment.items():
        if name.startswith(("LINKYTUI_", "LC_")):
            monkeypatch.setenv(name, value)
    return made


class Shown:
    """What a tab shows, from what its websocket was sent: the canvas tells no words."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        page.frames = self._take

    def _take(self, data: bytes) -> None:
        self._stream.feed(data)

    @property
    def text(self) -> str:
        """The screen, row by row."""
        return "\n".join(self._screen.display)

    async def open(self, address: str, width: int, height: int, *, phone: bool = False) -> None:
        """Open an address in a window of that size, and wait until the terminal has its own."""
        await self.page.resize(width, height, phone=phone)
        await self.page.go(address)
        socket = await self.page.until(self._socket)
        columns, rows = (int(part.partition("=")[2]) for part in socket.partition("?")[2].split("&"))
        self._screen.resize(rows, columns)
        await self.page.until(lambda: self.page.ask("document.body?.classList.contains('-first-byte')"))

    async def _socket(self) -> str | None:
        return next((one for one in self.page.requests if one.startswith("ws://")), None)

    @property
    def columns(self) -> int:
        """How wide it is."""
        return self._screen.columns

    async def shows(self, *texts: str, meanwhile: Callable[[], object] = lambda: None) -> None:
        """Wait until all of these stand on the screen."""

        async def there() -> bool:
            meanwhile()
            return all(text in self.text for text in texts)

        await self.page.until(there, lambda: self.text)


async def gone(pids: list[int]) -> None:
    """Wait until none of these processes runs."""
    async with asyncio.timeout(PATIENCE):
        while any(map(lives, pids)):
            await asyncio.sleep(0.05)


async def painted(page: Page) -> set[tuple[int, ...]]:
    """The colours of what it looks like."""
    image = Image.open(io.BytesIO(await page.picture())).convert("RGB")
    colours = image.getcolors(1 << 24)
    assert colours is not None
    return {colour for count, colour in colours if count > 200 and isinstance(colour, tuple)}


async def test_it_paints_lives_and_hears_keys_beside_a_collector(
    browser: Chromium, home: Collector, meter: CountingMeter
) -> None:
    with home, Served() as served:
        first, second = Shown(await browser.page()), Shown(await browser.page())
        for shown in (first, second):
            await shown.open(served.address, 1280, 800)
        for shown in (first, second):
            await shown.shows("collector", "live", meanwhile=lambda: meter.send(1))
        wait_until(lambda: (report := home.report) and report.kind == "collector")
        assert len(served.screens) == 2, "each tab has a process, and both listen to the one collector"
        assert len(await painted(first.page)) > 4, "the canvas is painted, not only its ground"
        before = await first.page.picture()
        meter.frames = 11_000
        for shown in (first, second):
            await shown.shows("92 %", meanwhile=lambda: meter.send(1))
        await first.page.press("m")
        await first.shows("ADCO", "HCHP", meanwhile=lambda: meter.send(1))
        assert "ADCO" not in second.text, "each tab has a screen of its own"
        assert await first.page.picture() != before
        for shown in (first, second):
            assert shown.page.complaints == []
            hosts = {address.split("/")[2] for address in shown.page.requests if "//" in address}
            assert hosts == {served.address.split("/")[2]}, "nothing is loaded from outside"
        pids = served.screens
        await first.page.close()
        await second.page.close()
        await gone(pids)
        assert home.process is not None
        assert home.process.poll() is None, "the collector goes on"


async def test_a_phone_has_a_narrow_screen_and_keys_to_tap(
    browser: Chromium, home: Collector, meter: CountingMeter
) -> None:
    with home, Served() as served:
        shown = Shown(await browser.page())
        await shown.open(served.address, 390, 844, phone=True)
        assert 44 <= shown.columns <= 50
        await shown.shows("collector", "Peak", meanwhile=lambda: meter.send(1))
        wide = await shown.page.ask("document.documentElement.scrollWidth")
        assert wide <= 390, "nothing stands out at the side"
        assert await shown.page.ask("document.querySelector('.xterm-helper-textarea').inputMode") == "none"
        await shown.page.ask("document.querySelector('.xterm-helper-textarea').focus()")
        await shown.page.press("h")
        await shown.shows("History")
        await shown.page.ask("document.querySelector('#keys button').click()")  # Esc
        await shown.shows("collector", meanwhile=lambda: meter.send(1))
        await shown.page.close()


async def test_whoever_looks_changes_nothing(browser: Chromium, home: Collector, meter: CountingMeter) -> None:
    with home, Served() as served:
        shown = Shown(await browser.page())
        await shown.open(served.address, 1280, 800)
        await shown.shows("live", meanwhile=lambda: meter.send(1))
        assert "Quit" not in shown.text
        for key in ("s", "q", "l"):
            await shown.page.press(key)
            await shown.shows("read-only")
        assert len(served.screens) == 1
        assert not (home.folder / "xdg" / "config").exists()
        await shown.page.close()


async def test_who_may_change_things_has_the_token(browser: Chromium, home: Collector, meter: CountingMeter) -> None:
    with home, Served("--allow-changes") as served:
        assert "?token=" in served.address
        stranger = await browser.page()
        await stranger.go(served.address.partition("?")[0])
        await stranger.until(lambda: stranger.ask("document.body?.innerText.includes('its token is missing')"))
        await stranger.close()
        shown = Shown(await browser.page())
        await shown.open(served.address, 1280, 800)
        await shown.shows("live", meanwhile=lambda: meter.send(1))
        assert "token" not in await shown.page.ask("location.href")
        await shown.page.press("s")
        await shown.shows("Settings", "meter.")
        await shown.page.press("q")
        await shown.page.until(lambda: shown.page.ask("document.body.classList.contains('-closed')"))
        await gone(served.screens)
        await shown.page.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_the_end_of_the_server_leaves_no_process(
    browser: Chromium, home: Collector, meter: CountingMeter, number: int
) -> None:
    with home, Served() as served:
        shown = Shown(await browser.page())
        await shown.open(served.address, 800, 600)
        await shown.shows("live", meanwhile=lambda: meter.send(1))
        pids = served.screens
        assert len(pids) == 1
        assert served.end(number) == (-number if number == signal.SIGKILL else 0)
        await gone(pids)
        await shown.page.until(lambda: shown.page.ask("document.body.classList.contains('-closed')"))
        told = await shown.page.ask("document.getElementById('reason').textContent")
        gently = number != signal.SIGKILL
        assert told == ("linkytui serve has ended." if gently else "The connection to linkytui was lost.")
        await shown.page.close()


async def test_without_a_collector_a_tab_reads_and_another_follows(
    browser: Chromium, home: Collector, meter: CountingMeter
) -> None:
    with Served() as served:
        first = Shown(await browser.page())
        await first.open(served.address, 1280, 800)
        wait_until(lambda: meter.heard)
        await first.shows("live", meanwhile=lambda: meter.send(1))
        reader = served.screens
        second = Shown(await browser.page())
        await second.open(served.address, 1280, 800)
        await second.shows("live", meanwhile=lambda: meter.send(1))
        await first.page.close()
        await gone(reader)
        meter.frames = 3_000
        wait_until(lambda: meter.heard)
        await second.shows("live", meanwhile=lambda: meter.send(1))
        await second.page.close()


async def test_below_a_proxys_prefix_everything_is_found(browser: Chromium, tmp_path: Path) -> None:
    port = free_port()
    public = f"http://127.0.0.1:{port}/linky/"
    with Served("--http-port", str(port), "--behind-proxy", public, "--port", str(tmp_path / "none")) as served:
        assert served.address == public
        shown = Shown(await browser.page())
        await shown.open(public.removesuffix("/"), 800, 600)
        await shown.shows("linkytui", "Help")
        assert all(address.partition("//")[2].partition("/")[2].startswith("linky") for address in shown.page.requests)
        assert shown.page.complaints == []
        await shown.page.close()


async def test_a_browser_without_webgl_shows_it_too(tmp_path: Path) -> None:
    async with chromium("--disable-3d-apis") as plain:
        with Served("--port", str(tmp_path / "none")) as served:
            shown = Shown(await plain.page())
            await shown.open(served.address, 800, 600)
            assert await shown.page.ask("document.createElement('canvas').getContext('webgl2') === null")
            await shown.shows("No meter found")
            assert len(await painted(shown.page)) > 4
            assert not await shown.page.ask("document.body.classList.contains('-closed')")
            await shown.page.close()
