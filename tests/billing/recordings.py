"""Real history files, filled through the history's own importer."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from linkytui.history import Importer, Sample
from linkytui.reading import Contract
from linkytui.tic import Colour
from tests.billing.households import PARIS

METER = "041234567890"
STEP = 600


def samples(
    start: float,
    end: float,
    contract: Contract,
    watts: Callable[[datetime], tuple[str, int]],
    *,
    before: Mapping[str, int],
    kva: float = 6.0,
    colour: Callable[[datetime], Colour | None] = lambda _: None,
    step: int = STEP,
) -> Iterator[Sample]:
    """A meter that is seen every so many seconds, and counts what the household draws.

    Args:
        start: seconds since 1970, as is `end`.
        end: included.
        contract: of the meter.
        watts: the register that counts and the power that is drawn, at a local time.
        before: Wh that its registers counted before.
        kva: subscribed power.
        colour: of the Tempo day that runs at a local time.
        step: seconds from one sample to the next.
    """
    joules = {name: wh * 3600 for name, wh in before.items()}
    at = start
    while at <= end:
        when = datetime.fromtimestamp(at, PARIS)
        register, power = watts(when)
        yield Sample(
            at=at,
            power=power,
            period=register,
            registers={name: value // 3600 for name, value in joules.items()},
            meter=METER,
            contract=contract,
            limit_kva=kva,
            today=colour(when),
        )
        joules[register] += power * step
        at += step


def keep(folder: Path, rows: Iterable[Sample], now: float) -> None:
    """Record them."""
    folder.mkdir(parents=True, exist_ok=True)
    with Importer(folder, now=now, gap_seconds=2 * STEP) as importer:
        importer.import_samples(rows)


def steady(when: datetime) -> tuple[str, int]:
    """600 W on the one register, at all hours."""
    return "BASE", 600


def night_and_day(when: datetime) -> tuple[str, int]:
    """Off-peak from 22:30 to 06:30 with 900 W, 300 W by day."""
    clock = (when.hour, when.minute)
    return ("HC", 900) if clock >= (22, 30) or clock < (6, 30) else ("HP", 300)
