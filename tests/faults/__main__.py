"""Makes the faults of the table and says what each cost: `make faults`.

The tests are those of `make test`, and heavier ones of this folder that only run here. What came of them is printed
and, where all of it holds, written into docs/reliability.md and its French version. `make faults ARGS="kill"` tries
the faults alone whose text has that word; the others stay in the documents as they were found before.
"""

import os
import sys
import time
from collections import defaultdict

import pytest

from tests.faults.table import DOCUMENTS, Fault, Outcome, groups, put_into, row, written

HEAVY = "LINKYTUI_TESTS_FAULTS"


class Results:
    """What came of each test, by its name without brackets."""

    def __init__(self) -> None:
        self.of: dict[str, list[tuple[str, str, list[tuple[str, object]]]]] = defaultdict(list)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep how a test ended; a set-up that fails or skips ends it, too."""
        if report.when == "call" or report.outcome != "passed":
            name = report.nodeid.partition("[")[0]
            self.of[name].append((report.nodeid, report.outcome, report.user_properties))


def main(words: list[str]) -> int:
    """Run, print, write. Exit status 0 when everything holds."""
    os.environ[HEAVY] = "1"
    began = time.monotonic()
    wanted = " ".join(words).lower()
    faults = [fault for group in groups() for fault in group.faults if wanted in fault.says["en"].lower()]
    tests = list(dict.fromkeys(test for fault in faults for test in fault.tests))
    if not tests:
        print(f"No fault is called {wanted}.")
        return 2
    results = Results()
    options = ["-q", "-p", "no:cacheprovider", "-p", "tests.faults.counting", "-n", "auto"]
    if pytest.main([*options, *tests], plugins=[results]) == pytest.ExitCode.INTERRUPTED:
        return 130
    outcomes = {fault: outcome_of(fault, results) for fault in faults}
    print_table(outcomes)
    verdicts = [outcome.verdict for outcome in outcomes.values()]
    print(f"\n{len(faults)} faults, {sum(one.tries for one in outcomes.values())} tries", end=", ")
    print(f"{verdicts.count('fails')} fail, {verdicts.count('skipped')} not tried here", end=", ")
    print(f"{(time.monotonic() - began) / 60:.0f} min")
    for outcome in outcomes.values():
        print(*outcome.failed, sep="\n", end="\n" if outcome.failed else "")
    if set(verdicts) == {"holds"}:
        for language, document in DOCUMENTS.items():
            put_into(document, written(outcomes, language))
    return int("fails" in verdicts)


def outcome_of(fault: Fault, results: Results) -> Outcome:
    """What came of all its tests."""
    outcome = Outcome()
    for test in fault.tests:
        for name, ended, properties in results.of.get(test, [(f"{test}: no such test", "failed", [])]):
            outcome.add(name, ended, properties)
    return outcome


def print_table(outcomes: dict[Fault, Outcome]) -> None:
    """The table for a terminal."""
    for group in groups():
        faults = [fault for fault in group.faults if fault in outcomes]
        if faults:
            print(f"\n{group.title['en']}")
        for fault in faults:
            says, tries, lost, _may, verdict = row(fault, outcomes[fault], "en")
            print(f"  {says[:78]:<78} {tries:>7}  {lost:<24} {verdict}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
