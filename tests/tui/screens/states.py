"""What the screens are shown in the tests: made-up meters at a fixed moment, and the states of the line."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import sin
from typing import Final

from linkytui.link import Link, LinkState
from linkytui.reading import Meter
from linkytui.tic import Frame, FrameReader, Group, Mode, encode_frame
from linkytui.tui.messages import PowerSample

NOW: Final = 1_764_006_120.0
"""Monday 24 November 2025, 18:42 in Paris."""

_AFTER = (("HHPHC", "A"), ("MOTDETAT", "000000"))

Pairs = Sequence[tuple[str, str] | tuple[str, str, str]]

HPHC: Final[Pairs] = (
    ("ADCO", "012461456789"),
    ("OPTARIF", "HC.."),
    ("ISOUSC", "45"),
    ("HCHC", "008534695"),
    ("HCHP", "012300012"),
    ("PTEC", "HP.."),
    ("IINST", "018"),
    ("IMAX", "090"),
    ("PAPP", "04230"),
    *_AFTER,
)
BASE: Final[Pairs] = (
    ("ADCO", "012461456789"),
    ("OPTARIF", "BASE"),
    ("ISOUSC", "30"),
    ("BASE", "023456789"),
    ("PTEC", "TH.."),
    ("IINST", "002"),
    ("IMAX", "090"),
    ("PAPP", "00460"),
    *_AFTER,
)
OVER: Final[Pairs] = (
    ("ADCO", "012461456789"),
    ("OPTARIF", "HC.."),
    ("ISOUSC", "30"),
    ("HCHC", "008534695"),
    ("HCHP", "012300012"),
    ("PTEC", "HP.."),
    ("IINST", "034"),
    ("ADPS", "034"),
    ("IMAX", "090"),
    ("PAPP", "07820"),
    *_AFTER,
)
TEMPO: Final[Pairs] = (
    ("ADCO", "012461456789"),
    ("OPTARIF", "BBR("),
    ("ISOUSC", "45"),
    ("BBRHCJB", "004855593"),
    ("BBRHPJB", "014090959"),
    ("BBRHCJW", "000487131"),
    ("BBRHPJW", "001481464"),
    ("BBRHCJR", "000227596"),
    ("BBRHPJR", "000706363"),
    ("PTEC", "HPJW"),
    ("DEMAIN", "ROUG"),
    ("IINST", "006"),
    ("IMAX", "090"),
    ("PAPP", "01380"),
    *_AFTER,
)
EJP: Final[Pairs] = (
    ("ADCO", "012461456789"),
    ("OPTARIF", "EJP."),
    ("ISOUSC", "45"),
    ("EJPHN", "018534695"),
    ("EJPHPM", "000900012"),
    ("PEJP", "30"),
    ("PTEC", "HN.."),
    ("IINST", "009"),
    ("IMAX", "090"),
    ("PAPP", "02070"),
    *_AFTER,
)
THREE_PHASES: Final[Pairs] = (
    ("ADCO", "012476456789"),
    ("OPTARIF", "HC.."),
    ("ISOUSC", "20"),
    ("HCHC", "028534695"),
    ("HCHP", "032300012"),
    ("PTEC", "HC.."),
    ("IINST1", "003"),
    ("IINST2", "012"),
    ("IINST3", "000"),
    ("IMAX1", "060"),
    ("IMAX2", "060"),
    ("IMAX3", "060"),
    ("PMAX", "06680"),
    ("PAPP", "03410"),
    *_AFTER,
    ("PPOT", "00"),
)
_REGISTERS = tuple((f"EASF{number:02}", f"{value:09}") for number, value in enumerate((8534695, 12300012, *[0] * 8), 1))
PRODUCER: Final[Pairs] = (
    ("ADSC", "032461456789"),
    ("VTIC", "02"),
    ("DATE", "H251124184200", ""),
    ("NGTF", "H PLEINE/CREUSE "),
    ("LTARF", " HEURE  PLEINE  "),
    ("EAST", "020834707"),
    *_REGISTERS,
    ("EASD01", "020834707"),
    ("EASD02", "000000000"),
    ("EASD03", "000000000"),
    ("EASD04", "000000000"),
    ("EAIT", "003456789"),
    ("IRMS1", "004"),
    ("URMS1", "236"),
    ("PREF", "09"),
    ("PCOUP", "09"),
    ("SINSTS", "00000"),
    ("SMAXSN", "H251124081502", "05120"),
    ("SMAXSN-1", "H251123195606", "06560"),
    ("SINSTI", "00920"),
    ("UMOY1", "H251124184000", "236"),
    ("STGE", "003A0701"),
    ("MSG1", "PAS DE          MESSAGE         "),
    ("PRM", "01234567890123"),
    ("RELAIS", "000"),
    ("NTARF", "02"),
    ("NJOURF", "00"),
    ("NJOURF+1", "00"),
    ("PJOURF+1", " ".join(["00008002", "0130C001", "06308002", "2230C001", *["NONUTILE"] * 7])),
)


@dataclass(frozen=True)
class State:
    """What a screen is told before it is looked at."""

    pairs: Pairs | None = HPHC
    mode: Mode = Mode.HISTORIC
    link: Link = field(default_factory=Link)
    samples: tuple[PowerSample, ...] = ()
    frozen: bool = False


def frame(pairs: Pairs, mode: Mode) -> Frame:
    """The groups as a meter would send them, read back."""
    groups = [Group(pair[0], pair[-1], pair[1] if len(pair) == 3 else None) for pair in pairs]
    reader = FrameReader()
    (whole,) = reader.feed(encode_frame(groups, mode))
    assert not whole.rejected
    return whole


def meter(pairs: Pairs, mode: Mode, *, at: float = NOW - 1) -> Meter:
    """A meter that has said this, a second ago unless another moment is given."""
    known = Meter()
    known.observe(frame(pairs, mode), at)
    return known


def curve(before: str, after: str, *, level: float = 1.0, injected: bool = False) -> tuple[PowerSample, ...]:
    """Twelve minutes of a household, with a change of period near the end."""
    samples = []
    for second in range(0, 720, 2):
        power = 380 + 90 * sin(second / 40)
        power += 1900 if 120 <= second < 210 else 0
        power += 2100 if 460 <= second < 640 and second % 30 < 18 else 0
        power += 900 if second >= 660 else 0
        power *= level
        given = 400 + 500 * sin(second / 230) if injected and second > 300 else None
        samples.append(
            PowerSample(
                NOW - 720 + second,
                0 if given else int(power),
                before if second < 480 else after,
                int(given) if given else None,
            )
        )
    return tuple(samples)


LIVE: Final = Link(
    state=LinkState.LIVE,
    source="/dev/ttyUSB0",
    mode=Mode.HISTORIC,
    baudrate=1200,
    frames=12_345,
    accepted=135_795,
    rejected={"checksum": 25, "format": 1, "structure": 1},
    bytes_read=2_098_650,
    last_frame_at=NOW - 1,
)
_LIVE_STANDARD = replace(LIVE, mode=Mode.STANDARD, baudrate=9600)
_NOTHING = Link(source="/dev/ttyUSB0", baudrate=1200)

_HOUSE = curve("HC", "HP")

STATES: Final[dict[str, State]] = {
    "live": State(HPHC, link=LIVE, samples=_HOUSE),
    "base": State(BASE, link=LIVE, samples=curve("BASE", "BASE")),
    "tempo": State(TEMPO, link=LIVE, samples=curve("HCJW", "HPJW")),
    "ejp_notice": State(EJP, link=LIVE, samples=curve("HN", "HN")),
    "three_phases": State(THREE_PHASES, link=LIVE, samples=curve("HP", "HC")),
    "over": State(OVER, link=LIVE, samples=curve("HC", "HP", level=2.9)),
    "injection": State(PRODUCER, Mode.STANDARD, link=_LIVE_STANDARD, samples=curve("HC", "HP", injected=True)),
    "waiting": State(None, link=_NOTHING),
    "stale": State(HPHC, link=replace(LIVE, state=LinkState.STALE, last_frame_at=NOW - 8), samples=_HOUSE),
    "silent": State(HPHC, link=replace(LIVE, state=LinkState.SILENT, last_frame_at=NOW - 754), samples=_HOUSE),
    "unplugged": State(
        HPHC,
        link=replace(LIVE, state=LinkState.UNPLUGGED, last_frame_at=NOW - 42, detail="/dev/ttyUSB0 is gone"),
        samples=_HOUSE,
    ),
    "no_permission": State(
        None,
        link=replace(
            _NOTHING,
            state=LinkState.NO_PERMISSION,
            detail="Only the group dialout may open /dev/ttyUSB0: "
            "run sudo usermod -aG dialout marie, then log in again.",
        ),
    ),
    "busy": State(
        None,
        link=replace(
            _NOTHING, state=LinkState.BUSY, detail="/dev/ttyUSB0 is held by linkypy (process 712): stop it first."
        ),
    ),
    "noise": State(None, link=replace(_NOTHING, state=LinkState.NOISE, bytes_read=1200)),
    "mode_changed": State(
        PRODUCER, Mode.STANDARD, link=replace(_LIVE_STANDARD, mode_changed_at=NOW - 90), samples=_HOUSE
    ),
    "ended": State(HPHC, link=replace(LIVE, state=LinkState.ENDED, source="evening.jsonl.gz"), samples=_HOUSE),
    "frozen": State(HPHC, link=LIVE, samples=_HOUSE, frozen=True),
}
"""Every state that the dashboard has words for."""
