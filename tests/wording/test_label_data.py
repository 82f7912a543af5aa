"""Every label's data in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkytui.i18n import LANGUAGES, NO_BREAK_SPACE, Language, use_language
from linkytui.tic import LABELS, Group, Kind, Label, Mode
from linkytui.wording.label_data import explain, meaning

EVERY = [pytest.param(mode, label, id=f"{mode}-{label.name}") for mode in Mode for label in LABELS[mode].values()]
HORODATES = ("H251124184200", "E260701060000", "h251124184200", " 000000000000", "H000000000000")
PATTERNS = {
    "OPTARIF": r"BASE|HC\.\.|EJP\.|BBR[ -~]",
    "PTEC": r"TH\.\.|HC\.\.|HP\.\.|HN\.\.|PM\.\.|H[CP]J[BWR]",
    "DEMAIN": r"----|BLEU|BLAN|ROUG",
    "PPOT": r"0[02468ACE]",
    "MOTDETAT": r"[0-9A-F]{6}",
    "HHPHC": r"[A-Z0-9]",
    "STGE": r"[0-9A-F]{8}",
    "RELAIS": r"[01][0-9]{2}|2[0-4][0-9]|25[0-5]",
    "NTARF": r"0[1-9]|10",
}
BLOCKS = r"([0-9A-F]{8}|NONUTILE)( ([0-9A-F]{8}|NONUTILE)){10}"


def data_of(label: Label) -> st.SearchStrategy[str]:
    """Data that can be this label's."""
    if label.name in PATTERNS:
        pattern = PATTERNS[label.name]
    elif label.kind in (Kind.IDENTIFIER, Kind.INDEX, Kind.INTEGER):
        pattern = rf"[0-9]{{{label.width}}}"
    elif label.kind is Kind.PROFILE:
        pattern = BLOCKS
    else:
        pattern = rf"[ -~]{{{label.width}}}"
    return st.from_regex(pattern, fullmatch=True).filter(label.fits)


@settings(max_examples=30, deadline=None)
@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize(("mode", "label"), EVERY)
@given(data=st.data())
def test_every_label_is_explained_whatever_it_says(
    mode: Mode, label: Label, spoken: Language, data: st.DataObject
) -> None:
    use_language(spoken)
    horodate = data.draw(st.sampled_from(HORODATES)) if label.horodated else None
    group = Group(label.name, data.draw(data_of(label)), horodate)
    text = explain(group, mode, data.draw(st.sampled_from((None, "032461456789", "812461456789"))))
    assert text or not group.data.strip()
    assert "\n" not in text
    assert meaning(label.name, mode)


def english(label: str, data: str, mode: Mode = Mode.STANDARD, horodate: str | None = None) -> str:
    return explain(Group(label, data, horodate), mode)


def french(label: str, data: str, mode: Mode = Mode.STANDARD, horodate: str | None = None) -> str:
    use_language("fr")
    return explain(Group(label, data, horodate), mode)


def test_an_index_reads_in_kilowatt_hours() -> None:
    assert english("EAST", "020834707") == "20,834.707 kWh"
    assert english("ERQ1", "000001500") == "1.500 kVArh"
    assert french("EAST", "020834707") == f"20{NO_BREAK_SPACE}834,707 kWh"


def test_numbers_carry_their_unit() -> None:
    assert english("PAPP", "04230", Mode.HISTORIC) == "4,230 VA"
    assert english("URMS1", "236") == "236 V"
    assert english("PREF", "09") == "9 kVA"
    assert english("CCASN", "01234", horodate="H251124184000").startswith("1,234 W at ")


def test_in_brief_a_moment_is_a_day_and_a_minute() -> None:
    power = Group("SMAXSN", "12345", "H251117081502")
    assert explain(power, Mode.STANDARD, brief=True) == "12,345 VA, 17 Nov 08:15"
    clock = Group("DATE", "", "h251124184200")
    assert explain(clock, Mode.STANDARD, brief=True) == "2025-11-24 18:42:00"
    never = Group("SMAXSN", "00000", "H000000000000")
    assert explain(never, Mode.STANDARD, brief=True) == explain(never, Mode.STANDARD)
    use_language("fr")
    assert explain(power, Mode.STANDARD, brief=True) == f"12{NO_BREAK_SPACE}345 VA, 17 nov. 08:15"


def test_a_maximum_tells_when_it_was() -> None:
    assert english("SMAXSN", "05120", horodate="H251124081502") == "5,120 VA at 2025-11-24 08:15:02, winter time"
    text = french("SMAXSN", "05120", horodate="E250704081502")
    assert text == f"5{NO_BREAK_SPACE}120 VA le 04/07/2025 08:15:02, heure d'été"


def test_a_clock_that_is_not_to_be_trusted_is_told() -> None:
    assert english("DATE", "", horodate="h251124184200") == "2025-11-24 18:42:00, winter time, clock not to be trusted"
    assert english("DPM1", "00", horodate=" 000000000000") == "clock never set"


def test_the_status_register_in_words() -> None:
    assert english("STGE", "003A0001") == "consumer, drawing, register 1, breaker closed, dry contact open"
    text = english("STGE", "003A0384")
    assert text == "producer, injecting, over the subscribed power, register 1, breaker open: overvoltage, " + (
        "dry contact closed"
    )
    text = english("STGE", "6E3B0450")
    for words in (
        "register 2",
        "terminal cover open",
        "overvoltage",
        "clock not to be trusted",
        "today white",
        "tomorrow red",
        "peak 2 announced",
        "peak 1 running",
    ):
        assert words in text.split(", ")


def test_the_status_register_in_french() -> None:
    text = french("STGE", "6E3B0450")
    assert "aujourd'hui blanc" in text
    assert "demain rouge" in text


def test_relays_are_told_by_number() -> None:
    assert english("RELAIS", "000") == "all open"
    assert english("RELAIS", "001") == "closed: 1"
    assert english("RELAIS", "130") == "closed: 2, 8"
    assert "2, 8" in french("RELAIS", "130")


def test_missing_phases_are_told_by_number() -> None:
    assert english("PPOT", "00", Mode.HISTORIC) == "all phases present"
    assert english("PPOT", "0A", Mode.HISTORIC) == "no voltage on phase 1, 3"


def test_the_timetable_of_tomorrow_in_words() -> None:
    blocks = ["00004001", "06308002", "2230C001", *["NONUTILE"] * 8]
    text = english("PJOURF+1", " ".join(blocks))
    assert text.startswith("00:00 register 1, 06:30 register 2 contact open, 22:30 register 1 contact closed")
    assert english("PPOINTE", " ".join(["NONUTILE"] * 11)) == "not set"
    assert "06:30" in french("PJOURF+1", " ".join(blocks))


def test_hours_of_which_one_cannot_be_sure_are_called_a_guess() -> None:
    assert "hours read as a guess" in english(
        "PJOURF+1", " ".join(["00008001", "0600C002", "10000001", *["NONUTILE"] * 8])
    )


def test_hours_that_cannot_be_read_stay_as_they_came() -> None:
    text = " ".join(["FFFF0001", *["NONUTILE"] * 10])
    assert english("PJOURF+1", text) == text


def test_words_of_historic_mode() -> None:
    historic = Mode.HISTORIC
    assert english("PTEC", "TH..", historic) == "All hours"
    assert english("PTEC", "HPJR", historic) == "Red peak"
    assert english("DEMAIN", "----", historic) == "not known yet"
    assert english("OPTARIF", "BBR(", historic) == "Tempo, load programme ("
    assert english("NTARF", "02") == "register 2"
    assert french("PTEC", "HPJR", historic) == "HP rouge"


def test_padding_of_texts_goes() -> None:
    assert english("MSG1", "PAS DE          MESSAGE         ") == "PAS DE MESSAGE"


def test_labels_that_nobody_specified_stay_as_they_came() -> None:
    assert english("NEWTHING", "0 1") == "0 1"
    assert meaning("NEWTHING", Mode.STANDARD) == ""


def test_meanings_are_in_the_language_spoken() -> None:
    assert meaning("PAPP", Mode.HISTORIC) == "Apparent power"
    use_language("fr")
    assert meaning("PAPP", Mode.HISTORIC) == "Puissance apparente"
