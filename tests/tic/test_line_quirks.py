"""What real lines do to the bytes, with made-up numbers: each case is one that users reported or captures show."""

import pytest

from linkytui.tic import FrameReader, Group, Mode, Reason, Rejected, encode_group, parse_group
from tests.tic.frames_by_hand import HISTORIC, STANDARD, historic, pieces, read, standard


def labels(groups: tuple[Group, ...]) -> list[str]:
    return [group.label for group in groups]


def without(*names: str) -> tuple[Group, ...]:
    return tuple(group for group in HISTORIC if group.label not in names)


@pytest.mark.parametrize(
    ("piece", "group"),
    [
        (b"PTEC HP..  ", Group("PTEC", "HP..")),
        (b"IINST 009  ", Group("IINST", "009")),
        (b"EASD01\t000000000\t ", Group("EASD01", "000000000")),
        (b"DPM1\t 261202060000\t00\t ", Group("DPM1", "00", " 261202060000")),
    ],
)
def test_a_checksum_can_be_a_space(piece: bytes, group: Group) -> None:
    assert parse_group(piece) == group


def test_a_space_checksum_survives_in_a_stream_of_any_chunks() -> None:
    for size in range(1, 30):
        (frame,) = read(historic(), size)
        assert frame.groups == HISTORIC


def copied(groups: tuple[Group, ...], mode: Mode = Mode.HISTORIC) -> bytes:
    """A text copy: lines without marks, without what is white at their ends."""
    return b"".join(piece.rstrip() + b"\n" for piece in pieces(groups, mode))


def test_a_lost_space_checksum_is_refused_on_a_line_and_restored_in_a_text_copy() -> None:
    (frame,) = read(copied(HISTORIC))
    assert labels(frame.groups) == labels(without("PTEC", "IINST"))
    assert [item.reason for item in frame.rejected] == ["structure", "structure"]
    for size in (1, 4096):
        (frame,) = read(copied(HISTORIC), size, text=True)
        assert frame.groups == HISTORIC
        assert not frame.rejected
    reader = FrameReader(text=True)
    reader.feed(copied(HISTORIC))
    reader.close()
    assert reader.restored == 2


def test_a_lost_space_checksum_of_standard_mode_is_restored_in_a_text_copy() -> None:
    (frame,) = read(copied(STANDARD, Mode.STANDARD), text=True)
    assert frame.groups == STANDARD
    (frame,) = read(copied(STANDARD, Mode.STANDARD))
    assert [item.label for item in frame.rejected] == ["EASD01"]


def test_what_has_frame_marks_is_no_text_copy() -> None:
    stream = historic() + historic().replace(b"PTEC HP..  ", b"PTEC HP..")
    for size in (1, 4096):
        _, frame = read(stream, size, text=True)
        assert [item.label for item in frame.rejected] == ["PTEC"]


def test_another_lost_checksum_is_not_guessed_in_a_text_copy() -> None:
    (frame,) = read(copied(HISTORIC).replace(b"HHPHC A ,", b"HHPHC A"), text=True)
    assert labels(frame.groups) == labels(without("HHPHC"))


@pytest.mark.parametrize(
    ("piece", "label"),
    [
        (b"ADSC\t0q2361456789\tA", "ADSC"),  # bit 6 flipped: 64 more
        (b"PAPP 0207p *", "PAPP"),
        (b"EASF01\t00853469u\tJ", "EASF01"),
        (b"NGTF\t   TEMPO    \tF", "NGTF"),  # an even number of spaces lost
        (b"STGE\t003A04p1\t>", "STGE"),
        (b"OPTARIF HCnn <", "OPTARIF"),
    ],
)
def test_what_the_checksum_cannot_see_the_format_refuses(piece: bytes, label: str) -> None:
    item = parse_group(piece)
    assert isinstance(item, Rejected)
    assert (item.label, item.reason) == (label, "format")


def test_a_date_that_is_none_is_refused_though_its_checksum_is_right() -> None:
    good = encode_group(Group("DATE", "", "E260714074553"), Mode.STANDARD)[1:-1]
    assert isinstance(parse_group(good), Group)
    for horodate in ("E261314074553", "E260732074553", "E260714074563", "X260714074553", "E26071407455"):
        bad = encode_group(Group("DATE", "", horodate), Mode.STANDARD)[1:-1]
        item = parse_group(bad)
        assert isinstance(item, Rejected)
        assert item.reason == "format"


def with_even_parity(stream: bytes) -> bytes:
    return bytes(byte | 0x80 if byte.bit_count() % 2 else byte for byte in stream)


def test_parity_bits_left_on_are_cleared() -> None:
    for frame, groups in ((historic(), HISTORIC), (standard(), STANDARD)):
        for size in (1, 4096):
            (read_frame,) = read(with_even_parity(frame), size)
            assert read_frame.groups == groups


def test_a_cooked_terminal_that_ate_etx_and_turned_cr_into_lf_costs_nothing() -> None:
    stream = (historic() * 3).replace(b"\x03", b"").replace(b"\r", b"\n")
    frames = read(stream)
    assert [frame.groups for frame in frames] == [HISTORIC] * 3
    assert [frame.complete for frame in frames] == [True, True, False]


def test_a_copy_without_any_mark_is_cut_where_the_first_label_returns() -> None:
    for end in (b"\r\n", b"\n", b"\r\r\n", b"\n\n"):
        stream = end.join(pieces(HISTORIC) * 3) + end
        frames = read(stream, text=True)
        assert [frame.groups for frame in frames] == [HISTORIC] * 3
        assert [frame.complete for frame in frames] == [True, True, False]


@pytest.mark.parametrize("lf", [b"\x0e", b"\x0f", b"\x0b", b""])
def test_a_damaged_or_lost_line_feed_costs_nothing(lf: bytes) -> None:
    stream = historic().replace(b"\nMOTDETAT", lf + b"MOTDETAT").replace(b"\nHCHC", lf + b"HCHC")
    (frame,) = read(stream)
    assert frame.groups == HISTORIC
    assert not frame.rejected


@pytest.mark.parametrize("cr", [b"\x0c", b"\x1d", b"\x05", b""])
def test_a_damaged_or_lost_carriage_return_costs_nothing(cr: bytes) -> None:
    for frame, groups in ((historic(), HISTORIC), (standard(), STANDARD)):
        middle = frame.index(b"\r", 40)
        stream = frame[:middle] + cr + frame[middle + 1 :]
        (got,) = read(stream)
        assert got.groups == groups


def test_a_carriage_return_turned_into_a_letter_costs_that_group_only() -> None:
    (frame,) = read(historic().replace(b"PAPP 02070 *\r", b"PAPP 02070 *M"))
    assert labels(frame.groups) == labels(without("PAPP"))
    assert [item.label for item in frame.rejected] == ["PAPP"]


def test_eot_gives_up_the_frame_and_keeps_its_groups() -> None:
    stream = historic()[:-1] + b"\x04" + historic()
    frames = read(stream)
    assert [frame.groups for frame in frames] == [HISTORIC, HISTORIC]
    assert [frame.complete for frame in frames] == [False, True]


@pytest.mark.parametrize("cut", [b"\nHCHP 01", b"\nSMAXSN\tE260714061502\t0", b"\nPAPP 0207 *"])
def test_a_group_that_eot_cuts_is_no_error(cut: bytes) -> None:
    (frame,) = read(b"\x02" + b"".join(encode_group(group, Mode.HISTORIC) for group in HISTORIC[:4]) + cut + b"\x04")
    assert frame.groups == HISTORIC[:4]
    assert not frame.rejected
    assert not frame.complete


def test_stx_inside_garbage_keeps_the_groups_of_the_frame() -> None:
    stream = standard().replace(
        b"\nSTGE\t003A0401\t>\r", b"\nSTG\x4b\x6cBJ+\x02\x1a\x02:\x0b\x1b\x02\x02\x02\x02BJ0\t\\\r"
    )
    (frame,) = read(stream)
    assert labels(frame.groups) == [label for label in labels(STANDARD) if label != "STGE"]


def test_a_line_feed_turned_into_stx_costs_nothing() -> None:
    (frame,) = read(historic().replace(b"\nPAPP", b"\x02PAPP"))
    assert frame.groups == HISTORIC
    assert frame.complete


def test_nuls_are_ignored_wherever_they_are() -> None:
    stream = historic()
    assert read(bytes(7) + stream)[0].groups == HISTORIC
    scattered = b"\0".join(stream[start : start + 5] for start in range(0, len(stream), 5))
    for size in (1, 3, 4096):
        (frame,) = read(scattered, size)
        assert frame.groups == HISTORIC
    assert read(b"\0" * 100_000 + b"\x02" + b"\0" * 1000 + stream[1:], 999)[0].groups == HISTORIC


def test_a_break_inside_a_group_costs_that_group_only() -> None:
    (frame,) = read(historic().replace(b"HCHC 0085", b"HCHC 00\xff85"))
    assert labels(frame.groups) == labels(without("HCHC"))
    (bad,) = frame.rejected
    assert bad.label == "HCHC"


@pytest.mark.parametrize(
    ("good", "bad", "label"),
    [
        (b"HCHC 0", b"HCHC  ", "HCHC"),  # 0 received as a space
        (b"IINST 0", b"IIN@T 0", None),
        (b"PAPP 0", b"@APP 0", None),
        (b"ISOUSC", b"IsOUSC", None),
        (b"IMAX 090 H", b"IMAX 090 h", "IMAX"),  # the checksum itself
    ],
)
def test_a_bit_error_is_no_new_label(good: bytes, bad: bytes, label: str | None) -> None:
    (frame,) = read(historic().replace(good, bad))
    assert len(frame.groups) == len(HISTORIC) - 1
    assert [(item.label, item.reason) for item in frame.rejected] == [(label, "checksum")]


def test_reading_resumes_at_the_next_line_after_slipped_bits() -> None:
    noise = b"~ ^ `p x |`xx~~pp\x1e`c\\~p~~x"
    stream = historic().replace(b"HCHP 0083", noise)
    (frame,) = read(stream)
    assert labels(frame.groups) == labels(without("HCHP"))
    assert len(frame.rejected) == 1


def test_lost_digits_are_refused_even_with_a_checksum_that_fits() -> None:
    (frame,) = read(
        historic().replace(b"HCHP 008300012 !", encode_group(Group("HCHP", "08300012"), Mode.HISTORIC)[1:-1])
    )
    assert [(item.label, item.reason) for item in frame.rejected] == [("HCHP", "format")]


def test_a_group_cut_by_a_time_out_comes_with_the_next_read() -> None:
    reader = FrameReader()
    stream = historic()
    middle = stream.index(b"PAPP") + 3
    assert reader.feed(stream[:middle]) == []
    assert reader.feed(b"") == []
    (frame,) = reader.feed(stream[middle:])
    assert frame.groups == HISTORIC


def test_garbage_of_the_wrong_speed_gives_no_group_and_no_frame() -> None:
    reader = FrameReader()
    garbage = b"J$LJjQkz1EFZuRj*\rJjz\n$EFZ u*\x02\n\x03J\x04Q\r" * 1000
    assert reader.feed(garbage) == []
    assert reader.close() is None
    assert (reader.accepted, sum(reader.rejected.values())) == (0, 0)
    assert reader.noise > 10_000


@pytest.mark.parametrize(
    "start", [b"39\t#\r", b"774332\tX\r", b"EP*PREF\r", b"0795\t!\r", b"\r", b" B\r\x03", b"IF HC.. <\r\n"]
)
def test_a_stream_can_start_anywhere(start: bytes) -> None:
    for frame, groups in ((historic(), HISTORIC), (standard(), STANDARD)):
        reader = FrameReader()
        (got,) = reader.feed(start + frame)
        assert got.groups == groups
        assert not reader.rejected


def test_a_stream_that_starts_within_a_frame_gives_the_rest_of_it() -> None:
    stream = historic()
    tail = stream[stream.index(b"SC 45") :]
    frames = read(tail + stream)
    assert labels(frames[0].groups) == labels(HISTORIC[3:])
    assert not frames[0].complete
    assert not frames[0].rejected
    assert frames[1].complete


def test_prose_around_the_frames_is_ignored() -> None:
    first, second = "# Frame 1 — relevé à la main\r\n".encode(), "\r\n\r\nVoilà: très bien, 3 A\r\n".encode()
    frames = read(first + historic() + second + historic(), text=True)
    assert [frame.groups for frame in frames] == [HISTORIC, HISTORIC]
    assert not any(frame.rejected for frame in frames)


def test_prose_between_the_lines_of_a_text_copy_is_ignored() -> None:
    lines = copied(HISTORIC)
    middle = lines.index(b"HCHP")
    frames = read(lines[:middle] + "— puis, plus loin —\n".encode() + lines[middle:] + lines, text=True)
    assert frames[0].groups == HISTORIC
    assert not any(frame.rejected for frame in frames)
    reader = FrameReader(text=True)
    reader.feed(lines[:middle] + b"= what follows came later =\r\n" + lines[middle:] + lines)
    reader.close()
    assert reader.noise == len("= what follows came later =")
    assert reader.rejected.total() == 0


def test_windows_line_ends_with_marks_glued_to_the_last_group() -> None:
    stream = b"\r\n".join(pieces(HISTORIC)) + b"\x03\x02\r\n" + b"\r\n".join(pieces(HISTORIC)) + b"\x03\x02\r\n"
    frames = read(stream)
    assert [frame.groups for frame in frames] == [HISTORIC, HISTORIC]
    assert frames[1].complete


@pytest.mark.parametrize("reason", ["checksum", "structure"])
def test_each_reason_is_counted(reason: Reason) -> None:
    bad = {"checksum": b"PAPP 02070 +", "structure": b"PAPP02070*"}[reason]
    reader = FrameReader()
    reader.feed(historic().replace(b"PAPP 02070 *", bad))
    assert dict(reader.rejected) == {reason: 1}
    assert reader.accepted == len(HISTORIC) - 1
