"""The cases of peers that are not followed: why, and what happens instead."""

from collections.abc import Callable
from typing import Any

from linkytui.tic import Group, Horodate, Mode, Rejected, encode_frame, parse_group
from tests.tic.peers import groups_of, piece_of, read, rejection_of, stream_of, takers

WRONG = {
    "c015": "the frame is refused for one bad group; a bad group costs that group only",
    "c029": "'-002' passes as a current; it is three digits without a sign (54E, 6.1 and 6.2.1.2)",
    "c031": "'0a75b' passes as a power; it is five digits",
    "c045": "a number of ten digits is taken; no label has one",
    "c049": "a frame without a group is delivered; nothing in it can be checked",
    "c053": "a piece without separators passes as a group; it has neither label nor checksum",
    "c057": "39 groups a frame are counted; a frame of 865 bytes has 38, and the whole capture 467",
    "c058": "301 groups are found in the noisy capture, and its author did not trust that count; 305 are right",
    "c095": "a frame is refused because its STX was not seen; its groups carry their own checksums",
    "c097": "a frame is refused because one CR was lost; the LF that follows ends that group too",
    "c099": "'524563 565245' passes as ADCO; it is twelve digits, and the checksum is not its own",
    "c109": "numbers of other widths than the specification's pass; widths are fixed (54E, 6.1)",
    "c139": "the checksum is not looked at",
    "c141": "the checksum is not looked at; the horodate is read the same",
    "c149": "F passes for a checksum; that of the zone is E",
    "c157": "a damaged ADPS group is repaired by guessing; what was not received is not shown",
    "c163": "a group without its checksum passes; its checksum was no space, so it cannot be told from a damaged one",
    "c171": "no expectation is wrong, but the frame has lost its ADCO: it is not taken for one that tells absence",
    "c175": "NGTF and LTARF without their padding pass, since 64 divides what was lost; widths are fixed",
    "c189": "IINST and IMAX with stale checksums pass",
}


def refuse_only_the_bad_group(case: dict[str, Any]) -> None:
    (frame,) = read(stream_of(case))
    assert len(frame.groups) == 37
    assert [(item.label, item.reason) for item in frame.rejected] == [("PCOUP", "checksum")]


def refuse_by_format(case: dict[str, Any]) -> None:
    assert rejection_of(case).reason == "format"  # so the checksum is right, as the peer says


def refuse_ten_digits(case: dict[str, Any]) -> None:
    assert takers(case["input"]) == []


def give_nothing(case: dict[str, Any]) -> None:
    assert read(stream_of(case)) == []


def cut_but_refuse(case: dict[str, Any]) -> None:
    item = rejection_of(case)
    assert item.reason == "structure"
    assert [item.raw] == case["expected"]["groups"]


def count_38_groups_a_frame(case: dict[str, Any]) -> None:
    frames = read(stream_of(case))
    assert sum(len(frame.groups) for frame in frames) == 467
    whole = [frame for frame in frames if frame.complete]
    assert [len(frame.groups) for frame in whole] == [38] * 12
    assert whole[0].groups[0].label == case["expected"]["first"].split("\t")[0]


def find_more_in_the_noise(case: dict[str, Any]) -> None:
    assert sum(len(frame.groups) for frame in read(stream_of(case))) == 305


def keep_the_groups(case: dict[str, Any]) -> None:
    (frame,) = read(stream_of(case))
    assert groups_of([frame]) == {"ADCO": "050022120078", "OPTARIF": "HC..", "ISOUSC": "45"}
    assert not frame.rejected


def refuse_other_widths(case: dict[str, Any]) -> None:
    (frame,) = read(stream_of(case))
    assert groups_of([frame]) == {"PTEC": case["expected"]["fields"]["PTEC"]}
    assert {(item.label, item.reason) for item in frame.rejected} == {
        ("PAPP", "format"),
        ("HCHC", "format"),
        ("HCHP", "format"),
    }


def refuse_the_checksum(case: dict[str, Any]) -> None:
    assert rejection_of(case).reason == "checksum"


def refuse_the_checksum_of_the_date(case: dict[str, Any]) -> None:
    refuse_the_checksum(case)
    horodate = Horodate.parse(piece_of(case).decode().split("\t")[1])
    assert horodate.when is not None
    assert horodate.when.replace(tzinfo=None).isoformat() == case["expected"]["timestamp"]
    assert horodate.text[0] == {"summer": "E", "winter": "H"}[case["expected"]["dst"]]


def refuse_without_checksum(case: dict[str, Any]) -> None:
    assert rejection_of(case).reason == "structure"
    assert groups_of(read(stream_of(case) + b"\n", text=True)) == {}


def refuse_a_damaged_warning(case: dict[str, Any]) -> None:
    item = parse_group(b"ADPS %03d" % case["expected"]["ADPS"])
    assert isinstance(item, Rejected)
    assert (item.label, item.reason) == ("ADPS", "structure")


def read_a_frame_without_its_number(case: dict[str, Any]) -> None:
    groups = (Group("OPTARIF", "BASE"), Group("PTEC", "TH.."), Group("PAPP", "00690"))
    frames = read(encode_frame(groups, Mode.HISTORIC) + b"\x02")
    assert len(frames) == case["expected"]["frames"]
    assert frames[0].groups == groups
    assert not frames[0].tells_absence


def refuse_trimmed_texts(case: dict[str, Any]) -> None:
    frames = read(stream_of(case))
    assert [(item.label, item.reason) for frame in frames for item in frame.rejected] == [("NGTF", "format")]
    got = groups_of(frames)
    assert got.pop("DATE") == ""
    # LTARF has no end: it counts as cut
    assert got == {label: data for label, data in case["expected"].items() if label not in ("NGTF", "LTARF")}


def refuse_stale_checksums(case: dict[str, Any]) -> None:
    frames = read(stream_of(case))
    assert {item.reason for frame in frames for item in frame.rejected} == {"checksum"}
    stale = [item.label for frame in frames for item in frame.rejected]
    assert stale == ["ADCO", "HCHC", "HCHP", "IINST", "IMAX", "PMAX", "PAPP", "ADCO"]


INSTEAD: dict[str, Callable[[dict[str, Any]], None]] = {
    "c015": refuse_only_the_bad_group,
    "c029": refuse_by_format,
    "c031": refuse_by_format,
    "c045": refuse_ten_digits,
    "c049": give_nothing,
    "c053": cut_but_refuse,
    "c057": count_38_groups_a_frame,
    "c058": find_more_in_the_noise,
    "c095": keep_the_groups,
    "c097": keep_the_groups,
    "c099": refuse_the_checksum,
    "c109": refuse_other_widths,
    "c139": refuse_the_checksum,
    "c141": refuse_the_checksum_of_the_date,
    "c149": refuse_the_checksum,
    "c157": refuse_a_damaged_warning,
    "c163": refuse_without_checksum,
    "c171": read_a_frame_without_its_number,
    "c175": refuse_trimmed_texts,
    "c189": refuse_stale_checksums,
}
