"""Frames that tests make: bytes with right checksums, numbers of nobody."""

from linkytui.tic import Frame, FrameReader, Group, Mode, encode_frame, encode_group

HISTORIC = tuple(
    Group(*pair)
    for pair in (
        ("ADCO", "012361456789"),
        ("OPTARIF", "HC.."),
        ("ISOUSC", "45"),
        ("HCHC", "008534695"),
        ("HCHP", "008300012"),
        ("PTEC", "HP.."),
        ("IINST", "009"),
        ("IMAX", "090"),
        ("PAPP", "02070"),
        ("HHPHC", "A"),
        ("MOTDETAT", "000000"),
    )
)
STANDARD = (
    Group("ADSC", "012361456789"),
    Group("VTIC", "02"),
    Group("DATE", "", "E260714074553"),
    Group("NGTF", "H PLEINE/CREUSE "),
    Group("LTARF", " HEURE  PLEINE  "),
    Group("EAST", "016834707"),
    Group("EASF01", "008534695"),
    Group("EASF02", "008300012"),
    Group("EASD01", "000000000"),
    Group("IRMS1", "009"),
    Group("URMS1", "234"),
    Group("PREF", "09"),
    Group("SINSTS", "02104"),
    Group("SMAXSN", "05120", "E260714061502"),
    Group("STGE", "003A0401"),
    Group("MSG1", "PAS DE          MESSAGE         "),
    Group("RELAIS", "000"),
    Group("NTARF", "02"),
)
LONG = tuple(
    Group(*pair)
    for pair in (
        ("ADCO", "012376456789"),
        ("OPTARIF", "BASE"),
        ("ISOUSC", "20"),
        ("BASE", "010151175"),
        ("PTEC", "TH.."),
        ("IINST1", "000"),
        ("IINST2", "002"),
        ("IINST3", "000"),
        ("IMAX1", "060"),
        ("IMAX2", "060"),
        ("IMAX3", "060"),
        ("PMAX", "02680"),
        ("PAPP", "00740"),
        ("HHPHC", "A"),
        ("MOTDETAT", "000000"),
        ("PPOT", "00"),
    )
)
SHORT = tuple(
    Group(*pair)
    for pair in (("ADIR2", "024"), ("ADCO", "012376456789"), ("IINST1", "003"), ("IINST2", "024"), ("IINST3", "001"))
)


def historic(*groups: Group) -> bytes:
    """A historic frame; the usual one when no group is given."""
    return encode_frame(groups or HISTORIC, Mode.HISTORIC)


def standard(*groups: Group) -> bytes:
    """A standard frame; the usual one when no group is given."""
    return encode_frame(groups or STANDARD, Mode.STANDARD)


def pieces(groups: tuple[Group, ...], mode: Mode = Mode.HISTORIC) -> list[bytes]:
    """The groups' bytes without their delimiters."""
    return [encode_group(group, mode)[1:-1] for group in groups]


def read(stream: bytes, size: int = 4096, *, text: bool = False) -> list[Frame]:
    """All frames of a stream, the cut one included."""
    reader = FrameReader(text=text)
    frames = [frame for start in range(0, len(stream), size) for frame in reader.feed(stream[start : start + size])]
    last = reader.close()
    return frames if last is None else [*frames, last]
