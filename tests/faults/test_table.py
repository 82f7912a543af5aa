"""The table of faults: every test that it names is there, and the documents say what `make faults` found."""

import ast
import re

import pytest

from tests import markdown
from tests.faults.table import DOCUMENTS, ROOT, Fault, Language, Outcome, groups, lost, rows

FIGURE = re.compile(r"\d+(?:[,\u00a0]\d{3})*")
FAULTS = [fault for group in groups() for fault in group.faults]


def defined(path: str) -> set[str]:
    """The tests of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.says["en"])
def test_every_test_of_a_fault_is_there(fault: Fault) -> None:
    assert fault.tests
    for test in fault.tests:
        path, _, name = test.partition("::")
        assert name in defined(path), test


def test_the_documents_are_the_table() -> None:
    languages: tuple[tuple[Language, str, str], ...] = (("en", "holds", "nothing"), ("fr", "tient", "rien"))
    for language, holds, nothing in languages:
        said = list(rows(language).values())
        assert [row[0] for row in said] == [fault.says[language] for fault in FAULTS]
        assert [row[3] for row in said] == [fault.may_cost[language] or nothing for fault in FAULTS]
        assert {row[4] for row in said} == {holds}


def test_both_languages_tell_the_same_figures() -> None:
    english, french = rows("en").values(), rows("fr").values()
    for one, other in zip(english, french, strict=True):
        assert [figure.replace(",", "") for figure in (one[1], *FIGURE.findall(one[2]))] == [
            figure.replace("\u00a0", "") for figure in (other[1], *FIGURE.findall(other[2]))
        ]


def test_no_energy_was_lost() -> None:
    assert all(row[2].split()[0] == "0" for row in rows("en").values() if "Wh" in row[2])


def test_every_section_has_its_faults() -> None:
    titles = [section.title for section in markdown.sections(DOCUMENTS["en"])]
    assert [group.title["en"] for group in groups()] == titles[-len(groups()) :]


def test_an_outcome_adds_up_what_tests_recorded() -> None:
    outcome = Outcome()
    assert outcome.verdict == "skipped"
    outcome.add("a[1]", "passed", [("tries", 40), ("frames", 3), ("wh", 0), ("other", "x")])
    outcome.add("a[2]", "passed", [])
    outcome.add("b", "skipped", [])
    assert (outcome.tries, outcome.frames, outcome.wh, outcome.verdict) == (41, 3, 0, "holds")
    assert lost(outcome, "en") == "0 Wh, 3 frames"
    outcome.add("c", "failed", [])
    assert (outcome.verdict, lost(outcome, "fr")) == ("fails", "?")
