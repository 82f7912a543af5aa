"""Reads files of tables line by line: finds the tables, and what is said of them."""

import re
from typing import Final
from zoneinfo import ZoneInfo

from linkytui.i18n import _
from linkytui.imports.model import SourceError
from linkytui.imports.tables import home_assistant
from linkytui.imports.tables.cells import plain
from linkytui.imports.tables.curve import Curve
from linkytui.imports.tables.facts import PRM_NAME, Facts
from linkytui.imports.tables.headings import heading_of, tells_powers_only
from linkytui.imports.tables.registers import Registers
from linkytui.imports.tables.series import Series, Table, Unfit

_PRM: Final = re.compile(r"\d{14}")
_CALENDAR: Final = "identifiant calendrier fournisseur"
_PREFACE: Final = 2000
"""Characters of the lines above a table that are kept."""


class Reading:
    """Reads a file, line by line."""

    def __init__(self, path: str, zone: ZoneInfo, *, ends: bool | None = None) -> None:
        """Begin.

        Args:
            path: of the file, for a person.
            zone: whose clock times without offset show.
            ends: the person has said that moments are ends, or beginnings; None where nothing was said.
        """
        self.prm = ""
        """Number of the delivery point; empty where none is told."""
        self.first: list[str] = []
        """The first line that says something, for a person."""
        self._path, self._zone, self._ends = path, zone, ends
        self._facts = Facts()
        self._preface = ""
        self._sheet: int | None = None
        self._table: Table | None = None
        self._prm_place: int | None = None
        self._names: list[str] = []  # a heading whose values come on the next line
        self._calendar: list[str] = []  # the heading of a calendar, whose lines follow
        self._registers: list[Registers] = []
        self._series: list[Series] = []

    def take(self, sheet: int, number: int, row: list[str]) -> None:
        """Read a line.

        Args:
            sheet: number of the sheet that it is on.
            number: of the line, for a person.
            row: its cells.

        Raises:
            SourceError: it makes no sense, or tells of another delivery point.
        """
        if sheet != self._sheet:
            self._end_table()
            self._sheet, self._facts, self._preface = sheet, Facts(), ""
        row = [cell.strip() for cell in row]
        if not any(row):
            return
        if not self.first:
            self.first = row
        if self._names:
            self._learn(self._names, row)
            self._names = []
            return
        if self._calendar and row[0].lower().startswith("du "):
            self._registers[-1].learn_calendar(self._calendar, row)
            return
        if self._table is not None and next(filter(None, row))[0].isdigit():
            self._take(number, row)  # most lines: no heading begins with a digit
            return
        words = [plain(cell) for cell in row]
        table = self._heading(words, row)
        if table is not None:
            self._end_table()
            self._table = table
        elif _CALENDAR in words and self._registers:
            self._end_table()
            self._calendar = words
        elif "identifiant prm" in words:
            self._end_table()
            self._facts, self._names = Facts(), words
        elif self._table is not None:
            self._take(number, row)
        else:
            self._learn_from_line(words, row)

    def close(self) -> list[Series]:
        """The end of the file: what its tables say, in their order."""
        self._end_table()
        for registers in self._registers:
            said = registers.close()
            if said is not None:
                self._series.append(said)
        return self._series

    def _take(self, number: int, row: list[str]) -> None:
        assert self._table is not None  # noqa: S101 -- for the type checker
        if self._prm_place is not None and self._prm_place < len(row):
            self._meet(row[self._prm_place])
        self._table.take(number, row)

    def _heading(self, words: list[str], row: list[str]) -> Table | None:
        """The table that begins below these words."""
        own = home_assistant.table_of(words, row, self._path, self._zone)
        if own is not None:
            self._prm_place = None
            return own
        heading = heading_of(words)
        if heading is None:
            if tells_powers_only(words):
                return Unfit(_("maximum powers"), _("it contains maximum powers, not energy"))
            return None
        self._prm_place = next((place for place, word in enumerate(words) if PRM_NAME.search(word)), None)
        if heading.indexes:
            registers = Registers(heading, self._facts, self._path, self._zone)
            self._registers.append(registers)
            return registers
        return Curve(heading, self._facts, self._path, self._zone, self._preface, self._ends)

    def _end_table(self) -> None:
        if self._table is not None and not isinstance(self._table, Registers):
            said = self._table.close()
            if said is not None:
                self._series.append(said)
        self._table = None

    def _learn(self, names: list[str], row: list[str]) -> None:
        """What a heading and the line below it say."""
        for name, value in zip(names, row, strict=False):
            if name == "identifiant prm":
                self._meet(value)
            self._facts.learn(name, plain(value))

    def _learn_from_line(self, words: list[str], row: list[str]) -> None:
        """What a line of names and values says, as workbooks have them above the table."""
        self._preface = f"{self._preface} {' '.join(words)}"[:_PREFACE]
        for place, word in enumerate(words[:-1]):
            if PRM_NAME.search(word):
                self._meet(next((cell for cell in row[place + 1 :] if _PRM.fullmatch(cell)), ""))
            else:
                self._facts.learn(word, words[place + 1])

    def _meet(self, prm: str) -> None:
        if _PRM.fullmatch(prm):
            if self.prm not in ("", prm):
                raise SourceError(
                    _("{path} covers several delivery points: download one only.").format(path=self._path)
                )
            self.prm = prm
