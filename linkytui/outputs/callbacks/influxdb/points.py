"""Points written to InfluxDB: measurements, fields, types and tags as linkypy made them. Pure.

linkypy's four measurements get linkypy's fields and tags and nothing else: its dashboard takes `last()` and `mean()` of
them without grouping. What more the meter says goes to measurements of our own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final, Protocol

from linkytui.civil.times import Timestamp
from linkytui.link import Link
from linkytui.outputs.callbacks.influxdb.lines import Point
from linkytui.reading.contracts import Contract
from linkytui.reading.model import Reading
from linkytui.tic.frames import Frame
from linkytui.tic.groups import Group, Reason
from linkytui.tic.labels import KNOWN_LABELS, Kind

WEEK: Final = 7 * 86_400  # seconds that `linky_rp` keeps

_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""In English whatever the language: they are tag values of existing databases."""

_TEMPO: Final = (("HCJB", "HCJW", "HCJR"), ("HPJB", "HPJW", "HPJR"))
_REASONS: Final[tuple[Reason, ...]] = ("checksum", "format", "structure")


def date_tags(at: Timestamp, zone: tzinfo) -> dict[str, str]:
    """Month and year of a moment in the local calendar, as linkypy tagged them."""
    local = datetime.fromtimestamp(at, zone)
    return {"month_number": str(local.month), "year_number": str(local.year), "month_name": _MONTHS[local.month - 1]}


def hchc_hchp(registers: Mapping[str, int]) -> tuple[int | None, int | None]:
    """Every contract's registers as linkypy's two fields, in Wh; None where the registers do not say.

    The total is kept whatever the contract: off-peak registers go to HCHC and all others to HCHP. Base counts as peak
    hours, so HCHC is 0; Tempo adds its colours up; on EJP the mobile peak is HCHP; of a supplier's own calendar, the
    first register is HCHC and the others together are HCHP.
    """
    if "HC" in registers or "HP" in registers:
        return registers.get("HC"), registers.get("HP")
    if "BASE" in registers:
        return 0, registers["BASE"]
    if "HN" in registers or "PM" in registers:
        return registers.get("HN"), registers.get("PM")
    if any(name in registers for names in _TEMPO for name in names):
        off_peak, peak = (
            sum(registers[name] for name in names) if all(name in registers for name in names) else None
            for names in _TEMPO
        )
        return off_peak, peak
    own = {name: index for name, index in registers.items() if name.startswith("EASF")}
    if not own:
        return None, None
    first = own.pop("EASF01", 0)
    return first, sum(own.values())


def second_of(at: Timestamp) -> int:
    """The whole second of a moment, by way of the milliseconds that the history keeps.

    A live point and the same one from the history must not differ by the last half millisecond of a second.
    """
    return round(at * 1000) // 1000


def linky_point(at: Timestamp, power: int, registers: Mapping[str, int], zone: tzinfo) -> Point:
    """A point of `linky`: whole numbers only, else an existing database refuses it.

    `power`: VA; `registers`: Wh, the last known of each.
    """
    hchc, hchp = hchc_hchp(registers)
    fields = {"PAPP": power}
    if hchc is not None:
        fields["HCHC"] = hchc
    if hchp is not None:
        fields["HCHP"] = hchp
    return {"measurement": "linky", "tags": date_tags(second_of(at), zone), "time": second_of(at), "fields": fields}


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCost:
    """What the month costs with one offer."""

    provider: str
    offer_name: str
    offer_type: str  # BASE, HPHC, TEMPO or EJP
    power: int  # kVA subscribed
    subscription_price: float  # EUR a month
    hp_kwh_price: float  # EUR per kWh in peak hours; the only price where there is one
    hc_kwh_price: float  # EUR per kWh in off-peak hours; the only price where there is one
    current_cost: float  # EUR: energy since the month began, and the whole month's subscription
    estimated_cost: float  # EUR: what the whole month will have cost


class PriceFeed(Protocol):
    """Knows what the month costs."""

    def costs(self, at: Timestamp) -> tuple[OfferCost, ...]:
        """The month's cost with every known offer."""


def price_point(cost: OfferCost, at: Timestamp, zone: tzinfo) -> Point:
    """A point of `prices`: always floating numbers, with two decimals as linkypy rounded them."""
    return {
        "measurement": "prices",
        "tags": {
            "provider": cost.provider,
            "offer_name": cost.offer_name,
            "offer_type": cost.offer_type,
            "power": str(cost.power),
            "subscription_price": str(float(cost.subscription_price)),
            "hp_kwh_price": str(float(cost.hp_kwh_price)),
            "hc_kwh_price": str(float(cost.hc_kwh_price)),
            **date_tags(at, zone),
        },
        "time": int(at),
        "fields": {
            "CURRENT_COST": round(float(cost.current_cost), 2),
            "ESTIMATED_COST": round(float(cost.estimated_cost), 2),
        },
    }


_NUMBERS: Final = (Kind.INDEX, Kind.INTEGER)
_REPEAT_AFTER: Final = 60.0


class LabelPoints:
    """Makes the points of `linky_tic`: each label when it changes, and all of them once a minute."""

    def __init__(self) -> None:
        self._written: dict[str, str] = {}
        self._whole_at = 0.0

    def point(self, frame: Frame, at: Timestamp) -> Point | None:
        """The labels of this frame that are news; None when there are none.

        A label is a whole number where the specification says that it is a number, else a text; never both.
        """
        whole = not 0 <= at - self._whole_at < _REPEAT_AFTER
        if whole:
            self._whole_at = at
            self._written.clear()
        fields: dict[str, int | str] = {}
        for group in frame.groups:
            text = f"{group.horodate or ''} {group.data}"
            if self._written.get(group.label) != text:
                self._written[group.label] = text
                fields[group.label] = _field(frame, group)
        if not fields:
            return None
        return {"measurement": "linky_tic", "tags": {"mode": frame.mode.value}, "time": int(at), "fields": fields}


def _field(frame: Frame, group: Group) -> int | str:
    known = KNOWN_LABELS[frame.mode].get(group.label)
    if known is not None and known.kind in _NUMBERS:
        return int(group.data)
    return group.data.strip() or group.horodate or ""


class StatePoints:
    """Makes the points of `linky_state`: the meaning of both modes in one form, on a change and once a minute."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}
        self._numbers: dict[str, int] = {}
        self._written: dict[str, str] = {}
        self._written_at = 0.0

    def point(self, reading: Reading, registers: Mapping[str, int]) -> Point | None:
        """The state by now; None when it is not time for a point.

        Args:
            reading: the frame that came.
            registers: Wh, the last known of each.
        """
        said = {
            "meter": reading.meter_id,
            "contract": reading.contract.value if reading.contract is not None else None,
            "period": reading.period,
        }
        self._words |= {name: text for name, text in said.items() if text}
        if self._words.get("contract") == Contract.TEMPO and (reading.today or reading.tomorrow):
            for name, colour in (("today", reading.today), ("tomorrow", reading.tomorrow)):
                self._words[name] = colour.name.lower() if colour is not None else "unknown"
        if reading.subscribed is not None:
            self._numbers["subscribed"] = round(reading.subscribed * 1000)
        if reading.power is not None:
            self._numbers["power"] = reading.power
        if not self._words or (self._words == self._written and 0 <= reading.at - self._written_at < _REPEAT_AFTER):
            return None
        self._written, self._written_at = dict(self._words), reading.at
        fields: dict[str, int | str] = {**self._words, **self._numbers}
        fields |= {f"wh_{name.lower()}": wh for name, wh in registers.items()}
        return {"measurement": "linky_state", "tags": {}, "time": int(reading.at), "fields": fields}


def link_point(link: Link, at: Timestamp) -> Point:
    """A point of `linky_link`: how well the line does."""
    fields: dict[str, int | str] = {
        "state": link.state.value,
        "frames": link.frames,
        "accepted": link.accepted,
        "bytes": link.bytes_read,
    }
    fields |= {f"rejected_{reason}": link.rejected.get(reason, 0) for reason in _REASONS}
    return {"measurement": "linky_link", "tags": {}, "time": int(at), "fields": fields}
