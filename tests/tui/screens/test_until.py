"""Until when, on the dashboard: in the first row and the period's panel, at every size and in both languages."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import pytest
from textual.pilot import Pilot

from linkytui.i18n import LANGUAGES, Language
from linkytui.tic import Mode
from linkytui.tui.app import LinkyApp
from linkytui.tui.messages import FramesArrived, LinkChanged
from tests.tui.screens.conftest import make_app
from tests.tui.screens.states import LIVE, PRODUCER, State, meter
from tests.tui.screens.test_look import SIZES
from tests.tui.widgets.conftest import rows

NIGHT: Final = " ".join(["0000C001", "061E8002", "161EC001", *["NONUTILE"] * 8])
TEMPO_NIGHT: Final = " ".join(["00004001", "06004002", "22004001", *["NONUTILE"] * 8])


def pairs(changes: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """A meter in standard mode that says other things under some labels."""
    return tuple((*pair[:-1], changes.get(pair[0], pair[-1])) for pair in PRODUCER if pair[0] != "SINSTI")


PEAK: Final = State(pairs({"PJOURF+1": NIGHT, "SINSTS": "00920", "STGE": "003A0401"}), Mode.STANDARD, LIVE)  # type: ignore[arg-type]
TEMPO: Final = State(
    pairs({"PJOURF+1": TEMPO_NIGHT, "NGTF": "     TEMPO      ", "LTARF": "    HP  BLEU    ", "STGE": "093A0401"}),  # type: ignore[arg-type]
    Mode.STANDARD,
    LIVE,
)


async def hear(pilot: Pilot[None], state: State) -> None:
    """Post some frames, so that what they say is believed."""
    assert state.pairs is not None
    known = meter(state.pairs, state.mode)
    assert known.latest is not None
    for _frame in range(4):
        pilot.app.post_message(FramesArrived(known.latest, (), dict(known.labels)))
        pilot.app.post_message(LinkChanged(state.link))
        await pilot.pause()


async def first_row(app: LinkyApp, size: tuple[int, int], state: State) -> str:
    async with app.run_test(size=size) as pilot:
        await hear(pilot, state)
        return rows(app.query_one("#top"))[0]


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("size", SIZES.values())
@pytest.mark.parametrize("state", [PEAK, TEMPO])
async def test_the_next_change_stands_in_the_first_row_at_every_size(
    spoken: Language, size: tuple[int, int], state: State
) -> None:
    row = await first_row(make_app(spoken=spoken), size, state)
    time = "22:00" if state is TEMPO else "22:30"
    assert f"until {time}" in row or f"jusqu'à {time}" in row
    assert "…" not in row
    assert row.rstrip().endswith("18:42")


async def test_a_wide_row_has_the_whole_sentence() -> None:
    assert "peak until 22:30, then 8 h off-peak" in await first_row(make_app(), (120, 40), PEAK)
    french = await first_row(make_app(spoken="fr"), (120, 40), PEAK)
    assert "heures pleines jusqu'à 22:30, puis 8 h en heures creuses" in french


async def test_nothing_is_said_before_the_hours_are_believed() -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        known = meter(PEAK.pairs or (), PEAK.mode)
        assert known.latest is not None
        for said in ("", "", "until 22:30"):
            app.post_message(FramesArrived(known.latest, (), {}))
            await pilot.pause()
            row = rows(app.query_one("#top"))[0]
            assert said in row
            assert bool(said) == ("until" in row)


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["peak", "tempo"])
def test_as_a_picture(name: str, size: str, spoken: Language, snap_compare: Callable[..., bool]) -> None:
    async def look(pilot: Any) -> None:
        await hear(pilot, PEAK if name == "peak" else TEMPO)

    assert snap_compare(make_app(spoken=spoken), terminal_size=SIZES[size], run_before=look)
