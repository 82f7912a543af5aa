"""Single groups: the examples of the specification, the way there and the way back."""

import pytest

from linkytui.tic import Group, Mode, Rejected, checksum, encode_frame, encode_group, parse_group

EXAMPLES = [
    (Mode.STANDARD, Group("DATE", "", "E090714074553"), b"\nDATE\tE090714074553\t\tK\r"),
    (Mode.STANDARD, Group("DATE", "", "H081225223518"), b"\nDATE\tH081225223518\t\tH\r"),
    (Mode.STANDARD, Group("RELAIS", "140"), b"\nRELAIS\t140\tG\r"),
    (Mode.STANDARD, Group("RELAIS", "001"), b"\nRELAIS\t001\tC\r"),
    (Mode.STANDARD, Group("VTIC", "02"), b"\nVTIC\t02\tJ\r"),
    (Mode.STANDARD, Group("NTARF", "03"), b"\nNTARF\t03\tP\r"),
    (Mode.STANDARD, Group("LTARF", "    HC  BLEU    "), b"\nLTARF\t    HC  BLEU    \t^\r"),
    (Mode.HISTORIC, Group("PEJP", "30"), b"\nPEJP 30 R\r"),
    (Mode.HISTORIC, Group("HHPHC", "A"), b"\nHHPHC A ,\r"),
    (Mode.HISTORIC, Group("MOTDETAT", "000000"), b"\nMOTDETAT 000000 B\r"),
    (Mode.HISTORIC, Group("IMAX", "090"), b"\nIMAX 090 H\r"),
    (Mode.HISTORIC, Group("IMAX1", "060"), b"\nIMAX1 060 6\r"),
    (Mode.HISTORIC, Group("PTEC", "TH.."), b"\nPTEC TH.. $\r"),
    (Mode.HISTORIC, Group("OPTARIF", "BASE"), b"\nOPTARIF BASE 0\r"),
    (Mode.HISTORIC, Group("DEMAIN", "----"), b'\nDEMAIN ---- "\r'),
    (Mode.HISTORIC, Group("PPOT", "0A"), b"\nPPOT 0A 4\r"),
    (Mode.HISTORIC, Group("ADCO", "012361456789"), b"\nADCO 012361456789 K\r"),
]


@pytest.mark.parametrize(("mode", "group", "stream"), EXAMPLES)
def test_the_examples_are_read_and_written(mode: Mode, group: Group, stream: bytes) -> None:
    assert parse_group(stream[1:-1]) == group
    assert encode_group(group, mode) == stream


def test_a_checksum_is_one_of_64_printable_characters() -> None:
    assert {checksum(bytes([code])) for code in range(128)} == set(range(0x20, 0x60))
    assert checksum(b"") == 0x20


def test_a_frame_stands_between_its_marks() -> None:
    assert encode_frame((Group("IMAX", "090"), Group("PEJP", "30")), Mode.HISTORIC) == (
        b"\x02\nIMAX 090 H\r\nPEJP 30 R\r\x03"
    )


@pytest.mark.parametrize(
    "piece",
    [
        b"",
        b"A",
        b"A B",
        b"ADCO",
        b"ADCO0123",
        b"ADCO 0123",
        b" 0123 x",
        b"A\t\t\t\tB",
        b"\x01A 1 x",
        b"A" * 300 + b" 1 x",
    ],
)
def test_what_has_no_fields_is_refused_for_its_structure(piece: bytes) -> None:
    item = parse_group(piece)
    assert isinstance(item, Rejected)
    assert item.reason == "structure"
    assert len(item.raw) <= 256


def test_bytes_outside_ascii_are_refused_and_shown_as_latin_1() -> None:
    item = parse_group(b"PAPP 0\xe9690 0")
    assert item == Rejected("PAPP 0é690 0", "structure", "PAPP")


def test_a_label_that_is_no_word_is_refused_though_its_checksum_is_right() -> None:
    for label in ("}PR", "9AB", "A", "A" * 17, "A.B"):
        piece = encode_group(Group(label, "020"), Mode.HISTORIC)[1:-1]
        item = parse_group(piece)
        assert isinstance(item, Rejected)
        assert item.reason == "structure"


def test_a_historic_group_carries_no_horodate() -> None:
    with pytest.raises(ValueError, match="no horodates"):
        encode_group(Group("PAPP", "00690", "E090714074553"), Mode.HISTORIC)


@pytest.mark.parametrize("mode", list(Mode))
def test_only_ascii_can_be_encoded(mode: Mode) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        encode_group(Group("NGTF", "ÉTÉ"), mode)
