"""What things are called, and how numbers are written, in both languages."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.i18n import LANGUAGES, Language, number, use_language
from linkytui.link import Link, LinkState
from linkytui.reading import REGISTERS, Contract, Reading
from linkytui.tic import Colour, Mode
from linkytui.wording.terms import (
    colour_name,
    contract_name,
    duration,
    kwh,
    meter_words,
    mode_name,
    percent,
    period_name,
    register_name,
    state_advice,
    state_name,
)


def test_french_numbers_have_a_comma_and_spaces_that_do_not_break() -> None:
    use_language("fr")
    assert number(1234.5, 1) == "1\u00a0234,5"
    assert number(12_345_678) == "12\u00a0345\u00a0678"
    assert kwh(8_534_695) == "8\u00a0534,695"
    assert percent(0.9876, 1) == "98,8 %"


def test_english_numbers_have_a_point_and_commas() -> None:
    assert number(1234.5, 1) == "1,234.5"
    assert kwh(8_534_695) == "8,534.695"


@given(st.integers(-(10**12), 10**12), st.integers(0, 4), st.sampled_from(LANGUAGES))
def test_a_number_can_be_read_back(value: int, decimals: int, spoken: Language) -> None:
    use_language(spoken)
    text = number(value / 100, decimals)
    plain = text.replace("\u00a0", "").replace(",", ".") if spoken == "fr" else text.replace(",", "")
    assert float(plain) == pytest.approx(value / 100, abs=0.51 * 10**-decimals)


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (-3, "0 s", "0 s"),
        (0.9, "0 s", "0 s"),
        (59.9, "59 s", "59 s"),
        (60, "1 min", "1 min"),
        (3599, "59 min", "59 min"),
        (7200, "2 h", "2 h"),
        (86_400, "1 d", "1 j"),
        (86_400 * 1500, "1,500 d", "1\u00a0500 j"),
    ],
)
def test_a_duration_has_one_unit(seconds: float, english: str, french: str) -> None:
    assert duration(seconds) == english
    use_language("fr")
    assert duration(seconds) == french


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_register_contract_mode_and_colour_has_a_name(spoken: Language) -> None:
    use_language(spoken)
    for contract, registers in REGISTERS.items():
        assert contract_name(contract)
        names = [register_name(name) for name in registers]
        assert len(set(names)) == len(names)
        if contract is not Contract.OTHER:
            assert not set(names) & set(registers)
    assert contract_name(None) == ""
    assert len({colour_name(colour) for colour in (*Colour, None)}) == 4
    assert len({mode_name(mode) for mode in Mode}) == 2


def test_french_calls_periods_as_a_bill_does() -> None:
    use_language("fr")
    assert register_name("HC") == "Heures creuses"
    assert register_name("HP") == "Heures pleines"
    assert contract_name(Contract.HPHC).lower() == "heures pleines / creuses"


def test_a_period_of_an_unknown_offer_is_called_as_the_supplier_does() -> None:
    text = "HEURE SOLEIL"
    reading = Reading(at=0.0, mode=Mode.STANDARD, contract=Contract.OTHER, period="EASF03", period_text=text)
    assert period_name(reading) == "Heure soleil"
    assert register_name("EASF03") == "Register 3"
    assert register_name("EASF03", {"EASF03": "Solar hours"}) == "Solar hours"
    assert period_name(reading, {"EASF03": "Solar hours"}) == "Solar hours"
    assert period_name(replace(reading, period_text="INDEX INACTIF 3")) == "Register 3"
    assert period_name(Reading(at=0.0, mode=Mode.STANDARD)) == ""


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("HEURE  CREUSE ", "heure creuse"),
        ("HP SEMAINE", "HP semaine"),
        ("HC/HP WEEK-END", "HC/HP week-end"),
        ("WE ET JF", "WE et JF"),
        ("HPH", "HPH"),
        ("INDEX INACTIF", ""),
        ("INUTILISE", ""),
        ("", ""),
    ],
)
def test_a_meters_capitals_become_words_and_its_short_forms_stay(sent: str, words: str) -> None:
    assert meter_words(sent) == words


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("state", LinkState)
def test_every_state_of_the_line_has_a_name_and_a_remedy(state: LinkState, spoken: Language) -> None:
    use_language(spoken)
    link = Link(state=state, source="/dev/ttyUSB0", baudrate=1200, detail="It is held by linkypy: stop it first.")
    assert state_name(link)
    title, text = state_advice(link)
    assert bool(title) == bool(text) == (state is not LinkState.LIVE)


def test_states_are_told_apart() -> None:
    assert len({state_name(Link(state=state)) for state in LinkState}) == len(LinkState)


@pytest.mark.parametrize("state", [state for state in LinkState if state is not LinkState.LIVE])
def test_a_state_is_told_in_french_where_one_speaks_french(state: LinkState) -> None:
    link = Link(state=state, source="/dev/ttyUSB0")
    english = (state_name(link), *state_advice(link))
    use_language("fr")
    french = (state_name(link), *state_advice(link))
    assert all(was != now for was, now in zip(english, french, strict=True) if was)
