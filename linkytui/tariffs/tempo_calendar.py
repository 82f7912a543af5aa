"""Tempo's colours from the public calendars, which need no account: RTE's, and a free mirror where that fails."""

import contextlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from linkytui.civil.days import ONE_DAY
from linkytui.civil.tempo import season, tempo_day
from linkytui.civil.times import Timestamp
from linkytui.errors import GridError
from linkytui.i18n import _
from linkytui.settings.folders import SERVICE_DATA_FOLDER, data_folder
from linkytui.tariffs.fetch import Fetched, RefusedError, fetch
from linkytui.tariffs.whole import write_whole
from linkytui.tic.status import Colour

_LOG: Final = logging.getLogger(__name__)

_RTE: Final = "https://www.services-rte.com/cms/open_data/v1/tempo?season={first}-{last}"
_MIRROR: Final = "https://www.api-couleur-tempo.fr/api/joursTempo?periode%5B%5D={first}-{last}"
_RTE_COLOURS: Final = {"BLUE": Colour.BLUE, "WHITE": Colour.WHITE, "RED": Colour.RED}
_FALLBACK: Final = "-fallback"  # RTE's mark beside a day whose colour it only supposes

Fetch = Callable[[str], Fetched]


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """One public calendar."""

    name: str  # as people call it
    address: str  # with the two years of a season
    read: Callable[[bytes], Mapping[date, Colour]]


@dataclass(slots=True)
class TempoColours:
    """What a public calendar said, as it is kept."""

    colours: dict[date, Colour] = field(default_factory=dict)
    source: str = ""  # who said it
    asked_at: Timestamp | None = None  # when somebody was asked last, whatever the answer
    told_at: Timestamp | None = None  # when these colours were told
    trouble: str = ""  # why the last request failed, in one line; empty when it did not


def read_rte(data: bytes) -> dict[date, Colour]:
    """RTE's answer: a colour by day. Raises ValueError: it is none."""
    values = json.loads(data)["values"]
    return {
        date.fromisoformat(day): _RTE_COLOURS[colour]
        for day, colour in values.items()
        if not day.endswith(_FALLBACK)
        and colour in _RTE_COLOURS
        and str(values.get(day + _FALLBACK, "false")).lower() != "true"
    }


def read_mirror(data: bytes) -> dict[date, Colour]:
    """The mirror's answer: a list of days, colour 0 being unknown. Raises ValueError: it is none."""
    days = json.loads(data)
    return {
        date.fromisoformat(day["dateJour"]): Colour(day["codeJour"]) for day in days if day["codeJour"] in (1, 2, 3)
    }


SOURCES: Final = (CalendarSource("RTE", _RTE, read_rte), CalendarSource("api-couleur-tempo.fr", _MIRROR, read_mirror))


_NAME: Final = "tempo.json"
_KEPT_SECONDS: Final = 6 * 3600.0  # while tomorrow is known
_AGAIN_SECONDS: Final = 1800.0  # while it is not, or nobody answers


def tempo_file() -> Path:
    """Where what the calendars said is kept."""
    return data_folder() / _NAME


def read_tempo(path: Path | None = None, service: Path = SERVICE_DATA_FOLDER) -> TempoColours:
    """What is kept, by this user or by the machine's service; nothing where there is no file that can be read."""
    for file in (path or tempo_file(), service / _NAME):
        try:
            return msgspec.json.decode(file.read_bytes(), type=TempoColours)
        except (OSError, msgspec.MsgspecError):
            continue
    return TempoColours()


def is_due(known: TempoColours, now: Timestamp) -> bool:
    """Whether to ask again: seldom while tomorrow is known, and never twice in half an hour."""
    if known.asked_at is None or now < known.asked_at:
        return True
    waited = now - known.asked_at
    tomorrow = tempo_day(now) + ONE_DAY
    return waited >= (_KEPT_SECONDS if tomorrow in known.colours and not known.trouble else _AGAIN_SECONDS)


def ask_tempo(
    known: TempoColours, now: Timestamp, fetch: Fetch = fetch, sources: tuple[CalendarSource, ...] = SOURCES
) -> TempoColours:
    """Ask for the season's colours, the first source that answers; what was known stays where none does.

    Each request and its failure is written to the log. Blocks.
    """
    first, end = season(tempo_day(now))
    troubles = []
    for source in sources:
        try:
            data = fetch(source.address.format(first=first.year, last=end.year)).data or b""
            colours = source.read(data)
        except RefusedError:
            troubles.append(_("{source}: the site refuses").format(source=source.name))
        except GridError as error:
            troubles.append(f"{source.name}: {error}")
        except (ValueError, KeyError, TypeError, AttributeError):
            troubles.append(_("{source}: the answer is no Tempo calendar").format(source=source.name))
        else:
            _LOG.info("Tempo's colours asked of %s: %d days", source.name, len(colours))
            season_days = {day: colour for day, colour in colours.items() if first <= day < end}
            return TempoColours(season_days, source.name, now, now, "")
        _LOG.warning("Tempo's colours: %s", troubles[-1])
    return replace(known, asked_at=now, trouble="; ".join(troubles))


def update_tempo(now: Timestamp, path: Path | None = None, fetch: Fetch = fetch) -> None:
    """Ask where it is due, and keep the answer."""
    file = path or tempo_file()
    known = read_tempo(file, file.parent)
    if is_due(known, now):
        answer = ask_tempo(known, now, fetch)
        with contextlib.suppress(OSError):
            write_whole(file, [msgspec.json.encode(answer)])
