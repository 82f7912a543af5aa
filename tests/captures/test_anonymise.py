"""Pseudonyms: what changes, what stays, and that nothing leaks, whatever the chunks and the damage."""

import re
from itertools import cycle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.captures.anonymise import Anonymiser
from linkytui.tic import Frame, FrameReader, Group, Mode, encode_frame, encode_group, parse_group
from tests.tic.frames_by_hand import HISTORIC, STANDARD, historic, standard

NUMBER = "012361456789"
POINT = "01234567890123"
WITH_POINT = (*STANDARD[:-2], Group("PRM", POINT), *STANDARD[-2:])


def counted() -> Anonymiser:
    """An anonymiser whose pseudonyms are known: 9876..."""
    digits = cycle("9876")
    return Anonymiser(lambda count: "".join(next(digits) for _ in range(count)))


def anonymised(stream: bytes, size: int = 4096, anonymiser: Anonymiser | None = None) -> bytes:
    anonymiser = anonymiser or counted()
    parts = [anonymiser.feed(stream[start : start + size]) for start in range(0, len(stream), size)]
    return b"".join(parts) + anonymiser.close()


def read(stream: bytes) -> list[Frame]:
    reader = FrameReader()
    frames = reader.feed(stream)
    last = reader.close()
    return frames if last is None else [*frames, last]


@pytest.mark.parametrize("size", [1, 2, 13, 4096])
def test_numbers_change_their_checksums_follow_and_all_else_stays(size: int) -> None:
    (frame,) = read(anonymised(historic(), size))
    assert frame.groups == (Group("ADCO", "012361987698"), *HISTORIC[1:])
    (frame,) = read(anonymised(standard(*WITH_POINT), size))
    changed = {"ADSC": "012361987698", "PRM": "76987698769876"}
    assert frame.groups == tuple(group._replace(data=changed.get(group.label, group.data)) for group in WITH_POINT)
    assert not frame.rejected


def test_a_number_keeps_its_pseudonym_in_both_modes() -> None:
    stream = historic() * 2 + standard() + historic(HISTORIC[0]._replace(data="012361000000"), *HISTORIC[1:])
    numbers = [frame.groups[0].data for frame in read(anonymised(stream))]
    assert numbers[0] == numbers[1] == numbers[2] == "012361987698"
    assert numbers[3] == "012361769876"


def test_pseudonyms_cannot_be_foreseen() -> None:
    streams = {anonymised(historic(), anonymiser=Anonymiser()) for _ in range(5)}
    assert len(streams) > 1
    assert historic() not in streams


def test_the_rest_of_a_stream_passes_byte_for_byte() -> None:
    every_other_byte = bytes(code for code in range(256) if not chr(code & 0x7F).isdigit())
    noise = b"\x00\xff garbage 12345 \x82\x8a\x1a\x02:\x0b" + every_other_byte + b"\t\t 3 \r"
    bare = historic(*HISTORIC[1:]).replace(b"HCHP 008300012 !", b"HCHP 00830001~ !")
    assert anonymised(noise + bare) == noise + bare


@pytest.mark.parametrize(
    "damaged",
    [
        b"ADCO 012361456789 X",  # its checksum
        b"ADCO 0123614567q9 K",
        b"ADCO 01236145678 K",
        b"ADCO 0123614567890 K",
        b"ADCO 012361456789",
        b"ADCO  012361456789 K",
        b"ADCO`012361456789 K",
        b"@DCO 012361456789 K",
        b"A@CO 012361456 K",
        b"ADCG 012361456789 K",
        b"xxDCO 012361456789 K",
        b"ADSC\t012361456789\tX",
        b"ADSC\t0123614q6789\tA",
        b"ADS#\t012361456789\tA",
        b"PRM\t01234567890123\tX",
        b"PRM\t012345678901\t4",
        b"P2M\t01234567890123\t4",
        b"MOTDETAT 08pp|`c~PDCO 012361456789 L",
        b"AD\x00CO 0123\x00614567\x0089 K",
        b"~`x 012361456789 x~",
        b"012361456789",
    ],
)
def test_a_damaged_number_leaks_nothing_and_stays_damaged(damaged: bytes) -> None:
    after = anonymised(b"\n" + damaged + b"\r")[1:-1]
    assert len(after) == len(damaged)
    assert not isinstance(parse_group(after), Group)
    assert b"456789" not in after
    assert b"890123" not in after
    digits, before = (re.sub(rb"\D", b"", text) for text in (after, damaged))
    assert digits != before
    assert re.sub(rb"\d", b"", after[:-1]) == re.sub(rb"\d", b"", damaged[:-1])


def test_a_fragment_of_a_number_that_is_known_goes_as_well() -> None:
    stream = historic() + b"\x02\n~|x614567 `p\r\nADXX 56789 1\r\nHCHP 00830q012 !\r\x03"
    after = anonymised(stream)
    assert b"614567" not in after
    assert b"56789" not in after
    assert b"HCHP 00830q012 !" in after


def test_damaged_registers_and_dates_stay_as_they_are() -> None:
    pieces = (b"HCHP 008300012 X", b"SMAXSN\tE260714061502\t05120\tX", b"DPM1\t 261202060000\t00\tX", b"PREF\t09\tX")
    for piece in pieces:
        assert anonymised(b"\n" + piece + b"\r")[1:-1] == piece


def test_a_right_group_of_unknown_label_that_holds_a_number_loses_it_and_stays_right() -> None:
    piece = encode_group(Group("SERIAL", NUMBER), Mode.HISTORIC)
    after = anonymised(historic() + b"\x02" + piece + b"\x03")
    assert NUMBER.encode() not in after
    assert read(after)[1].groups == (Group("SERIAL", "012361987698"),)


def with_even_parity(stream: bytes) -> bytes:
    return bytes(byte | 0x80 if byte.bit_count() % 2 else byte for byte in stream)


@pytest.mark.parametrize("size", [1, 4096])
def test_parity_bits_are_made_anew(size: int) -> None:
    assert anonymised(with_even_parity(historic()), size) == with_even_parity(anonymised(historic(), size))


def test_what_never_ends_is_passed_on_without_its_digits() -> None:
    anonymiser = counted()
    after = b"".join(anonymiser.feed(b"A 012361456789 " * 10) for _ in range(50)) + anonymiser.close()
    assert len(after) == 15 * 10 * 50
    assert b"456789" not in after
    for shift in range(30):
        stream = b"~" * (2040 + shift) + NUMBER.encode() + b" K\r" + historic(*HISTORIC[1:])
        after = anonymised(stream, 7)
        assert b"456789" not in after
        assert after.endswith(historic(*HISTORIC[1:]))


@given(st.lists(st.binary(max_size=30) | st.sampled_from([historic(), standard(*WITH_POINT)]), max_size=8), st.data())
def test_any_stream_keeps_its_length_and_its_chunks_do_not_matter(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    size = data.draw(st.integers(1, 400))
    after = anonymised(stream)
    assert len(after) == len(stream)
    assert anonymised(stream, size) == after
    assert NUMBER.encode() not in after
    assert POINT.encode() not in after
    different = [(old, new) for old, new in zip(stream, after, strict=True) if old != new]
    assert len(different) <= len(re.findall(rb"\d", stream)) + stream.count(b"\r") + len(parts) + 1


def test_a_capture_loses_its_numbers_and_nothing_else(captures: Path) -> None:
    for path in captures.glob("*.tic"):
        stream = path.read_bytes()
        after = anonymised(stream, 50, Anonymiser())
        before_frames, after_frames = read(stream), read(after)
        numbers = ("ADCO", "ADSC", "PRM")
        for before, now in zip(before_frames, after_frames, strict=True):
            assert [group.label for group in now.groups] == [group.label for group in before.groups]
            assert [group for group in now.groups if group.label not in numbers] == [
                group for group in before.groups if group.label not in numbers
            ]
            assert [item.reason for item in now.rejected] == [item.reason for item in before.rejected]
            for old, new in zip(before.groups, now.groups, strict=True):
                if old.label in numbers:
                    assert old.data != new.data
                    assert old.data.encode() not in after


def test_frames_of_the_encoder_are_what_the_anonymiser_makes() -> None:
    (frame,) = read(anonymised(historic()))
    assert encode_frame(frame.groups, Mode.HISTORIC) == anonymised(historic())
