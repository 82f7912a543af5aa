"""The meter's clock beside the machine's, on the meter screen."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from textual.app import App, ComposeResult

from linkytui.i18n import use_language
from linkytui.reading import Reading
from linkytui.tic import Mode
from linkytui.tui.widgets.clocks import Clocks

NOW = datetime(2026, 11, 24, 12, 0, 5, tzinfo=UTC).timestamp()
READING = Reading(at=NOW - 2, mode=Mode.STANDARD)


def said(reading: Reading | None, synchronised: bool | None, width: int = 120) -> str:
    clocks = Clocks()
    clocks.set_reactive(Clocks.now, NOW)
    clocks.set_reactive(Clocks.reading, reading)
    clocks.set_reactive(Clocks.synchronised, synchronised)
    (row,) = clocks.lines(width, 1)
    return row.plain.strip()


def ahead(seconds: float) -> Reading:
    """What a meter says whose clock is so many seconds ahead."""
    return replace(READING, meter_time=datetime.fromtimestamp(READING.at + seconds, UTC))


@pytest.mark.parametrize(
    ("reading", "synchronised", "text"),
    [
        (None, None, "Clocks: machine 13:00:05"),
        (None, False, "Clocks: machine 13:00:05  not synchronised"),
        (ahead(0.4), True, "Clocks: meter 13:00:05, machine 13:00:05  the same  synchronised"),
        (ahead(-12), False, "Clocks: meter 12:59:53, machine 13:00:05  12 s behind  not synchronised"),
        (
            replace(ahead(12_600), clock_degraded=True),
            True,
            "Clocks: meter 16:30:05, machine 13:00:05  3 h ahead  the meter doubts its own  synchronised",
        ),
    ],
)
def test_both_clocks_their_difference_and_who_is_right(
    reading: Reading | None, synchronised: bool | None, text: str
) -> None:
    assert said(reading, synchronised) == text


def test_on_a_phone_the_difference_stays() -> None:
    assert said(ahead(-12), True, 40) == "Clocks  12 s behind  synchronised"


def test_it_speaks_french() -> None:
    use_language("fr")
    assert said(ahead(90), False) == ("Horloges : compteur 13:01:35, machine 13:00:05  avance 1 min  non synchronisée")


class Shown(App[None]):
    """Nothing but the clocks."""

    def compose(self) -> ComposeResult:
        yield Clocks()


async def test_it_follows_what_it_is_told() -> None:
    async with Shown().run_test() as pilot:
        clocks = pilot.app.query_one(Clocks)
        clocks.now = NOW
        clocks.reading = ahead(-12)
        clocks.synchronised = False
        await pilot.pause()
        assert "12 s behind" in str(clocks.render_line(0).text)
