"""The reader's status as a line of JSON, for attached screens and `linkytui status`.

The fields of these structs are the keys of that JSON, which other programs read: they are only ever added to.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct

from linkytui.civil.times import Timestamp
from linkytui.link import Link, LinkState
from linkytui.reading.meter_hours import HoursChange
from linkytui.reading.model import Reading

LONGEST_REPORT: Final = 64 * 1024  # bytes of a line at most; what is longer is no report

ReaderKind = Literal["collector", "screen"]


class LinkReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The line, as `link.Link` has it."""

    state: str = LinkState.WAITING.value
    source: str = ""
    detail: str = ""
    mode: str | None = None
    baudrate: int | None = None
    frames: int = 0
    accepted: int = 0  # groups
    rejected: int = 0  # groups
    last_frame_at: Timestamp | None = None

    @property
    def link_state(self) -> LinkState:
        """The state; one that only a newer linkytui knows counts as waiting."""
        try:
            return LinkState(self.state)
        except ValueError:
            return LinkState.WAITING


class ReadingReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The last known of what matters most."""

    at: Timestamp  # seconds since 1970
    power: int | None = None  # VA drawn
    period: str | None = None
    period_text: str | None = None  # what the meter calls it, in a supplier's own calendar
    contract: str | None = None
    registers: Mapping[str, int] = {}  # Wh
    subscribed: float | None = None  # kVA
    injected: int | None = None  # Wh given to the grid in all
    injected_power: int | None = None  # VA given to the grid


class BacklogReport(Struct, frozen=True, kw_only=True):
    """What InfluxDB has not got yet."""

    samples: int
    oldest_at: Timestamp | None


class Delivery(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the delivery to InfluxDB fares."""

    connected: bool = False  # the last request went well
    waiting: int = 0  # samples that InfluxDB has not got yet
    oldest_at: Timestamp | None = None  # seconds since 1970 of the oldest of them
    sent: int = 0  # samples taken since the start
    too_old: int = 0  # samples that waited for more than seven days
    error: str | None = None  # the trouble that there is, one line; None once it is over
    error_at: Timestamp | None = None  # seconds since 1970 at which that trouble began
    refused: str | None = None  # the server's words of points that are kept to be sent again; None while there are none
    refused_points: int = 0  # how many these are
    remarks: tuple[str, ...] = ()  # what could not be set up in the database, a line each
    unreadable: str | None = None  # why the history cannot be read, so that only live values are sent; None when it can


class Publication(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the publishing by MQTT fares."""

    connected: bool = False
    frames: int = 0  # published since the start
    error: str | None = None  # the trouble that there is, one line; None once it is over


class CallbackState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One callback at one moment."""

    name: str
    status: str  # a `callbacks.CallbackStatus`, or one that only a newer linkytui knows
    busy_for: float = 0.0  # seconds for which the running call has lasted; 0 between calls
    paused_for: float = 0.0  # seconds until it is tried again; 0 unless paused
    delivered: int = 0  # frames that it took without an error
    dropped: int = 0  # frames that it was too slow for
    failures: int = 0  # calls that raised
    last_at: Timestamp | None = None  # seconds since 1970 at which it last took a frame
    last_error: str | None = None  # one line
    last_error_at: Timestamp | None = None
    note: str | None = None  # what a person should know of it, such as that it stands in for one of linkypy's
    delivery: Delivery | None = None  # of InfluxDB, while it is on
    publication: Publication | None = None  # of MQTT, while it is on


class CostReport(Struct, frozen=True, kw_only=True):
    """What the month that runs costs."""

    month_eur: float | None  # so far, subscription included; None when no price is known
    estimate_eur: float | None  # at its end; None when that cannot be told


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the status socket."""

    kind: str  # `collector`, or `screen` for a screen that reads because no collector does
    pid: int
    history: str | None = None  # the folder in which it keeps the history; None when it keeps none
    settings: str | None = None  # the file from which it has its settings
    link: LinkReport = LinkReport()
    reading: ReadingReport | None = None  # None before the first frame
    history_trouble: str = ""  # what is wrong with the history, as people read it; it is among `troubles` too
    troubles: tuple[str, ...] = ()  # what is wrong beside the line, one text each: the disk, a database, a plugin
    callbacks: tuple[CallbackState, ...] = ()  # in the order of the settings; none before it reads
    backlog: BacklogReport | None = None  # None when nothing is sent to InfluxDB
    cost: CostReport | None = None  # None until it was worked out
    hours_change: HoursChange | None = None  # other off-peak hours from tomorrow on, or from today on; else None


def first_report(kind: ReaderKind, history: Path | None, settings: Path | None = None, *, source: str = "") -> Report:
    """What this process says of itself before the first byte. `source`: what it reads, as far as that is known."""
    link = LinkReport(source=source)
    return Report(kind=kind, pid=os.getpid(), history=_text(history), settings=_text(settings), link=link)


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path.absolute())


def report_of(before: Report, link: Link, latest: Reading | None) -> Report:
    """The same process a moment later."""
    return msgspec.structs.replace(
        before,
        link=LinkReport(
            state=link.state.value,
            source=link.source,
            detail=link.detail,
            mode=link.mode.value if link.mode else None,
            baudrate=link.baudrate,
            frames=link.frames,
            accepted=link.accepted,
            rejected=link.rejected_total,
            last_frame_at=link.last_frame_at,
        ),
        reading=None
        if latest is None
        else ReadingReport(
            at=latest.at,
            power=latest.power,
            period=latest.period,
            period_text=latest.period_text,
            contract=latest.contract,
            registers=dict(latest.registers),
            subscribed=latest.subscribed,
            injected=latest.injected,
            injected_power=latest.injected_power,
        ),
    )


def to_line(report: Report) -> bytes:
    """The line of a report, its end included."""
    return msgspec.json.encode(report) + b"\n"


def from_line(line: bytes) -> Report | None:
    """The report of a line; None when it is none that this version understands."""
    try:
        return msgspec.json.decode(line, type=Report)
    except msgspec.DecodeError:
        return None
