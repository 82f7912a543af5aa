"""Reads Enedis files line by line and finds their tables and headers."""

import re
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.i18n import _
from linkytui.imports.enedis.cells import FileLine, Times, plain
from linkytui.imports.enedis.tables import EAS, Curve, Days, EnergyCounters, FileFacts, FileTable, Stretches
from linkytui.imports.hourly import Interval
from linkytui.imports.model import SourceError

_PRM: Final = re.compile(r"\d{14}")
_UNIT: Final = re.compile(r"\(en (\w+)\)")


@dataclass(slots=True)
class Found:
    """What a file says."""

    intervals: list[Interval] = field(default_factory=list)  # in the order of time
    prm: str = ""  # number of the delivery point
    tables: int = 0
    notes: list[str] = field(default_factory=list)


class FileReading:
    """Reads a file, line by line."""

    def __init__(self, name: str, zone: ZoneInfo) -> None:
        self.facts = FileFacts()  # those of the table that comes next or runs
        self._name = name
        self._zone = zone
        self._found = Found()
        self._sheet: int | None = None
        self._table: FileTable | None = None
        self._names: list[str] = []  # a heading whose values come on the next line
        self._counters: EnergyCounters | None = None

    def take(self, sheet: int, number: int, row: list[str]) -> None:
        """Read a line."""
        if sheet != self._sheet:
            self._end_table()
            self._sheet, self.facts = sheet, FileFacts()
        row = [cell.strip() for cell in row]
        words = [plain(cell) for cell in row]
        if not any(words):
            return
        if self._names:
            self._learn(self._names, row)
            self._names = []
        elif (table := self._heading(words)) is not None:
            self._end_table()
            self._table = table
            self._found.tables += 1
        elif "identifiant prm" in words or "identifiant calendrier fournisseur" in words:
            self._end_table()
            if "identifiant prm" in words:
                self.facts = FileFacts()
            self._names = words
        elif self._table is not None:
            self._table.take(FileLine(number, row))
        else:
            self._learn_from_line(words, row)

    def close(self) -> Found:
        """The end of the file."""
        self._end_table()
        if self._counters is not None:
            self._found.intervals += self._counters.intervals()
        found: dict[tuple[int, str | None], Interval] = {}
        for interval in self._found.intervals:
            found.setdefault((interval.start, interval.register), interval)
        self._found.intervals = sorted(found.values(), key=lambda interval: interval.start)
        return self._found

    def _heading(self, words: list[str]) -> FileTable | None:
        """The table that begins below these words."""
        value = next((place for place, word in enumerate(words) if word.startswith("valeur")), None)
        times = Times(self._name, self._zone)
        if "horodate" in words:
            place = words.index("horodate")
            if any(map(EAS.fullmatch, words)):
                self._counters = EnergyCounters(times, place, words)
                return self._counters
            if value is not None:
                learn = partial(self._learn, words) if len(words) > 2 else None
                return Curve(self.facts, times, place, value, learn)
        if value is None:
            return None
        unit = _UNIT.search(words[value])
        if unit is None:
            return None
        self.facts.unit = unit[1]
        if "debut" in words and "fin" in words:
            return Stretches(self.facts, times, (words.index("debut"), words.index("fin"), value))
        if "date" in words:
            return Days(self.facts, times, words.index("date"), value)
        return None

    def _end_table(self) -> None:
        if self._table is not None:
            intervals = self._table.close()
            if not self.facts.production and not self.facts.maximum:
                self._found.intervals += intervals
        self._table = None

    def _learn(self, names: list[str], row: list[str]) -> None:
        """What a heading and the line below it say."""
        for name, value in zip(names, row, strict=False):
            if name == "identifiant prm":
                self._meet(value)
            self.facts.learn(name, plain(value))
        if self._counters is not None and "identifiant calendrier fournisseur" in names:
            self._counters.name(names, row)

    def _learn_from_line(self, words: list[str], row: list[str]) -> None:
        """What a line of names and values says, as workbooks have them above the table."""
        for place, word in enumerate(words[:-1]):
            if "(prm)" in word:
                self._meet(next((cell for cell in row[place + 1 :] if _PRM.fullmatch(cell)), ""))
            else:
                self.facts.learn(word, words[place + 1])

    def _meet(self, prm: str) -> None:
        if _PRM.fullmatch(prm):
            if self._found.prm not in ("", prm):
                raise SourceError(
                    _("{path} covers several delivery points: download one only.").format(path=self._name)
                )
            self._found.prm = prm
