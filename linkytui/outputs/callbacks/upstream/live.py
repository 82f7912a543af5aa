"""What a collector says of its meter now, for whoever looks at a fleet. Nothing is sent again: the next one follows."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from linkytui.civil.times import Timestamp
from linkytui.link import Link, LinkState
from linkytui.outputs.callbacks.upstream.batch import VERSION
from linkytui.reading.contracts import INJECTED
from linkytui.reading.model import Reading

_Text = Annotated[str, Meta(max_length=64)]


class Live(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A meter at one moment. Absent is what it did not say."""

    v: Annotated[int, Meta(ge=VERSION)]
    at: Annotated[int, Meta(ge=0, le=4_102_444_800_000)]  # milliseconds since 1970 at which this was said
    every: Annotated[float, Meta(gt=0, le=86_400)]  # seconds after which the next one follows
    link: _Text = LinkState.WAITING.value  # a `LinkState`, or one that only a newer linkytui knows
    number: _Text | None = None  # the meter's own
    contract: _Text | None = None
    period: _Text | None = None  # the register that counts
    power: Annotated[int, Meta(ge=0, le=10_000_000)] | None = None  # VA drawn
    injected_power: Annotated[int, Meta(ge=0, le=10_000_000)] | None = None  # VA given to the grid
    subscribed: Annotated[float, Meta(ge=0, le=10_000)] | None = None  # kVA
    registers: Annotated[Mapping[_Text, Annotated[int, Meta(ge=0, le=10**15)]], Meta(max_length=32)] = {}  # Wh
    today_wh: Annotated[int, Meta(ge=0, le=10**12)] | None = None  # Wh drawn since midnight
    today_eur: float | None = None  # EUR since midnight, a day of the subscription included


class Today(NamedTuple):
    """What the day came to so far; None is not known."""

    wh: int | None = None
    eur: float | None = None


class LastKnown:
    """What a meter said last of everything, and how its line does."""

    def __init__(self, every: float) -> None:
        """Nothing is known. `every`: seconds between two messages."""
        self._every = every
        self._registers: dict[str, int] = {}
        self._said: dict[str, object] = {}
        self.number: str | None = None
        self.state = LinkState.WAITING

    def hear(self, reading: Reading) -> None:
        """Take in what a frame says."""
        if reading.meter_id not in (None, self.number):
            self.number = reading.meter_id
            self._registers.clear()
            self._said.clear()
        self._registers.update(reading.registers)
        if reading.injected is not None:
            self._registers[INJECTED] = reading.injected
        said = {
            "contract": None if reading.contract is None else reading.contract.value,
            "period": reading.period,
            "power": reading.power,
            "injected_power": reading.injected_power,
            "subscribed": reading.subscribed,
        }
        self._said |= {name: value for name, value in said.items() if value is not None}

    def link(self, link: Link) -> bool:
        """Take in how the line does; whether that is news."""
        before, self.state = self.state, link.state
        return before is not link.state

    def message(self, now: Timestamp, today: Today) -> Live:
        """All of it. What is drawn now is told only while the line is alive."""
        said = dict(self._said)
        if self.state is not LinkState.LIVE:
            for name in ("power", "injected_power"):
                said.pop(name, None)
        return Live(
            v=VERSION,
            at=round(now * 1000),
            every=self._every,
            link=self.state.value,
            number=self.number,
            registers=dict(self._registers),
            today_wh=today.wh,
            today_eur=today.eur,
            **said,  # type: ignore[arg-type]
        )
