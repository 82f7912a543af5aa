"""Writes the history live: hears frames on the reading thread, writes on its own thread."""

import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from linkytui.civil.synchronised import synchronised
from linkytui.civil.times import Timestamp
from linkytui.errors import HistoryError
from linkytui.history.clock import TOLERANCE, Clock, boot_name, steady_clock
from linkytui.history.lock import WriterLock
from linkytui.history.naming import Naming
from linkytui.history.recorder import Recorder
from linkytui.history.samples import Heard, Sample
from linkytui.history.schema import FILE_NAME, DamagedError, open_for_writing, set_aside
from linkytui.history.state import Condition, HistoryState
from linkytui.history.store import Store
from linkytui.i18n import _
from linkytui.line.listener import Arrival, Listener
from linkytui.reading.contracts import INJECTED, REGISTERS, Contract
from linkytui.settings.folders import history_folder
from linkytui.tic.labels import Mode

if TYPE_CHECKING:
    from linkytui.settings.model import HistorySettings

_LOG: Final = logging.getLogger(__name__)

FLUSH_SECONDS: Final = 10.0
_PROMPT: Final = 60.0  # seconds between writes up to which the first register of a new history is written at once
RAW_DAYS: Final = 7
MINUTE_DAYS: Final = 730

ROOM: Final = 30_000
"""Samples that wait in memory at most while they cannot be written: half a day of a historic meter, some 15 MB."""


def sample_of(arrival: Arrival) -> Sample:
    """What the history keeps of a frame. Where no contract is known yet, its registers are numbered: see `Naming`."""
    reading = arrival.reading
    contract = reading.contract
    registers: dict[str, int] = dict(reading.registers)
    period = reading.period
    if contract in (None, Contract.OTHER) and reading.mode is Mode.STANDARD:
        # A register that counts for the first time started from zero, so its zeros must have been noted.
        names = REGISTERS[Contract.OTHER]
        if contract is None:
            running = next((group.data for group in arrival.frame.groups if group.label == "NTARF"), None)
            period = names[int(running) - 1] if running is not None else None
        registers.update((group.label, int(group.data)) for group in arrival.frame.groups if group.label in names)
    if reading.injected is not None:
        registers[INJECTED] = reading.injected
    return Sample(
        at=reading.at,
        power=reading.power,
        period=period,
        registers=registers,
        injected_power=reading.injected_power,
        meter=reading.meter_id,
        contract=contract,
        limit_kva=max(filter(None, (reading.cutoff, reading.subscribed)), default=None),
        subscribed_kva=reading.subscribed,
        calendar=reading.calendar,
        period_text=reading.period_text,
        today=reading.today,
        tomorrow=reading.tomorrow,
    )


def meter_time_of(arrival: Arrival) -> Timestamp | None:
    """When it is by the meter's own clock, where that can be trusted."""
    reading = arrival.reading
    return None if reading.meter_time is None or reading.clock_degraded else reading.meter_time.timestamp()


def lost(count: int, why: str) -> str:
    """That readings were still waiting at the end."""
    text = _("{count} readings could not be written and are lost; the registers tell their energy later. {why}")
    return text.format(count=count, why=why)


class HistoryWriter(Listener):
    """A listener that keeps what it hears.

    Its listener methods only append to a buffer. The thread of its own writes that buffer in one transaction per flush
    interval. What cannot be written waits in memory, within `ROOM`, and is tried again.
    """

    def __init__(
        self,
        folder: Path,
        *,
        flush_seconds: float = FLUSH_SECONDS,
        raw_days: int = RAW_DAYS,
        minute_days: int = MINUTE_DAYS,
        on_state: Callable[[HistoryState], None] = lambda _state: None,
        monotonic: Callable[[], float] | None = steady_clock,
        boot: str | None = None,
        synchronised: Callable[[], bool] = synchronised,
    ) -> None:
        """Take the right to write, and start.

        `on_state`: told of each change of state, on whichever thread wrote; `monotonic`: seconds on a clock that never
        jumps in one boot of the machine, None when the frames' times are true as they are, as a recording's or a
        simulator's; `boot`: names this boot of the machine, the system's name for it when None; `synchronised`: whether
        the machine says that its clock is, asked at each write. Raises HistoryError: another program writes this
        history, or the folder cannot be used.
        """
        self.flush_seconds = flush_seconds  # between two writes; may be changed at any time
        self.raw_days = raw_days
        self.minute_days = minute_days
        self._path = folder / FILE_NAME
        self._lock = WriterLock(folder)
        self._on_state = on_state
        self._ask_synchronised = synchronised
        self._synchronised = False  # as it was when it was last asked
        self._offset: float | None = None  # between the two clocks, at the last sample
        self._monotonic = monotonic
        self._boot = None if monotonic is None else boot_name() if boot is None else boot
        self._state = HistoryState()
        self._heard: deque[Heard] = deque()
        self._naming = Naming()
        self._cursors: dict[str, int] = {}
        self._dropped = 0
        self._recorder: Recorder | None = None
        self._clock: Clock | None = None
        self._inode = 0
        self._removed = False  # somebody took the history away under us
        self._torn = ""  # what a damaged log has lost, in a sentence
        self._wake = threading.Event()
        self._writing = threading.RLock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="history", daemon=True)
        self._thread.start()

    @property
    def state(self) -> HistoryState:
        """How the writing goes."""
        return self._state

    def frame_came(self, arrival: Arrival) -> None:
        """Keep a frame for the next flush."""
        self.hear(sample_of(arrival), meter_time_of(arrival))

    def take_over(self, heard: Iterable[Heard]) -> None:
        """Keep for the next flush what was heard before there was a writer; its times are on the clock of this one."""
        for one in heard:
            self._add(self._naming.take(one))

    def hear(self, sample: Sample, meter_time: Timestamp | None = None) -> None:
        """Keep a sample for the next flush, with the meter's own time where that can be trusted."""
        if self._monotonic is None:
            heard = Heard(sample, 0.0, meter_time)
        else:
            now = self._monotonic()
            offset = sample.at - now
            if self._offset is not None and abs(offset - self._offset) > TOLERANCE:
                self._synchronised = False  # it was set just now: to what, the next write asks
            self._offset = offset
            heard = Heard(sample, now, meter_time, self._synchronised)
        self._add(self._naming.take(heard))

    def _add(self, heard: list[Heard]) -> None:
        for one in heard:
            if len(self._heard) >= ROOM:
                self._heard.popleft()
                self._dropped += 1
            self._heard.append(one)
        recorder = self._recorder
        if heard and recorder is not None and recorder.newest is None and self.flush_seconds <= _PROMPT:
            self._wake.set()  # where counting begins must not be lost

    def save_cursor(self, name: str, sample: int) -> None:
        """Remember at the next flush up to which sample somebody has dealt with them."""
        self._cursors[name] = sample

    def flush(self) -> None:
        """Write now, on the thread that calls. Whether it worked is in `state`; nothing is raised."""
        with self._writing:
            if self._state.condition is not Condition.CLOSED:
                self._attempt()

    def close(self) -> None:
        """Write what is left and let go of the file; the second time does nothing."""
        self._stop.set()
        self._wake.set()
        if threading.current_thread() is not self._thread:
            self._thread.join()
        with self._writing:
            if self._state.condition is Condition.CLOSED:
                return
            self._add(self._naming.flush())
            self._attempt()
            if self._heard:
                text = _(
                    "{count} readings could not be written and are lost; the registers tell their energy later. {why}"
                )
                _LOG.error("%s", text.format(count=len(self._heard), why=self._state.text))
            self._let_go()
            self._lock.release()
            self._tell(replace(self._state, condition=Condition.CLOSED, text=""))

    def _run(self) -> None:
        self.flush()
        while not self._stop.is_set():
            self._wake.wait(self.flush_seconds)
            self._wake.clear()
            if not self._stop.is_set():
                self.flush()

    def _attempt(self) -> None:
        """Write once; what cannot be written stays for the next time."""
        if self._monotonic is not None:
            self._synchronised = self._ask_synchronised()
        count = len(self._heard)
        heard = [self._heard.popleft() for _number in range(count)]
        cursors = dict(self._cursors)
        try:
            try:
                waiting = self._record(heard, cursors)
            except sqlite3.DatabaseError as error:
                if not _damaged(error):
                    raise
                self._set_aside()
                waiting = self._record(heard, cursors)
        except HistoryError as error:
            self._keep(heard)
            self._report(Condition.REFUSED, str(error))
        except (sqlite3.Error, OSError, DamagedError) as error:
            self._keep(heard)
            self._let_go()
            self._report(Condition.FAILING, _sentence(error, self._path))
        except Exception as error:
            _LOG.exception("writing the history failed")
            self._keep(heard)
            self._let_go()
            self._report(Condition.FAILING, _sentence(error, self._path))
        else:
            for name, sample in cursors.items():
                if self._cursors.get(name) == sample:
                    del self._cursors[name]
            self._keep(waiting)
            if waiting:
                self._report(Condition.WAITING, _("The machine's clock is not set yet; the history is waiting for it"))
            else:
                self._report(Condition.WRITING, self._loss())

    def _record(self, heard: list[Heard], cursors: dict[str, int]) -> list[Heard]:
        recorder = self._opened()
        recorder.raw_days, recorder.minute_days = self.raw_days, self.minute_days
        try:
            return recorder.record(heard, cursors)
        finally:
            self._clock = recorder.clock

    def _opened(self) -> Recorder:
        """The recorder on the file that is there now."""
        if self._recorder is not None and self._gone():
            self._let_go()
            if not self._path.parent.exists():
                # The lock went with the folder, and another process could take a new one.
                self._lock.release()
                self._lock = WriterLock(self._path.parent)
            self._removed = True
            _LOG.error("%s", self._loss())
        if self._recorder is None:
            try:
                connection = open_for_writing(self._path, on_loss=self._miss)
            except DamagedError:
                self._set_aside()
                connection = open_for_writing(self._path)
            self._inode = self._path.stat().st_ino
            try:
                self._recorder = Recorder(
                    Store(connection),
                    self._boot,
                    clock=self._clock,
                    raw_days=self.raw_days,
                    minute_days=self.minute_days,
                )
            except BaseException:
                connection.close()
                raise
        return self._recorder

    def _gone(self) -> bool:
        """Whether somebody removed or replaced the file under us."""
        try:
            return self._path.stat().st_ino != self._inode
        except FileNotFoundError:
            return True

    def _set_aside(self) -> None:
        self._let_go()
        self._state = replace(self._state, set_aside=str(set_aside(self._path)))
        _LOG.error("%s", self._loss())

    def _miss(self, text: str) -> None:
        """Say what a damaged log has lost, now and for as long as this runs."""
        self._torn = text
        _LOG.error("%s", text)

    def _loss(self) -> str:
        """That this run has set a damaged file aside, until somebody takes that file away; what else was lost."""
        if self._removed:
            text = _("The history in {folder} was removed while linkytui was running; a new one has begun")
            return text.format(folder=self._path.parent)
        damaged = self._state.set_aside
        if damaged is None or not Path(damaged).exists():
            return self._torn
        text = _("The history was damaged and a new one has begun: rescue {path}, or delete it")
        return text.format(path=damaged)

    def _let_go(self) -> None:
        if self._recorder is not None:
            self._recorder.store.connection.close()
            self._recorder = None

    def _keep(self, heard: list[Heard]) -> None:
        """Put back, before what came meanwhile, what was not written; the oldest go when there is no room."""
        room = max(0, ROOM - len(self._heard))
        self._dropped += max(0, len(heard) - room)
        self._heard.extendleft(reversed(heard[len(heard) - room :] if room else []))

    def _report(self, condition: Condition, text: str) -> None:
        written_at = self._recorder.newest if self._recorder else self._state.written_at
        self._tell(
            replace(
                self._state,
                condition=condition,
                text=text,
                waiting=len(self._heard) if condition is not Condition.WRITING else 0,
                dropped=self._dropped,
                written_at=written_at,
            )
        )

    def _tell(self, state: HistoryState) -> None:
        if state == self._state:
            return
        before, self._state = self._state, state
        # What was lost is in the log already.
        if state.condition not in (before.condition, Condition.WRITING) and state.text:
            _LOG.warning("%s", state.text)
        self._on_state(state)


def open_writer(
    settings: "HistorySettings", on_state: Callable[[HistoryState], None] = lambda _state: None
) -> HistoryWriter:
    """A writer of the history that the settings name, already at work.

    Raises HistoryError: another program writes it, or its folder cannot be used.
    """
    return HistoryWriter(
        history_folder(settings),
        flush_seconds=settings.flush_seconds,
        raw_days=settings.raw_days,
        minute_days=settings.minute_days,
        on_state=on_state,
    )


def _damaged(error: sqlite3.DatabaseError) -> bool:
    return (error.sqlite_errorcode & 0xFF) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _sentence(error: Exception, path: Path) -> str:
    """One line for a person."""
    if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
        return _("The disk is full: the history in {folder} is held in memory; free some space").format(
            folder=path.parent
        )
    reason = getattr(error, "strerror", None) or error
    return _("The history {path} cannot be written for now: {error}").format(path=path, error=reason)
