"""Screens are looked at through the real application, fed with messages: no source, no thread, no clock."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_textual_snapshot
from msgspec.structs import replace
from syrupy.location import PyTestLocation
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from linkytui.history import HistoryReader
from linkytui.i18n import Language, language, use_language
from linkytui.settings.model import ScreenSettings, Settings
from linkytui.tui.app import LinkyApp
from linkytui.tui.messages import FramesArrived, LinkChanged
from tests.tui.screens.session import FedSession, keeper_of
from tests.tui.screens.states import STATES, State, meter

SNAPSHOTS = Path(__file__).parents[3] / "snapshots"


class _AtTheTop(pytest_textual_snapshot.SVGImageExtension):  # type: ignore[misc]
    """Pictures are kept at the top of the project, where people look at them."""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(SNAPSHOTS / test_location.basename)


@pytest.fixture(autouse=True)
def _pictures_at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pytest_textual_snapshot, "SVGImageExtension", _AtTheTop)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.fixture(autouse=True)
def _language_as_before() -> Iterator[None]:
    before = language()
    yield
    use_language(before)


def make_app(
    *,
    theme: str = "linkytui-dark",
    spoken: Language = "en",
    ascii_only: bool = False,
    history: HistoryReader | None = None,
    book: Path | None = None,
) -> LinkyApp:
    """The application at a fixed moment, reading from nothing; it bills the history where there is a price book."""
    use_language(spoken)
    settings = replace(Settings(), screen=ScreenSettings(theme=theme, ascii=ascii_only))
    return LinkyApp(FedSession(keeper_of(settings), history, book), environment={})


async def tell(pilot: Pilot[None], state: State) -> None:
    """Post what the reading thread would post in this state."""
    app = pilot.app
    if state.pairs is not None:
        known = meter(state.pairs, state.mode)
        latest = known.latest
        assert latest is not None
        app.post_message(FramesArrived(latest, state.samples, dict(known.labels)))
    app.post_message(LinkChanged(state.link))
    await pilot.pause()
    if state.frozen:
        await pilot.press("p")
    await pilot.pause()
    # A picture of an application that fell over is empty, and would be compared with the same emptiness.
    assert app.query_one("#power").size.area > 0


async def settle(pilot: Pilot[None]) -> None:
    """Wait until what is read in threads is on the screen; fail when the application fell over meanwhile."""
    for worker in list(pilot.app.workers):
        with suppress(WorkerCancelled):  # a newer question dropped that one
            await worker.wait()
    await pilot.pause()
    await pilot.pause()
    assert pilot.app._exception is None


def telling(name: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """For `snap_compare`: bring the application into a state of `STATES`."""

    async def run(pilot: Pilot[None]) -> None:
        await tell(pilot, STATES[name])

    return run
