"""What each shape of a peer's expectation means here."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from linkytui.tic import (
    LABELS,
    Breaker,
    Euridis,
    FrameReader,
    Group,
    Horodate,
    Mode,
    PowerLine,
    Status,
    checksum,
    closed_relays,
    encode_frame,
    load_programmes,
    parse_group,
)
from tests.tic.frames_by_hand import historic
from tests.tic.peers import group_of, groups_of, piece_of, read, rejection_of, stream_of, takers


def expect_mode(case: dict[str, Any]) -> None:
    (frame,) = read(stream_of(case))
    assert frame.mode == case["expected"]["mode"]


def expect_error(case: dict[str, Any]) -> None:
    """No group comes of it, and nothing is raised."""
    assert groups_of(read(stream_of(case))) == {}
    if piece := piece_of(case):
        assert rejection_of(case).reason == ("checksum" if "checksum" in case["expected"]["error"] else "structure"), (
            piece
        )


def expect_checksum_valid(case: dict[str, Any]) -> None:
    if case["expected"]["checksum_valid"]:
        assert isinstance(parse_group(piece_of(case)), Group)
    elif case["id"] == "c125":
        assert rejection_of(case).reason == "structure"  # nothing in it could be a checksum
    else:
        assert rejection_of(case).reason == "checksum"


def expect_checksum(case: dict[str, Any]) -> None:
    assert chr(checksum(stream_of(case))) == case["expected"]["checksum"]


def expect_zone(case: dict[str, Any]) -> None:
    first, end = case["expected"]["checksum_covers"]
    stream = stream_of(case)
    assert checksum(stream[first:end]) == stream[end]


def expect_group(case: dict[str, Any]) -> None:
    expected = case["expected"]
    if not expected.get("valid", True):
        assert rejection_of(case).reason == "structure"
        return
    group = group_of(case)
    assert group.label == expected.get("label", group.label)
    assert group.data == expected.get("data", group.data)
    if "int" in expected:
        assert int(group.data) == expected["int"]
    when = expected.get("datetime") or expected.get("horodate", {}).get("datetime")
    if when:
        assert group.horodate is not None
        moment = Horodate.parse(group.horodate).when
        assert moment is not None
        assert moment.replace(tzinfo=None).isoformat() == when


def expect_horodate(case: dict[str, Any]) -> None:
    expected = case["expected"]["horodate"]
    for text in case["input"].split(" / "):
        if not expected["valid"]:
            with pytest.raises(ValueError, match=r"month|day|hour|minute|second|horodate"):
                Horodate.parse(text)
            continue
        horodate = Horodate.parse(text)
        assert horodate.when is not None
        assert horodate.when.replace(tzinfo=None).isoformat() == expected["datetime"]
        assert horodate.degraded is expected["degraded"]
        offset = horodate.when.utcoffset()
        assert offset is not None
        hours = {"winter": 1, "summer": 2, None: 2}[expected["season"]]  # without a season: that of the civil calendar
        assert offset.total_seconds() == hours * 3600


def expect_number(case: dict[str, Any]) -> None:
    text, value = case["input"], case["expected"]["uint32"]
    if value is None:
        assert takers(text) == []
    else:
        assert takers(text)
        assert int(text) == value


def expect_frame_sizes(case: dict[str, Any]) -> None:
    stream = stream_of(case)
    for size in (*range(1, 40), 512, len(stream)):
        whole = [frame for frame in read(stream, size) if frame.complete]
        assert len(whole) == case["expected"]["frames"]
        bodies = {stream.index(b"\x03", frame.offset) - frame.offset - 1 for frame in whole}
        assert bodies == {case["expected"]["frame_body_bytes"]}


def expect_sizes_of_groups(case: dict[str, Any]) -> None:
    expected = case["expected"]
    frames = read(stream_of(case))
    whole = [frame for frame in frames if frame.complete]
    assert sum(len(frame.groups) for frame in whole) == expected["groups_in_complete_frames"]
    for frame in whole:
        assert [len(f"{group.label} {group.data} c") for group in frame.groups] == expected["group_sizes"]
        assert frame.groups[0].label == expected["first"].split()[0]  # the meter's number was replaced since
        assert f"{frame.groups[-1].label} {frame.groups[-1].data}" == expected["last_of_frame"][:-2]
    assert len(frames[-1].groups) == expected["trailing_groups_of_unfinished_frame"]


def expect_accepted(case: dict[str, Any]) -> None:
    """A frame that a peer accepts came through unharmed; one that it refuses did not, and does not harm the next."""
    good = historic()
    frames = read(stream_of(case) + good)
    assert frames[-1].unharmed
    assert groups_of(frames[-1:]) == groups_of(read(good))
    assert frames[0].unharmed is case["expected"]["accepted"]
    if "fields" in case["expected"]:
        expect_fields(case)


def expect_fields(case: dict[str, Any]) -> None:
    wanted = case["expected"]["fields"]
    for size in (1, 4096):
        frames = read(stream_of(case), size)
        if wanted is None:
            assert not any(frame.unharmed for frame in frames)  # "no frame": none that came through unharmed
            continue
        whole = [frame for frame in frames if frame.complete]
        got = groups_of(whole[-1:])
        for label, value in wanted.items():
            if isinstance(value, int):
                assert int(got[label]) == value
            else:
                assert got[label].rstrip(".") == value.rstrip(".")  # some peers take the dots away


def expect_status(case: dict[str, Any]) -> None:
    wanted, status = case["expected"]["STGE"], Status.parse(case["input"])
    index = wanted["tarif_fourniture_index"] + 1  # the peer keeps the raw bits; the registers are numbered from one
    assert status == Status(
        contact_open=bool(wanted["contact_sec"]),
        breaker=Breaker(wanted["organe_de_coupure"]),
        cover_open=bool(wanted["cache_borne"]),
        overvoltage=bool(wanted["surtension"]),
        over_reference=bool(wanted["depassement"]),
        producer=bool(wanted["producteur"]),
        injecting=bool(wanted["sens_energie_active"]),
        supplier_index=index,
        distributor_index=wanted["tarif_distributeur_index"] + 1,
        clock_degraded=bool(wanted["horloge_degradee"]),
        standard_mode=bool(wanted["mode_tic_standard"]),
        euridis=Euridis(wanted["euridis"]),
        power_line=PowerLine(wanted["cpl"]),
        power_line_synchronised=bool(wanted["synchro_cpl"]),
        today=wanted["couleur_jour"] or None,
        tomorrow=wanted["couleur_demain"] or None,
        notice=wanted["preavis_pm"] or None,
        peak=wanted["pointe_mobile"] or None,
    )


def expect_values(case: dict[str, Any]) -> None:
    """The peer's file is not here: a frame made of what it expects is read back to the same values."""
    expected, mode = dict(case["expected"]), Mode(case["mode"])
    if "programme_circuit_1" in expected:
        programmes = (expected.pop("programme_circuit_1"), expected.pop("programme_circuit_2"))
        assert load_programmes("BBR2") == programmes
        expected["OPTARIF"] = "BBR2"
    horodates = {
        label.removesuffix("_horodate"): datetime.fromisoformat(expected.pop(label)).strftime("E%y%m%d%H%M%S")
        for label in list(expected)
        if label.endswith("_horodate")
    }
    if "CCASN" in horodates:
        expected["CCASN"] = 1250  # its power is not given
    texts = {
        label: "012345678901" if label == "ADCO" else str(value).zfill(LABELS[mode][label].width if value != "" else 0)
        for label, value in expected.items()
    }
    groups = tuple(Group(label, text, horodates.get(label)) for label, text in texts.items())
    (frame,) = read(encode_frame(groups, mode))
    assert frame.groups == groups
    assert frame.complete
    assert not frame.rejected
    for label, value in expected.items():
        if isinstance(value, int):
            assert int(texts[label]) == value


def expect_relays(case: dict[str, Any]) -> None:
    assert list(closed_relays(case["input"])) == case["expected"]["relays"]


def expect_one_message(case: dict[str, Any]) -> None:
    (frame,) = read(stream_of(case))
    assert frame.mode == case["expected"]["mode"]
    assert len(frame.groups) == case["expected"]["groups"]
    assert not frame.rejected


def expect_more_to_come(case: dict[str, Any]) -> None:
    frames = read(stream_of(case))
    assert not any(frame.complete for frame in frames)
    assert len(FrameReader().feed(stream_of(case))) == len(frames) - 1


def expect_incomplete(case: dict[str, Any]) -> None:
    (frame,) = read(stream_of(case))
    assert not frame.complete
    assert not frame.rejected


REPORTED: dict[str, tuple[list[str], list[tuple[str, str | None]]]] = {
    "c191": (["HCHP"], []),
    "c193": ([], [("checksum", None)]),
    "c195": ([], [("checksum", None)]),
    "c197": ([], [("checksum", "ADSC")]),
    "c199": ([], [("checksum", "EASD01")]),
    "c201": (["EASF03", "EASF04"], []),
    "c203": (["NJOURF+1", "PJOURF+1"], []),
    "c205": (["HHPHC", "MOTDETAT"], []),
    "c207": ([], [("checksum", "EASD02")]),
    "c209": (
        ["ADCO", "OPTARIF", "ISOUSC", "HCHC", "HCHP", "PTEC", "IINST", "IMAX", "TENSION", "PAPP", "HHPHC", "MOTDETAT"],
        [],
    ),
    "c211": (["LTARF"], []),
    "c213": ([], [("structure", None)]),
}
"""What should come of what users reported: the labels of the good groups, and what is refused of the others."""


def expect_recovery(case: dict[str, Any]) -> None:
    """Reports of users: the piece stands in a frame, between two good groups."""
    before, after = (b"IMAX 090 H", b"MOTDETAT 000000 B") if case["mode"] == "historic" else (b"VTIC\t02\tJ",) * 2
    stream = stream_of(case).removeprefix(b"\n").removesuffix(b"\r")
    frames = read(b"\x02\n" + before + b"\r\n" + stream + b"\r\n" + after + b"\r\x03")
    got = [group.label for frame in frames for group in frame.groups]
    bad = [(item.reason, item.label) for frame in frames for item in frame.rejected]
    assert (got[0], got[-1]) == (before.split()[0].decode(), after.split()[0].decode())
    expected = case["expected"]
    assert (got[1:-1], bad) == ((expected["groups"], expected["bad"]) if "groups" in expected else REPORTED[case["id"]])


SHAPES: dict[str, Callable[[dict[str, Any]], None]] = {
    "mode": expect_mode,
    "error": expect_error,
    "checksum_valid": expect_checksum_valid,
    "checksum_covers": expect_zone,
    "checksum": expect_checksum,
    "data label type valid": expect_group,
    "data label valid": expect_group,
    "type valid": expect_group,
    "data horodate label valid": expect_group,
    "int valid": expect_group,
    "data label": expect_group,
    "data datetime label": expect_group,
    "horodate": expect_horodate,
    "uint32": expect_number,
    "frame_body_bytes frames": expect_frame_sizes,
    "first group_sizes groups_in_complete_frames last_of_frame trailing_groups_of_unfinished_frame": (
        expect_sizes_of_groups
    ),
    "accepted fields": expect_accepted,
    "accepted": expect_accepted,
    "fields": expect_fields,
    "fields note": expect_fields,
    "STGE": expect_status,
    "relays": expect_relays,
    "groups mode parsed": expect_one_message,
    "message then": expect_more_to_come,
    "warning": expect_incomplete,
    "checksum_valid error": expect_error,
    "should": expect_recovery,
    "bad groups": expect_recovery,
}
