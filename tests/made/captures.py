"""Captures of the kinds that people's tools took from real meters, and frames of every kind, made here.

They have the names, the faults and the sizes of those that lie beside some checkouts, with numbers of nobody, so that
the same tests read both.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from linkytui.reading import Contract
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import PARIS, Group, Mode, encode_group
from tests.tic.frames_by_hand import HISTORIC, LONG, SHORT, historic

NOON = datetime(2026, 7, 14, 12, tzinfo=PARIS).timestamp()
EVE_OF_A_RED_DAY = datetime(2026, 1, 5, 20, tzinfo=PARIS).timestamp()
"""In the simulator's calendar."""

BASE = tuple(
    Group(*pair)
    for pair in (
        ("ADCO", "012361456789"),
        ("OPTARIF", "BASE"),
        ("ISOUSC", "15"),
        ("BASE", "001234567"),
        ("PTEC", "TH.."),
        ("IINST", "000"),
        ("IMAX", "090"),
        ("PAPP", "00000"),
        ("MOTDETAT", "000000"),
    )
)
TEMPO = tuple(
    Group(*pair)
    for pair in (
        ("ADCO", "012361456789"),
        ("OPTARIF", "BBR("),
        ("ISOUSC", "45"),
        ("BBRHCJB", "001478389"),
        ("BBRHPJB", "001012295"),
        ("BBRHCJW", "000134553"),
        ("BBRHPJW", "000213701"),
        ("BBRHCJR", "000025098"),
        ("BBRHPJR", "000006010"),
        ("PTEC", "HPJB"),
        ("DEMAIN", "BLEU"),
        ("IINST", "001"),
        ("IMAX", "060"),
        ("PAPP", "00120"),
        ("HHPHC", "A"),
        ("MOTDETAT", "000000"),
    )
)


def changed(groups: tuple[Group, ...], **data: str) -> tuple[Group, ...]:
    """The groups with other data under some labels."""
    return tuple(group._replace(data=data.get(group.label, group.data)) for group in groups)


def body(groups: tuple[Group, ...], mode: Mode = Mode.HISTORIC) -> bytes:
    """Groups without the marks of a frame."""
    return b"".join(encode_group(group, mode) for group in groups)


def tail(groups: tuple[Group, ...]) -> bytes:
    """The end of a historic frame whose beginning was missed."""
    return body(groups) + b"\x03"


def head(groups: tuple[Group, ...]) -> bytes:
    """The beginning of a historic frame, where somebody ended the capture between two groups."""
    return b"\x02" + body(groups)


def _minutes(count: int, rise: int) -> bytes:
    """So many frames of a household in its peak hours, which draws `rise` Wh from the first to the last."""
    frames = []
    for number in range(count):
        peak = 8_300_012 + rise * number // (count - 1)
        frames.append(historic(*changed(HISTORIC, HCHP=f"{peak:09}", PAPP=f"{600 + 10 * (number % 7):05}")))
    return b"".join(frames)


def _stale(frame: bytes, *labels: bytes) -> bytes:
    """The frame of a meter whose numbers were replaced by hand: the checksums of some labels are no longer right."""
    for label in labels:
        end = frame.index(b"\r", frame.index(b"\n" + label))
        frame = frame[: end - 1] + (b"?" if frame[end - 1 : end] != b"?" else b"@") + frame[end:]
    return frame


def _thirteen_digits() -> bytes:
    """A number that somebody made up with a digit too many, behind which the checksum of the true one still stands."""
    return historic().replace(b"ADCO 012361456789 ", b"ADCO 0123614567890 ")


def _noisy() -> bytes:
    """The end of a frame and 26 more over a bad line, through a terminal that kept neither CR nor ETX.

    In every second frame noise changed a digit of the register, in every fourth one it ate what stands between a label
    and its data.
    """
    cooked = [body(LONG[5:]), *[head(LONG)] * 26]
    for number in range(2, 26, 2):
        cooked[number] = cooked[number].replace(b"\nBASE 010151175 ", b"\nBASE 010151174 ")
    for number in range(1, 25, 4):
        cooked[number] = cooked[number].replace(b"\nIMAX2 060 ", b"\nIMA~`w^G ")
    return b"".join(cooked).replace(b"\r", b"\n")


def _standard(contract: Contract, count: int, *, producer: bool = False) -> list[bytes]:
    meter = SimulatedMeter(contract, Mode.STANDARD, start=NOON, producer=producer)
    return [meter.frame(NOON + 2 * number) for number in range(count)]


def captures() -> dict[str, bytes]:
    """The captures by the names of their files."""
    (standard,) = _standard(Contract.HPHC, 1)
    *twelve, cut = _standard(Contract.BASE, 13)
    producers = [_stale(frame, b"ADSC", b"PRM") for frame in _standard(Contract.OTHER, 25, producer=True)]
    wrong = _thirteen_digits()
    return {
        "historic-base-1frame.tic": historic(*BASE),
        "historic-base-3phase-6frames.tic": historic(*LONG) * 6 + head(LONG[:6]),
        "historic-base-3phase-noisy-no-etx.tic": _noisy(),
        "historic-hphc-13frames-leading-nul.tic": bytes(6)
        + tail(HISTORIC[8:])
        + _minutes(13, 5)
        + head(changed(HISTORIC[:7], HCHP="008300017")),
        "historic-hphc-3min-123frames.tic": tail(HISTORIC[3:]) + _minutes(124, 39),
        "historic-hphc-6frames-13digit-adco.tic": tail(HISTORIC[7:]) + wrong * 6 + wrong[: wrong.index(b"IINST") - 1],
        "historic-tempo-cut-in-group.tic": tail(TEMPO[7:]) + historic(*TEMPO) + head(TEMPO[:14]) + b"\nHHPHC A",
        "historic-tempo-no-stx-etx.tic": body(TEMPO),
        "historic-tempo-tail-frame-head.tic": tail(TEMPO[14:]) + historic(*TEMPO) + head(TEMPO[:2]),
        "historic-tempo-truncated.tic": tail(TEMPO[14:]) + head(TEMPO[:13]),
        "standard-base-12frames.tic": b"".join(twelve) + cut[: cut.index(b"\nEASF06")],
        "standard-hphc-1frame-bad-checksum.tic": _stale(standard, b"PCOUP"),
        "standard-hphc-1frame.tic": standard,
        "standard-producer-24frames.tic": b"".join(producers),
    }


def frames() -> dict[str, bytes]:
    """One frame of every kind, and a burst, by the names of their files."""
    warned = (*HISTORIC[:7], Group("ADPS", "048"), *HISTORIC[7:])
    ejp = (
        *changed(HISTORIC[:3], OPTARIF="EJP."),
        Group("EJPHN", "012345678"),
        Group("EJPHPM", "000456789"),
        Group("PEJP", "30"),
        *changed(HISTORIC[5:], PTEC="HN.."),
    )
    dear = SimulatedMeter(Contract.TEMPO, Mode.STANDARD, start=EVE_OF_A_RED_DAY, phases=3)
    return {
        "hist_mono_base.bin": historic(*BASE[:8], Group("HHPHC", "A"), *BASE[8:]),
        "hist_mono_ejp_notice.bin": historic(*ejp),
        "hist_mono_hc_adps.bin": historic(*warned),
        "hist_mono_hc_peak.bin": historic(),
        "hist_mono_tempo.bin": historic(*TEMPO),
        "hist_tri_base_long.bin": historic(*LONG),
        "hist_tri_long_cut_by_eot_then_burst.bin": head(LONG[:6]) + b"\x04" + historic(*SHORT) * 20 + historic(*LONG),
        "hist_tri_short_adir2.bin": historic(*SHORT),
        "hist_tri_short_no_adir.bin": historic(*SHORT[1:]),
        "std_mono_consumer.bin": _standard(Contract.HPHC, 1)[0],
        "std_mono_producer.bin": _standard(Contract.BASE, 1, producer=True)[0],
        "std_tri_tempo_red_announced.bin": dear.frame(EVE_OF_A_RED_DAY),
    }


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Put files into a folder, which is made for them."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
