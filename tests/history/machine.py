"""A machine with a clock that goes wrong, and a meter beside it that counts evenly and truly."""

from collections.abc import Callable
from pathlib import Path

from linkytui.history import Sample
from linkytui.history.recorder import Recorder
from linkytui.history.samples import Heard
from linkytui.reading import Contract
from tests.history.household import METER, open_recorder

WH_PER_HOUR = 1200
FLUSH = 60.0


class Machine:
    """Records a meter that draws 1200 W, 10 s after 10 s of true time, with whatever its wall clock says."""

    def __init__(self, folder: Path, origin: float, *, meter_clock: bool = False) -> None:
        """`origin` is the true time at which the meter's register said 5 000 000 Wh."""
        self.folder = folder
        self.meter_clock = meter_clock
        self.meter_ahead = 0.0  # seconds by which the meter's clock is ahead
        self.synchronised = False  # the machine says that its clock is
        self.waiting: list[Heard] = []
        self._origin = origin
        self._boots = 0
        self._boot_at = origin
        self._recorder: Recorder | None = None

    def boot(self, now: float) -> None:
        """Start the machine at a true time; the monotonic clock begins at 30 s."""
        self.kill()
        self._boots += 1
        self._boot_at = now - 30

    def kill(self) -> None:
        """Kill the program; what waits in memory is lost."""
        if self._recorder is not None:
            self._recorder.store.connection.close()
        self._recorder = None
        self.waiting = []

    def run(self, start: float, end: float, wrong_by: float | Callable[[float], float] = 0.0) -> None:
        """Record from one true time to another, while the wall clock is wrong by so many seconds."""
        if self._recorder is None:
            self._recorder = open_recorder(self.folder, boot=f"boot-{self._boots}")
        now, flush_at = start, start + FLUSH
        while now < end:
            error = wrong_by(now) if callable(wrong_by) else wrong_by
            sample = Sample(
                at=now + error,
                power=WH_PER_HOUR,
                period="BASE",
                registers={"BASE": self.register(now)},
                meter=METER,
                contract=Contract.BASE,
                limit_kva=6.0,
            )
            meter_time = now + self.meter_ahead if self.meter_clock else None
            self.waiting.append(Heard(sample, now - self._boot_at, meter_time, self.synchronised))
            now += 10
            if now >= flush_at:
                self.flush()
                flush_at += FLUSH
        self.flush()

    def flush(self) -> None:
        """Write what was heard."""
        assert self._recorder is not None
        self.waiting = self._recorder.record(self.waiting)

    def register(self, now: float) -> int:
        """Wh in the meter's register at a true time."""
        return 5_000_000 + int(now - self._origin) * WH_PER_HOUR // 3600
