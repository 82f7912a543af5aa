"""linkypy's InfluxDB as older records: the last week's frames, and hourly values before.

`linky_mean` holds, at the beginning of each hour, the mean power and the last registers of that hour: so the registers
are those of the hour's end. `linky_rp.linky` holds every frame and forgets it after a week.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from linkytui.civil.times import Timestamp
from linkytui.history.samples import Sample
from linkytui.i18n import _
from linkytui.imports.model import Older, Samples, SourceError
from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.client import InfluxClient
from linkytui.outputs.callbacks.influxdb.schema import only_takes
from linkytui.outputs.callbacks.influxdb.trouble import InfluxError, Trouble
from linkytui.reading.contracts import Contract
from linkytui.settings.model import InfluxSettings

SCHEME: Final = "influxdb"
_PAGE: Final = 5_000  # rows: half of what an answer may have
_HOUR: Final = 3600.0
_HOURLY: Final = "linky_mean"
_FRAMES: Final = "linky_rp.linky"
_STRANGE: Final = (KeyError, ValueError, TypeError, OverflowError)
"""What rows of another form lead to: no time, a text for a number, a number that none can be."""

_HOUR_END: Final = _HOUR - 0.001
"""Seconds into an hour at which its last registers stand: as late as it can be while it is still that hour."""

_HOURLY_GAP: Final = 3660.0  # seconds between two hourly values from which something is missing


def address_of(url: str, settings: InfluxSettings) -> InfluxAddress:
    """The database that a URL names; what it leaves out is as the settings say.

    `url`: `influxdb://user:password@host:port/database`, of which all but the beginning may be left out. Raises
    SourceError: it is no such URL. The text does not repeat it: there may be a password in it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, SplitResult("", "", "", "", "")
    if parts.scheme != SCHEME or parts.query or parts.fragment or "/" in parts.path.strip("/"):
        raise SourceError(_("Write the InfluxDB address like this: influxdb://host:8086/linky."))
    named = parts.username is not None
    return InfluxAddress(
        host=host or settings.host,
        port=port or settings.port,
        database=unquote(parts.path.strip("/")) or settings.database,
        username=unquote(parts.username or "") if named else settings.username,
        password=unquote(parts.password or "") or None if named else settings.password,
        tls=settings.tls,
        verify=settings.verify,
    )


def open_influxdb(address: InfluxAddress, now: Timestamp, contract: Contract | None) -> Older:
    """What linkypy, or linkytui, left in a database.

    `now`: seconds since 1970, an hour that is not over has no value yet; `contract`: that of the meter in the history,
    None where it is not known. Raises InfluxError: the server cannot be reached or refuses; SourceError: there is
    nothing of a meter in it, or not what this meter counts.
    """
    client = InfluxClient(address)
    name = f"{SCHEME}://{address.place}/{address.database}"
    if only_takes(client):
        text = _("{name} takes samples but answers no InfluxQL, as VictoriaMetrics: nothing can be imported from it.")
        raise SourceError(text.format(name=name))
    try:
        return _found(client, name, now, contract)
    except _STRANGE as error:
        raise _strange(name) from error


def _strange(name: str) -> SourceError:
    return SourceError(_("{name} answers what linkypy never wrote: check the database name.").format(name=name))


def _found(client: InfluxClient, name: str, now: Timestamp, contract: Contract | None) -> Older:
    frames = _extent(client, _FRAMES)
    hours = _extent(client, _HOURLY)
    if frames is None and hours is None:
        text = _("{name} holds nothing written by linkypy: neither {frames} nor {hours}. Check the database name.")
        raise SourceError(text.format(name=name, frames=_FRAMES, hours=_HOURLY))
    base = _counts_one_register(client, _HOURLY if frames is None else _FRAMES)
    found = Contract.BASE if base else Contract.HPHC
    if contract not in (None, found):
        text = _("{name} counts {found}, but the meter in the history has another contract: the two cannot be joined.")
        raise SourceError(text.format(name=name, found="BASE" if base else "HC/HP"))
    # Where the history knows the contract, the meter itself has said it.
    said = None if contract is not None else found
    parts: list[Samples] = []
    if hours is not None:
        until = min(now, frames[0]) if frames is not None else now
        if hours[0] + _HOUR <= until:
            parts.append(
                Samples(
                    start=hours[0],
                    end=min(hours[1] + _HOUR, until),
                    read=lambda: _hourly(client, until, said, base=base),
                    gap_seconds=_HOURLY_GAP,
                )
            )
    if frames is not None:
        parts.append(Samples(start=frames[0], end=frames[1], read=lambda: _every_frame(client, said, base=base)))
    return Older(name=name, parts=tuple(parts))


def _hourly(client: InfluxClient, until: float, contract: Contract | None, *, base: bool) -> Iterator[Sample]:
    for row in _rows(client, _HOURLY):
        try:
            start = _seconds(row)
            if start + _HOUR > until:
                return
            sample = _sample(row, start + _HOUR_END, contract, base=base)
        except _STRANGE as error:
            raise _strange(_HOURLY) from error
        yield sample


def _every_frame(client: InfluxClient, contract: Contract | None, *, base: bool) -> Iterator[Sample]:
    for row in _rows(client, _FRAMES):
        try:
            sample = _sample(row, _seconds(row), contract, base=base)
        except _STRANGE as error:
            raise _strange(_FRAMES) from error
        yield sample


def _sample(row: Mapping[str, Any], at: Timestamp, contract: Contract | None, *, base: bool) -> Sample:
    names = {"BASE": "HCHP"} if base else {"HC": "HCHC", "HP": "HCHP"}
    power = row["PAPP"]
    return Sample(
        at=at,
        power=None if power is None else round(power),
        registers={name: int(row[field]) for name, field in names.items() if row[field] is not None},
        contract=contract,
    )


def _rows(client: InfluxClient, measurement: str) -> Iterator[dict[str, Any]]:
    """All points of a measurement, by time, a page at a time."""
    after = ""
    while True:
        query = f"SELECT HCHC, HCHP, PAPP FROM {measurement} {after} ORDER BY time LIMIT {_PAGE}"  # noqa: S608 -- ours
        page = client.query(query)
        yield from page
        if len(page) < _PAGE:
            return
        after = f"WHERE time > '{page[-1]['time']}'"


def _extent(client: InfluxClient, measurement: str) -> tuple[float, float] | None:
    """First and last moment of a measurement, in seconds since 1970; None when there is nothing in it."""
    ends = []
    for way in ("ASC", "DESC"):
        try:
            ends.append(client.query(f"SELECT HCHP FROM {measurement} ORDER BY time {way} LIMIT 1"))  # noqa: S608 -- ours
        except InfluxError as error:
            if error.kind is not Trouble.POLICY:
                raise
            return None  # a database from which the frames' policy was dropped still has its hours
    if not all(ends):
        return None
    return _seconds(ends[0][0]), _seconds(ends[1][0])


def _counts_one_register(client: InfluxClient, measurement: str) -> bool:
    """Whether HCHC stays at zero, as linkytui writes it for a meter with one register."""
    highest = client.query(f"SELECT max(HCHC) AS highest FROM {measurement}")  # noqa: S608 -- our own words
    return not highest or not highest[0]["highest"]


def _seconds(row: Mapping[str, Any]) -> float:
    return datetime.fromisoformat(row["time"]).timestamp()
