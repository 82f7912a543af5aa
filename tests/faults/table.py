"""The table of faults: what is tried, by which tests, what it may cost, and how the documents say so."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Literal

ROOT: Final = Path(__file__).parents[2]
Language = Literal["en", "fr"]
DOCUMENTS: Final[Mapping[Language, Path]] = {
    "en": ROOT / "docs" / "reliability.md",
    "fr": ROOT / "docs" / "fr" / "reliability.md",
}

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {"nothing": "nothing", "holds": "holds", "fails": "FAILS", "skipped": "not tried here", "frames": "frames"},
    "fr": {"nothing": "rien", "holds": "tient", "fails": "ÉCHEC", "skipped": "non essayé ici", "frames": "trames"},
}
_HEADS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("fault", "tries", "lost", "may cost", "verdict"),
    "fr": ("panne", "essais", "perdu", "peut coûter", "verdict"),
}

Verdict = Literal["holds", "fails", "skipped"]


@dataclass(frozen=True, eq=False)
class Fault:
    """Something that goes wrong, and the tests that make it."""

    says: Mapping[Language, str]
    may_cost: Mapping[Language, str]
    """What it is stated to cost; empty: nothing."""
    tests: tuple[str, ...]
    """Tests by their names in pytest, without what stands in brackets."""


@dataclass(frozen=True, eq=False)
class Group:
    """Faults of one kind."""

    title: Mapping[Language, str]
    faults: tuple[Fault, ...]


@dataclass
class Outcome:
    """What came of a fault's tests."""

    tries: int = 0
    frames: int | None = None
    """Valid frames that are nowhere; None where no test counts them."""
    wh: int | None = None
    """Wh that no register of the history tells; None where no test counts them."""
    failed: list[str] = field(default_factory=list)
    passed: int = 0

    @property
    def verdict(self) -> Verdict:
        """Whether what is stated holds."""
        return "fails" if self.failed else "holds" if self.passed else "skipped"

    def add(self, name: str, outcome: str, properties: Iterable[tuple[str, object]]) -> None:
        """Take in one test: its name, passed, failed or skipped, and what it recorded."""
        if outcome == "failed":
            self.failed.append(name)
        elif outcome == "passed":
            self.passed += 1
            known = {key: int(str(value)) for key, value in properties if key in ("tries", "frames", "wh")}
            self.tries += known.get("tries", 1)
            if "frames" in known:
                self.frames = (self.frames or 0) + known["frames"]
            if "wh" in known:
                self.wh = (self.wh or 0) + known["wh"]


@cache
def groups() -> tuple[Group, ...]:
    """The whole table, in its order."""
    data = tomllib.loads((Path(__file__).parent / "faults.toml").read_text(encoding="utf-8"))
    costs: dict[str, dict[Language, str]] = data["costs"]

    def fault(one: Mapping[str, object]) -> Fault:
        tests = one["tests"]
        assert isinstance(tests, list)
        return Fault(
            {"en": str(one["en"]), "fr": str(one["fr"])}, costs[str(one.get("costs", "nothing"))], tuple(tests)
        )

    return tuple(
        Group({"en": each["en"], "fr": each["fr"]}, tuple(map(fault, each["faults"]))) for each in data["groups"]
    )


def lost(outcome: Outcome, language: Language) -> str:
    """What it cost, in figures where tests count it."""
    words = _WORDS[language]
    parts = [] if outcome.wh is None else [f"{number(outcome.wh, language)} Wh"]
    if outcome.frames is not None:
        parts.append(f"{number(outcome.frames, language)} {words['frames']}")
    if outcome.verdict != "holds":
        return "?"
    return ", ".join(parts) or words["nothing"]


def row(fault: Fault, outcome: Outcome, language: Language) -> tuple[str, ...]:
    """A fault's line of the table."""
    words = _WORDS[language]
    return (
        fault.says[language],
        number(outcome.tries, language),
        lost(outcome, language),
        fault.may_cost[language] or words["nothing"],
        words[outcome.verdict],
    )


def number(value: int, language: Language) -> str:
    """Thousands apart, as each language writes them."""
    return f"{value:,}".replace(",", "," if language == "en" else "\u00a0")


def rows(language: Language) -> dict[str, tuple[str, ...]]:
    """The lines of a document's tables, by their faults."""
    lines = DOCUMENTS[language].read_text(encoding="utf-8").splitlines()
    cells = (tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in lines if line.startswith("| "))
    return {row[0]: row for row in cells if row != _HEADS[language] and row[0] != "---"}


def written(outcomes: Mapping[Fault, Outcome], language: Language) -> str:
    """All groups as tables of Markdown. What was not tried now stands there as it was found before."""
    return "\n".join(_written(outcomes, language))


def _written(outcomes: Mapping[Fault, Outcome], language: Language) -> Iterator[str]:
    before = rows(language)
    for group in groups():
        yield f"\n## {group.title[language]}\n"
        yield f"| {' | '.join(_HEADS[language])} |"
        yield "| --- | ---: | --- | --- | --- |"
        for fault in group.faults:
            found = row(fault, outcomes[fault], language) if fault in outcomes else before.get(fault.says[language])
            if found is not None:
                yield f"| {' | '.join(found)} |"
    yield ""


def put_into(document: Path, text: str) -> None:
    """Replace what stands between a document's marks."""
    before = document.read_text(encoding="utf-8")
    mark, end = "<!-- faults -->\n", "<!-- end of faults -->"
    document.write_text(
        re.sub(f"(?<={re.escape(mark)}).*?(?={re.escape(end)})", lambda _found: text + "\n", before, flags=re.DOTALL),
        encoding="utf-8",
    )
