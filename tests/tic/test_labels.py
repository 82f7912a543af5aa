"""The table of labels: the specification's own, and what each label may hold."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkytui.tic import (
    LABELS,
    FrameReader,
    Group,
    Kind,
    Label,
    Mode,
    Rejected,
    encode_frame,
    encode_group,
    parse_group,
)
from linkytui.tic.labels import EARLIER_NAMES, KNOWN_LABELS
from tests.tic import naive

EVERY = [(mode, label) for mode in Mode for label in LABELS[mode].values()]
KINDS = {
    "id": {Kind.IDENTIFIER},
    "int": {Kind.INTEGER},
    "index": {Kind.INDEX},
    "enum": {Kind.CODE},
    "text": {Kind.TEXT, Kind.IDENTIFIER, Kind.DATE},  # VTIC is two digits; DPMn and FPMn hold a date
    "bitfield": {Kind.BITS},
    "register": {Kind.BITS},
    "profile": {Kind.PROFILE},
    "datetime": {Kind.DATE},
}


def name_of(case: object) -> str:
    return case.name if isinstance(case, Label) else str(case)


def test_the_labels_are_those_of_the_specification_in_its_order(specification: Path) -> None:
    rows = naive.table(specification / "labels.csv")
    for mode in Mode:
        assert list(LABELS[mode]) == [name for row_mode, name in rows if row_mode == mode]


def test_widths_units_kinds_and_presence_are_those_of_the_specification(specification: Path) -> None:
    for (mode, name), row in naive.table(specification / "labels.csv").items():
        label = LABELS[Mode(mode)][name]
        assert label.width == row.width, name
        assert label.unit == ("VA" if name == "PMAX" else row.unit), name  # its text says apparent power
        assert label.kind in KINDS[row.kind], name
        assert label.horodated is row.horodated, name
        assert label.three_phase is (row.phases == "tri"), name
        assert label.producer is row.producer, name


def test_the_modes_have_as_many_labels_as_the_specification() -> None:
    assert [len(LABELS[mode]) for mode in Mode] == [34, 71]
    standard = LABELS[Mode.STANDARD].values()
    assert sum(label.horodated for label in standard) == 24
    assert sum(label.three_phase for label in standard) == 15
    assert sum(label.producer for label in standard) == 10


def test_every_label_has_a_meaning_in_both_languages_and_a_section() -> None:
    for _, label in EVERY:
        assert label.meaning_en
        assert label.meaning_fr
        assert label.section
    for mode in Mode:
        for language in ("meaning_en", "meaning_fr"):
            meanings = [getattr(label, language) for label in LABELS[mode].values()]
            assert len(set(meanings)) == len(meanings)


DIGITS = st.text("0123456789")
SAMPLES = {
    "OPTARIF": st.sampled_from(["BASE", "HC..", "EJP.", "BBR(", "BBR?", "BBR2"]),
    "PTEC": st.sampled_from(["TH..", "HC..", "HP..", "HN..", "PM..", "HCJB", "HPJB", "HCJW", "HPJW", "HCJR", "HPJR"]),
    "DEMAIN": st.sampled_from(["----", "BLEU", "BLAN", "ROUG"]),
    "HHPHC": st.sampled_from("ACDEHYX9"),
    "MOTDETAT": st.sampled_from(["000000", "400000", "00000B"]),
    "PPOT": st.sampled_from(["00", "02", "04", "06", "08", "0A", "0C", "0E"]),
    "STGE": st.integers(0, 0xFFFFFFFF).map("{:08X}".format),
    "RELAIS": st.integers(0, 255).map("{:03}".format),
    "NTARF": st.integers(1, 10).map("{:02}".format),
}
BLOCK = st.just("NONUTILE") | st.tuples(st.integers(0, 23), st.integers(0, 59), st.integers(0, 0xFFFF)).map(
    lambda block: f"{block[0]:02}{block[1]:02}{block[2]:04X}"
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31))  # noqa: DTZ001 -- as written, without a zone
HORODATES = st.builds("{}{:%y%m%d%H%M%S}".format, st.sampled_from("EHeh "), MOMENTS)


def data_of(label: Label) -> st.SearchStrategy[str]:
    """Data that the label may have."""
    if label.name in SAMPLES:
        return SAMPLES[label.name]
    if label.kind in (Kind.IDENTIFIER, Kind.INDEX, Kind.INTEGER):
        return st.text("0123456789", min_size=label.width, max_size=label.width)
    if label.kind is Kind.PROFILE:
        return st.lists(BLOCK, min_size=11, max_size=11).map(" ".join)
    printable = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
    return st.text(printable, min_size=label.width, max_size=label.width)


@pytest.mark.parametrize(("mode", "label"), EVERY, ids=name_of)
@given(st.data())
@settings(max_examples=25)
def test_what_is_encoded_comes_back(mode: Mode, label: Label, data: st.DataObject) -> None:
    horodate = data.draw(HORODATES) if label.horodated else None
    group = Group(label.name, data.draw(data_of(label)), horodate)
    assert parse_group(encode_group(group, mode)[1:-1]) == group
    (frame,) = FrameReader().feed(encode_frame((group,), mode))
    assert frame.groups == (group,)


@pytest.mark.parametrize(("mode", "label"), EVERY, ids=name_of)
def test_another_width_or_a_horodate_too_many_is_refused(mode: Mode, label: Label) -> None:
    date = "E260714074553"
    data = {"OPTARIF": "BASE", "PTEC": "TH..", "DEMAIN": "BLEU", "PPOT": "00", "NTARF": "01"}.get(label.name)
    if data is None:
        data = " ".join(["NONUTILE"] * 11) if label.kind is Kind.PROFILE else "0" * label.width
    assert label.accepts(data, date if label.horodated else None)
    assert not label.accepts(data, None if label.horodated else date)
    assert not label.accepts(data + "0", date if label.horodated else None)
    if data:
        assert not label.accepts(data[:-1], date if label.horodated else None)


@pytest.mark.parametrize(
    ("mode", "name", "data"),
    [
        (Mode.HISTORIC, "OPTARIF", "EJP "),
        (Mode.HISTORIC, "PTEC", "HCHC"),
        (Mode.HISTORIC, "DEMAIN", "ROSE"),
        (Mode.HISTORIC, "PPOT", "01"),
        (Mode.HISTORIC, "PPOT", "10"),
        (Mode.HISTORIC, "HHPHC", "a"),
        (Mode.HISTORIC, "IINST", "-02"),
        (Mode.HISTORIC, "IINST", "٠٠٩"),  # digits, but not those of ASCII
        (Mode.STANDARD, "STGE", "003a0401"),
        (Mode.STANDARD, "RELAIS", "256"),
        (Mode.STANDARD, "NTARF", "00"),
        (Mode.STANDARD, "NTARF", "11"),
        (Mode.STANDARD, "PJOURF+1", "NONUTILE " * 10 + "NONUTILF"),
    ],
)
def test_what_a_label_cannot_say_is_refused(mode: Mode, name: str, data: str) -> None:
    assert not LABELS[mode][name].fits(data)


def test_labels_longer_than_the_document_allows_are_read() -> None:
    group = Group("SMAXSN1-1", "06789", "H081225223518")
    assert parse_group(b"SMAXSN1-1\tH081225223518\t06789\t!") == group


def test_earlier_names_are_known_and_mean_what_those_of_today_mean() -> None:
    standard = LABELS[Mode.STANDARD]
    for name, today in EARLIER_NAMES.items():
        known = KNOWN_LABELS[Mode.STANDARD][name]
        assert name not in standard
        assert known._replace(name=today, three_phase=standard[today].three_phase) == standard[today]
    assert isinstance(parse_group(encode_group(Group("SINST1", "00780"), Mode.STANDARD)[1:-1]), Group)
    assert isinstance(parse_group(encode_group(Group("SINST1", "780"), Mode.STANDARD)[1:-1]), Rejected)


def test_earlier_names_of_second_and_third_phases_are_of_three_phase_meters_only() -> None:
    labels = KNOWN_LABELS[Mode.STANDARD]
    assert {name: labels[name].three_phase for name in ("SINST1", "SINST2", "SINST3", "SMAXN")} == {
        "SINST1": False,
        "SINST2": True,
        "SINST3": True,
        "SMAXN": False,
    }


def test_a_frame_of_which_nothing_is_left_is_of_the_mode_that_the_meter_speaks() -> None:
    reader = FrameReader()
    (good,) = reader.feed(encode_frame([Group("ADSC", "012345678901"), Group("SINSTS", "00460")], Mode.STANDARD))
    assert good.mode is Mode.STANDARD
    (lost,) = reader.feed(b"\x02\nPAPP 0046X !\r\nISOUSC 4X !\r\x03")
    assert lost.groups == ()
    assert lost.mode is Mode.STANDARD
