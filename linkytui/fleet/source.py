"""One meter of a fleet as a line to be read: what it said last, as a meter in standard mode would say it."""

import re
import threading
import time
from collections.abc import Callable
from typing import Final

from linkytui.civil.times import Timestamp
from linkytui.fleet.meters import Fleet, Known, Trouble
from linkytui.line.sources.base import READ_TIMEOUT, EndOfSource, Source
from linkytui.link import LinkError, LinkState
from linkytui.outputs.callbacks.upstream.live import Live
from linkytui.outputs.callbacks.upstream.topics import Source as Name
from linkytui.reading.contracts import INJECTED, REGISTERS, Contract
from linkytui.tic.encoder import encode_frame
from linkytui.tic.groups import Group
from linkytui.tic.labels import Mode

_CALENDARS: Final = {
    Contract.BASE: "BASE",
    Contract.HPHC: "H PLEINE/CREUSE",
    Contract.TEMPO: "TEMPO",
    Contract.EJP: "EJP",
    Contract.OTHER: "AUTRE",
}
_AGAIN_AFTER: Final = 2.0
"""Seconds after which a meter says the same again: it speaks each few seconds, its collector does not."""


class FleetSource(Source):
    """The meter that was chosen. Until one is, nothing comes."""

    def __init__(self, fleet: Fleet, *, now: Callable[[], Timestamp] = time.time) -> None:
        """No meter is chosen. `fleet`: is only looked into."""
        self._fleet = fleet
        self._now = now
        self._chosen: Name | None = None
        self._generation = 0
        self._said: tuple[Live | None, Timestamp] = (None, 0.0)
        self._closed = threading.Event()

    def choose(self, name: Name) -> None:
        """Speak for this meter from now on. From any thread."""
        if name != self._chosen:
            self._chosen = name
            self._generation += 1
            self._said = (None, 0.0)

    @property
    def name(self) -> str:
        return "" if self._chosen is None else " / ".join(self._chosen)

    @property
    def baudrate(self) -> int | None:
        return None

    @property
    def generation(self) -> int:
        return self._generation

    def now(self) -> float:
        return self._now()

    def listen_at(self, baudrate: int) -> None:
        """There is no speed."""

    def read(self) -> bytes:
        if self._closed.wait(READ_TIMEOUT):
            raise EndOfSource
        known = None if self._chosen is None else self._fleet.meters.get(self._chosen)
        if known is None:
            return b""
        now = self._now()
        self._fail_as_it_does(known, now)
        live, said_at = self._said
        if known.live is live and 0 <= now - said_at < _AGAIN_AFTER:
            return b""
        self._said = known.live, now
        return encode_frame(groups_of(known.live), Mode.STANDARD)

    def close(self) -> None:
        self._closed.set()

    @staticmethod
    def _fail_as_it_does(known: Known, now: Timestamp) -> None:
        trouble = known.trouble(now)
        if trouble is Trouble.GONE:
            raise LinkError(LinkState.NO_READER, "")
        if trouble is Trouble.LINE:
            try:
                state = LinkState(known.live.link)
            except ValueError:
                state = LinkState.FAILED
            if state.down:
                raise LinkError(state, "")


def groups_of(live: Live) -> list[Group]:
    """The groups that say the same. What is silent at its own site says no power, so none is said."""
    number = live.number if live.number is not None and re.fullmatch(r"[0-9]{12}", live.number) else "000000000000"
    groups = [Group("ADSC", number)]
    try:
        contract = Contract(live.contract or "")
    except ValueError:
        contract = Contract.OTHER
    groups.append(Group("NGTF", f"{_CALENDARS[contract]:^16}"))
    names = REGISTERS[contract]
    registers = [(place, live.registers.get(name)) for place, name in enumerate(names, 1)]
    groups.append(Group("EAST", f"{_index(sum(wh or 0 for _place, wh in registers))}"))
    groups += [Group(f"EASF{place:02}", _index(wh or 0)) for place, wh in registers]
    if INJECTED in live.registers:
        groups.append(Group("EAIT", _index(live.registers[INJECTED])))
    if live.subscribed:
        groups.append(Group("PREF", f"{min(round(live.subscribed), 99):02}"))
    if live.power is not None:
        groups.append(Group("SINSTS", f"{min(live.power, 99_999):05}"))
    if live.injected_power is not None:
        groups.append(Group("SINSTI", f"{min(live.injected_power, 99_999):05}"))
    if live.period in names:
        groups.append(Group("NTARF", f"{names.index(live.period) + 1:02}"))
    return groups


def _index(wh: int) -> str:
    return f"{wh % 10**9:09}"
