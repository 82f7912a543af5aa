"""Frames of made-up meters."""

from linkytui.line.listener import Arrival
from linkytui.reading import Meter
from linkytui.tic import Frame, FrameReader, Group, Mode, encode_frame

METER_ID = "041864000001"
START = 1_763_960_400.0
"""2025-11-24 05:00:00 UTC."""


def historic(power: int = 460, hc: int = 5_602_128, hp: int = 7_923_975, period: str = "HP..") -> Frame:
    """A whole frame of an HC/HP meter."""
    groups = [
        Group("ADCO", METER_ID),
        Group("OPTARIF", "HC.."),
        Group("ISOUSC", "45"),
        Group("HCHC", f"{hc:09}"),
        Group("HCHP", f"{hp:09}"),
        Group("PTEC", period),
        Group("IINST", "002"),
        Group("IMAX", "090"),
        Group("PAPP", f"{power:05}"),
        Group("HHPHC", "A"),
        Group("MOTDETAT", "000000"),
    ]
    return framed(groups, Mode.HISTORIC)


def framed(groups: list[Group], mode: Mode) -> Frame:
    """The frame that a reader makes of these groups."""
    (frame,) = FrameReader().feed(encode_frame(groups, mode))
    return frame


def cut(frame: Frame) -> Frame:
    """The same frame with its end missing."""
    return frame._replace(complete=False, groups=frame.groups[:-2])


class Household:
    """A meter that hands on one frame after another."""

    def __init__(self, at: float = START) -> None:
        self.meter = Meter()
        self.at = at

    def arrival(self, frame: Frame | None = None, after: float = 1.5) -> Arrival:
        """The next frame, `after` seconds later."""
        self.at += after
        frame = frame or historic()
        return Arrival(frame, self.meter.observe(frame, self.at), self.meter)
