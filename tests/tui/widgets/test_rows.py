"""The rows at the top and at the bottom, and the banner between: whose meter, how it fares, what to do."""

import re
from dataclasses import replace
from datetime import date
from typing import get_args

import pytest

from linkytui.i18n import LANGUAGES, Language, use_language
from linkytui.link import Link, LinkState
from linkytui.reading import Contract, Reading
from linkytui.tic import Mode
from linkytui.tui.glyphs import ASCII, UNICODE, use_glyphs
from linkytui.tui.keys import COMMANDS, Place
from linkytui.tui.widgets.banner import MODE_CHANGE_SHOWN, Banner
from linkytui.tui.widgets.key_line import KeyLine
from linkytui.tui.widgets.link_line import LinkLine
from linkytui.tui.widgets.top_bar import TopBar
from linkytui.wording.terms import short_contract_name
from tests.tui.widgets.conftest import Alone, rows

NOW = 1_764_006_120.0
LIVE = Link(
    state=LinkState.LIVE,
    source="/dev/ttyUSB0",
    mode=Mode.HISTORIC,
    frames=12_345,
    accepted=135_795,
    rejected={"checksum": 27},
    last_frame_at=NOW - 3,
)


async def link_row(
    link: Link, width: int, *, ascii_only: bool = False, troubled: tuple[str, ...] = (), words: str = ""
) -> str:
    line = LinkLine()
    line.styles.height = 1
    use_glyphs(ASCII if ascii_only else UNICODE)
    async with Alone(line).run_test(size=(width, 3)) as pilot:
        line.now = NOW
        line.link, line.troubled, line.trouble_words = link, troubled, words
        await pilot.pause()
        return rows(line)[0]


async def test_the_line_tells_its_state_age_and_faults() -> None:
    row = await link_row(LIVE, 120)
    assert re.fullmatch(r" ● live · 3 s ago · 12,345 frames · 0\.02 % rejected +/dev/ttyUSB0 · historic mode", row)


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("frames", [7, 77, 777, 7_777, 77_777])
@pytest.mark.parametrize("rejected", [0, 27])
async def test_a_phone_gets_whole_facts(spoken: Language, frames: int, rejected: int) -> None:
    use_language(spoken)
    row = await link_row(replace(LIVE, frames=frames, rejected={"checksum": rejected}), 46)
    assert "…" not in row
    assert "3 s" in row
    assert "%" in row


async def test_a_callback_that_fails_is_named_with_the_key_that_tells_why() -> None:
    row = await link_row(LIVE, 120, troubled=("InfluxDB",))
    assert re.search(r"0\.02 % rejected +▲ InfluxDB \(c\) /dev/ttyUSB0 · historic mode", row)
    row = await link_row(LIVE, 46, troubled=("PrintPower", "MQTT", "Slow"))
    assert re.fullmatch(r" ● live · 3 s ago +▲ PrintPower \+2 \(c\) *", row)
    assert "! InfluxDB (c)" in await link_row(LIVE, 80, troubled=("InfluxDB",), ascii_only=True)


async def test_the_words_of_the_server_stand_there_as_far_as_there_is_room() -> None:
    words = (
        'field type conflict: input field "PAPP" on measurement "linky" is type integer, already exists as type float'
    )
    for width, ascii_only in ((80, False), (80, True), (120, False), (200, False)):
        row = await link_row(LIVE, width, ascii_only=ascii_only, troubled=("InfluxDB", "MQTT"), words=words)
        assert re.search(r"[▲!] InfluxDB \+1: field type.*(…|\.\.\.| float) \(c\) *$", row)
        assert "0.02 %" in row
        assert not ascii_only or row.isascii()
    row = await link_row(LIVE, 46, troubled=("InfluxDB",), words=words)
    assert "▲ InfluxDB (c)" in row


async def test_the_mode_is_told_where_a_long_port_has_no_room() -> None:
    port = "/dev/serial/by-id/usb-Cartelectronic_Interface_USB_1_TIC_DA4Y5X1B-if00-port0"
    row = await link_row(replace(LIVE, source=port), 80)
    assert row.endswith("  historic mode")


async def test_what_is_old_tells_how_old() -> None:
    row = await link_row(replace(LIVE, state=LinkState.SILENT, last_frame_at=NOW - 754), 80)
    assert "silent · 12 min ago" in row


async def test_a_line_that_said_nothing_yet_has_no_age() -> None:
    row = await link_row(Link(state=LinkState.NO_PORT, source="auto"), 80)
    assert "ago" not in row
    assert "no port · 0 frames" in row


async def test_states_are_told_apart_without_colour() -> None:
    signs = set()
    for state in (LinkState.LIVE, LinkState.STALE, LinkState.UNPLUGGED):
        for ascii_only in (False, True):
            signs.add((await link_row(replace(LIVE, state=state), 80, ascii_only=ascii_only)).split()[0])
    assert len(signs) == 6


async def top_row(width: int, **state: object) -> str:
    bar = TopBar()
    bar.styles.height = 1
    async with Alone(bar).run_test(size=(width, 3)) as pilot:
        for name, value in state.items():
            setattr(bar, name, value)
        await pilot.pause()
        return rows(bar)[0]


READING = Reading(at=NOW, mode=Mode.HISTORIC, contract=Contract.HPHC, subscribed=9.0, phases=1)


async def test_the_first_row_tells_whose_meter_it_is() -> None:
    row = await top_row(80, reading=READING, clock="18:42", tag="simulated", frozen=True)
    assert re.fullmatch(r" linkytui  Peak / off-peak · 9 kVA · single-phase +FROZEN   simulated  18:42", row), row


@pytest.mark.parametrize("width", [46, 80, 120, 200])
async def test_a_demonstration_says_its_date(width: int) -> None:
    row = await top_row(width, reading=READING, clock="18:42", tag="simulated", day=date(2025, 11, 24))
    assert row.endswith("simulated 24 Nov 2025  18:42"), row
    assert "HP/HC" in row or "Peak" in row


@pytest.mark.parametrize("spoken", LANGUAGES)
async def test_on_a_phone_the_contract_matters_most(spoken: Language) -> None:
    use_language(spoken)
    row = await top_row(46, reading=READING, clock="18:42")
    assert "…" not in row
    assert "18:42" in row


async def test_on_a_phone_the_contract_is_said_in_short_beside_what_must_be_known() -> None:
    row = await top_row(46, reading=READING, clock="18:42", tag="simulated", frozen=True)
    assert row.split() == ["linkytui", short_contract_name(Contract.HPHC), "FROZEN", "simulated", "18:42"]


async def test_before_the_first_frame_there_is_the_brand_only() -> None:
    assert (await top_row(46)).split() == ["linkytui"]


# The banner ----------------------------------------------------------------------------------------------------------


async def banner(link: Link, reading: Reading | None = None, now: float = NOW) -> tuple[bool, set[str], str]:
    """Whether it is seen, its kind, its text."""
    shown = Banner()
    async with Alone(shown).run_test(size=(80, 10)) as pilot:
        shown.now, shown.reading, shown.link = now, reading, link
        await pilot.pause()
        return bool(shown.display), {name for name in shown.classes if name.startswith("-")}, str(shown.content)


async def test_while_all_is_well_there_is_no_banner() -> None:
    seen, kinds, _text = await banner(LIVE, READING)
    assert not seen
    assert kinds == set()


@pytest.mark.parametrize("state", [state for state in LinkState if state is not LinkState.LIVE])
async def test_every_other_state_comes_with_its_remedy(state: LinkState) -> None:
    seen, kinds, text = await banner(Link(state=state, source="/dev/ttyUSB0", detail="Stop linkypy first."))
    assert seen
    assert kinds == ({"-note"} if state in (LinkState.WAITING, LinkState.ENDED) else {"-down"})
    title, remedy = text.split("\n")
    assert title
    assert len(remedy) > 10


async def test_too_much_power_is_told_with_its_figures() -> None:
    over = replace(READING, over_subscription=True, power=9870)
    seen, kinds, text = await banner(LIVE, over)
    assert seen
    assert kinds == {"-alarm"}
    assert "9,870 VA of 9,000 VA" in text


async def test_too_much_on_one_phase_names_the_phase() -> None:
    _seen, kinds, text = await banner(LIVE, replace(READING, over_subscription=True, over_phases=(1, 3)))
    assert kinds == {"-alarm"}
    assert "Phase 1, 3" in text


async def test_a_line_that_is_down_matters_more_than_old_alarms() -> None:
    link = replace(LIVE, state=LinkState.UNPLUGGED)
    _seen, kinds, _text = await banner(link, replace(READING, over_subscription=True))
    assert kinds == {"-down"}


async def test_a_change_of_mode_is_told_for_a_while() -> None:
    link = replace(LIVE, mode=Mode.STANDARD, mode_changed_at=NOW)
    seen, kinds, text = await banner(link, READING, NOW + MODE_CHANGE_SHOWN - 1)
    assert (seen, kinds) == (True, {"-note"})
    assert "standard mode" in text
    seen, _kinds, _text = await banner(link, READING, NOW + MODE_CHANGE_SHOWN)
    assert not seen


async def test_a_history_that_cannot_be_kept_is_told_until_it_is_well_again() -> None:
    shown = Banner()
    async with Alone(shown).run_test(size=(80, 10)) as pilot:
        shown.link = LIVE
        shown.trouble = "The disk is full: make room"
        await pilot.pause()
        assert shown.display
        assert "The disk is full: make room" in str(shown.content)
        shown.trouble = ""
        await pilot.pause()
        assert not shown.display


# The keys -------------------------------------------------------------------------------------------------------------


async def keys(line: KeyLine, width: int) -> str:
    async with Alone(line).run_test(size=(width, 3)) as pilot:
        await pilot.pause()
        return str(line.content)


@pytest.mark.parametrize("width", [20, 46, 80, 200])
async def test_keys_are_shown_as_far_as_they_fit(width: int) -> None:
    text = await keys(KeyLine(), width)
    assert len(text) <= width
    assert text.startswith(" q Quit ")


async def test_a_key_that_means_something_else_here_is_shown_once() -> None:
    text = await keys(KeyLine("history"), 300)
    assert " m Mark " in text
    assert " Meter " not in text
    assert " History " not in text
    for place in get_args(Place):
        mine = {key for command in COMMANDS if command.place == place for key in command.key.split(",")}
        text = await keys(KeyLine(place), 400)
        for command in COMMANDS:
            if command.place == "everywhere" != place and mine & set(command.key.split(",")):
                assert f" {command.label} {command.title} " not in text


async def test_keys_are_written_in_ascii_where_that_is_all_there_is() -> None:
    line = KeyLine("history")
    use_glyphs(ASCII)
    text = await keys(line, 300)
    assert text.isascii()
    assert "<- Back" in text
