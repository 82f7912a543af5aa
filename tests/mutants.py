"""Changes the code in small ways, one at a time, and sees whether the tests of its package notice: `make mutants`.

Cosmic Ray finds the places, makes the changes and keeps what came of each, so that a run can be ended and taken up
again. All of it happens in a copy below `build/mutants`. What survived stands in `docs/testing.md` afterwards, each
with the reason that `tests/mutants.toml` gives.
"""

import argparse
import hashlib
import os
import re
import resource
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, WorkItem, WorkResult

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "mutants"
TREE = BUILD / "tree"
DOCUMENT = ROOT / "docs" / "testing.md"
SETTINGS = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text(encoding="utf-8"))
CONFIG: dict[str, Any] = SETTINGS["cosmic-ray"]
TIMEOUT = "timeout"
"""What Cosmic Ray says came of tests that it had to end."""


@dataclass(frozen=True)
class Survivor:
    """A change that no test noticed."""

    place: str
    """File and function."""
    before: str
    after: str

    @property
    def reason(self) -> str:
        """Why it may survive; empty when nobody has said so."""
        return next(
            (
                str(known["why"])
                for known in SETTINGS.get("survivor", ())
                if (known["place"], known["after"]) == (self.place, self.after)
            ),
            "",
        )


@dataclass(frozen=True)
class Score:
    """What came of one package."""

    package: str
    places: int
    """Changes that could be made."""
    tried: int
    timed_out: int
    """Those of which the tests did not come to an end."""
    survivors: tuple[Survivor, ...]

    @property
    def killed(self) -> int:
        """Changes that a test noticed."""
        return self.tried - len(self.survivors)


def copy_tree() -> None:
    """Copy what git knows, as it stands now. What lies beside a checkout is not beside the copy."""
    shutil.rmtree(TREE, ignore_errors=True)
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, TREE / name)


def session_of(package: str) -> Path:
    """The file that keeps what came of a package as it and its tests stand now."""
    digest = hashlib.sha256()
    for part in ("linkytui", "tests"):
        for path in sorted((TREE / part / package).rglob("*")):
            if path.is_file():
                digest.update(path.read_bytes())
    return BUILD / f"{package}-{digest.hexdigest()[:12]}.sqlite"


@cache
def lines_of(module: Path) -> list[str]:
    """A module's lines as they are."""
    return (TREE / module).read_text(encoding="utf-8").splitlines()


def line_of(mutation: MutationSpec) -> str:
    """The line that a change begins in."""
    row: int = mutation.start_pos[0]
    return lines_of(mutation.module_path)[row - 1]


def wanted(item: WorkItem) -> bool:
    """Whether the change can tell something."""
    (mutation,) = item.mutations
    return mutation.operator_name in CONFIG["operators"] and not any(
        re.search(pattern, line_of(mutation)) for pattern in CONFIG["skip"]
    )


def lot(item: WorkItem) -> str:
    """Its place in the order in which changes are drawn: by chance, and the same while its line stays as it is."""
    (mutation,) = item.mutations
    place = mutation.module_path, mutation.definition_name, line_of(mutation), mutation.start_pos[1]
    # A number is made one more and one less: two changes of one place.
    key = (*place, mutation.operator_name, mutation.operator_name == "core/NumberReplacer" and mutation.occurrence % 2)
    return hashlib.sha256(repr(key).encode()).hexdigest()


def drawn(database: WorkDB) -> list[WorkItem]:
    """The changes that can tell something, in their order: a larger sample begins with a smaller one."""
    return sorted(filter(wanted, database.work_items), key=lot)


def command(package: str, module: Path | None = None) -> list[str]:
    """The tests of a package up to the first that fails; those of the module come first."""
    own = [] if module is None else sorted(Path("tests", package).glob(f"**/test_{module.stem}.py"))
    pytest = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header"]
    return [*pytest, *map(str, own), f"tests/{package}"]


def run(package: str, database: WorkDB, items: Sequence[WorkItem]) -> None:
    """Make the changes of a package that were not made yet."""
    done = {job for job, _ in database.results}
    pending = [item for item in items if item.job_id not in done]
    if not pending:
        return
    began = time.monotonic()
    subprocess.run(command(package), cwd=TREE, check=True, stdout=subprocess.DEVNULL)
    patience = 4 * (time.monotonic() - began) + CONFIG["seconds"]
    for number, item in enumerate(pending, 1):
        (mutation,) = item.mutations
        result = mutate_and_test(item.mutations, " ".join(command(package, mutation.module_path)), patience)
        database.set_result(item.job_id, result)
        print(f"{package} {number}/{len(pending)} {result.test_outcome} {mutation.module_path}", flush=True)


def survivor_of(item: WorkItem, result: WorkResult) -> Survivor:
    """A change as a person reads it."""
    (mutation,) = item.mutations
    module = mutation.module_path.relative_to("linkytui")
    lines = str(result.diff).splitlines()
    before = (line[1:].strip() for line in lines if line.startswith("-") and not line.startswith("---"))
    after = (line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++"))
    return Survivor(f"{module} {mutation.definition_name or ''}".rstrip(), " ".join(before), " ".join(after))


def score_of(package: str, database: WorkDB, sample: int) -> Score:
    """What came of a package after the changes of a sample are made."""
    possible = drawn(database)
    tried = possible[:sample]
    run(package, database, tried)
    results = dict(database.results)
    outcomes = [(item, results[item.job_id]) for item in tried]
    survivors = [survivor_of(item, result) for item, result in outcomes if not result.is_killed]
    return Score(
        package=package,
        places=len(possible),
        tried=len(tried),
        timed_out=sum(result.output == TIMEOUT for _, result in outcomes),
        survivors=tuple(sorted(survivors, key=lambda survivor: (survivor.place, survivor.after))),
    )


def report(scores: Sequence[Score]) -> Iterator[str]:
    """The figures and what survived, as Markdown."""
    yield "| package | possible changes | tried | noticed | of these by never ending | survived | score |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for score in scores:
        share = f"{score.killed / score.tried:.0%}" if score.tried else ""
        yield (
            f"| `{score.package}` | {score.places:,} | {score.tried} | {score.killed} | {score.timed_out} "
            f"| {len(score.survivors)} | {share} |"
        )
    for score in scores:
        if score.survivors:
            yield ""
            yield f"What survived in `{score.package}`:"
            yield ""
        for survivor in score.survivors:
            yield f"- `{survivor.place}`: `{survivor.before}` became `{survivor.after}`. {survivor.reason}".rstrip()


def write(lines: Sequence[str]) -> None:
    """Put the report into the document, between its marks."""
    text = DOCUMENT.read_text(encoding="utf-8")
    begin, end = "<!-- mutants -->\n", "<!-- end of mutants -->\n"
    head, tail = text.partition(begin)[0], text.partition(end)[2]
    DOCUMENT.write_text(f"{head}{begin}\n" + "\n".join(lines) + f"\n\n{end}{tail}", encoding="utf-8")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make mutants ARGS=", description=__doc__.splitlines()[0])
    parser.add_argument("packages", nargs="*", default=CONFIG["packages"], help="those to change; all by default")
    parser.add_argument("--sample", type=int, help="changes of each package")
    asked = parser.parse_args()
    limit = CONFIG["memory"] << 30
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    os.nice(19)
    copy_tree()
    os.chdir(TREE)
    os.environ["PYTHONPATH"] = str(TREE)
    scores = []
    for package in asked.packages:
        session = session_of(package)
        fresh = not session.exists()
        with use_db(session) as database:
            if fresh:
                init(sorted(Path("linkytui", package).rglob("*.py")), database, {})
            scores.append(score_of(package, database, asked.sample or CONFIG["sample"][package]))
    lines = list(report(scores))
    print(*lines, sep="\n")
    if asked.packages == CONFIG["packages"]:
        write(lines)


if __name__ == "__main__":
    main()
