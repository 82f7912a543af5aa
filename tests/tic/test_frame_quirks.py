"""What real meters and recorders do to frames, with made-up numbers."""

import pytest

from linkytui.tic import FrameReader, Group, Mode, Rejected, encode_group, parse_group
from tests.tic.frames_by_hand import HISTORIC, LONG, SHORT, STANDARD, historic, pieces, read, standard


def test_only_the_rule_of_the_separator_is_accepted() -> None:
    for group in HISTORIC:
        piece = encode_group(group, Mode.HISTORIC)[1:-1]
        other = bytes((*piece[:-1], ((piece[-1] - 0x20 + 0x20) & 0x3F) + 0x20))  # the last separator summed too
        assert isinstance(parse_group(piece), Group)
        assert isinstance(parse_group(other), Rejected)
    for group in STANDARD:
        piece = encode_group(group, Mode.STANDARD)[1:-1]
        other = bytes((*piece[:-1], ((piece[-1] - 0x20 - 0x09) & 0x3F) + 0x20))  # the last separator left out
        assert isinstance(parse_group(piece), Group)
        assert isinstance(parse_group(other), Rejected)


def test_a_bad_group_costs_only_itself() -> None:
    (frame,) = read(historic().replace(b"OPTARIF HC.. <", b"OPTARIF HC.. ;"))
    assert frame.complete
    assert [group.label for group in frame.groups] == [group.label for group in HISTORIC if group.label != "OPTARIF"]
    assert not frame.tells_absence


def test_the_order_of_groups_does_not_matter() -> None:
    shuffled = (STANDARD[0], STANDARD[2], STANDARD[1], *reversed(STANDARD[3:]))
    (frame,) = read(standard(*shuffled))
    assert frame.groups == shuffled
    assert frame.complete


def test_a_doubled_first_group_does_not_cut_the_frame() -> None:
    doubled = (STANDARD[0], *STANDARD)
    for size in (1, 4096):
        (frame,) = read(standard(*doubled), size)
        assert frame.groups == doubled


def test_a_frame_without_its_first_label_is_a_frame_that_tells_no_absence() -> None:
    (frame,) = read(standard(*STANDARD[1:]))
    assert frame.groups == STANDARD[1:]
    assert frame.complete
    assert not frame.tells_absence


def test_a_three_phase_frame_ends_with_ppot() -> None:
    (frame,) = read(historic(*LONG))
    assert frame.groups[-1].label == "PPOT"
    assert frame.complete


def test_short_frames_are_told_from_long_ones_by_what_they_lack() -> None:
    short, calm, long, standby = read(historic(*SHORT) + historic(*SHORT[1:]) + historic(*LONG) + historic(LONG[0]))
    assert [frame.short for frame in (short, calm, long, standby)] == [True, True, False, False]
    assert [frame.tells_absence for frame in (short, calm, long, standby)] == [False, False, True, False]


def test_short_frames_that_begin_with_a_warning_are_read_from_the_first_one_on() -> None:
    reader = FrameReader()
    assert [frame.groups for frame in reader.feed(historic(*SHORT) * 3)] == [SHORT] * 3
    assert [frame.complete for frame in read(historic(*SHORT) * 3)] == [True] * 3


def test_a_burst_without_marks_is_cut_into_its_frames() -> None:
    stream = b"\n".join(pieces(LONG) + pieces(SHORT) * 2 + pieces(LONG)) + b"\n"
    assert [frame.groups for frame in read(stream)] == [LONG, SHORT, SHORT, LONG]


def test_a_lost_etx_costs_nothing() -> None:
    stream = historic() + historic()[:-1] + historic()
    frames = read(stream)
    assert [frame.groups for frame in frames] == [HISTORIC] * 3
    # The stream has ETXs, so what lacks one may lack groups as well.
    assert [frame.complete for frame in frames] == [True, False, True]


def test_a_frame_that_a_power_cut_ended_does_not_tell_absence() -> None:
    frames = read(historic() + historic()[:60] + historic())
    assert [frame.tells_absence for frame in frames] == [True, False, True]


def test_an_etx_inside_garbage_does_not_end_the_frame() -> None:
    (frame,) = read(historic().replace(b"HCHP 008300012 !", b"HC~~\x03x~ 0 !"))
    assert [group.label for group in frame.groups] == [group.label for group in HISTORIC if group.label != "HCHP"]
    assert frame.complete


def test_an_etx_behind_a_damaged_last_group_ends_the_frame() -> None:
    stream = historic().replace(b"MOTDETAT 000000 B\r", b"MOTDETAT 000000 BM") + historic()
    first, second = read(stream)
    assert first.complete
    assert [item.label for item in first.rejected] == ["MOTDETAT"]
    assert second.groups == HISTORIC


def test_a_lost_stx_costs_nothing() -> None:
    stream = historic() + historic()[1:] + historic()
    assert [frame.groups for frame in read(stream)] == [HISTORIC] * 3


def test_both_marks_lost_between_two_frames_cost_nothing() -> None:
    stream = historic()[:-1] + historic()[1:]
    assert [frame.groups for frame in read(stream)] == [HISTORIC] * 2


@pytest.mark.parametrize("size", [1, 50, 4096])
def test_the_reader_follows_a_meter_that_is_switched(size: int) -> None:
    stream = historic() * 2 + standard() * 2 + historic(*SHORT) + historic(*LONG)
    frames = read(stream, size)
    assert [frame.mode for frame in frames] == [Mode.HISTORIC] * 2 + [Mode.STANDARD] * 2 + [Mode.HISTORIC] * 2
    assert [frame.groups for frame in frames] == [HISTORIC] * 2 + [STANDARD] * 2 + [SHORT, LONG]


@pytest.mark.parametrize("size", [1, 4096])
def test_a_switch_within_a_frame_is_followed_without_marks(size: int) -> None:
    stream = historic()[:60] + b"\r" + standard()[1:]
    frames = read(stream, size)
    assert [frame.mode for frame in frames] == [Mode.HISTORIC, Mode.STANDARD]
    assert frames[1].groups == STANDARD


def test_one_look_alike_of_the_other_mode_does_not_change_the_mode() -> None:
    intruder = encode_group(Group("PAPP", "02070"), Mode.HISTORIC)
    (frame,) = read(standard().replace(b"\nSTGE", intruder + b"\nSTGE"))
    assert frame.mode is Mode.STANDARD
    assert frame.groups == STANDARD
    assert [item.reason for item in frame.rejected] == ["structure"]


def test_a_reader_of_one_mode_does_not_hear_the_other() -> None:
    reader = FrameReader("historic")
    assert reader.feed(standard() * 2) == []
    assert [frame.mode for frame in reader.feed(historic())] == [Mode.HISTORIC]
    assert FrameReader("standard").feed(historic()) == []
    assert len(FrameReader(Mode.STANDARD).feed(standard())) == 1


def test_there_is_no_third_mode() -> None:
    with pytest.raises(ValueError, match="medium"):
        FrameReader("medium")  # type: ignore[arg-type]


def test_a_right_group_of_unknown_label_is_kept() -> None:
    stranger = Group("TENSION", "233")
    groups = (*HISTORIC[:7], stranger, *HISTORIC[7:])
    (frame,) = read(historic(*groups))
    assert frame.groups == groups


def test_a_meter_of_another_kind_gives_its_groups_as_they_are() -> None:
    groups = (Group("ADS", "041976012345"), Group("EA_s", "2669Wh"), Group("DATE", "03/08/21 15:54:33"))
    (frame,) = read(historic(*groups))
    assert frame.groups == groups


def test_the_meter_in_standby_sends_a_frame_of_one_group() -> None:
    (frame,) = read(historic(HISTORIC[0]))
    assert frame.groups == HISTORIC[:1]
    assert not frame.tells_absence


def test_an_empty_frame_is_no_frame() -> None:
    assert read(b"\x02\n\x03\x02\x03\x02\n\r\x03") == []


def test_a_frame_of_bad_groups_only_counts_them() -> None:
    reader = FrameReader()
    (frame,) = reader.feed(b"\x02\nADCO 012361456789 X\r\nPAPP 02070 X\r\x03")
    assert frame.groups == ()
    assert dict(reader.rejected) == {"checksum": 2}


def test_the_last_group_of_a_stream_needs_no_end() -> None:
    frames = read(historic() + b"\x02\nADCO 012361456789 K\r\nOPTARIF HC.. <")
    assert frames[-1].groups == HISTORIC[:2]
    assert not frames[-1].complete


def test_the_last_group_of_a_stream_is_no_error_when_it_is_cut() -> None:
    for cut in (b"\nOPTA", b"\nOPTARIF HC.. ", b"\nOPTARIF HC..\r\n"):
        frames = read(historic() + b"\x02\nADCO 012361456789 K\r" + cut)
        assert frames[-1].groups == HISTORIC[:1]
        assert not frames[-1].rejected
