"""What holds for the project as a whole: who may import whom, what a start loads, what is shipped and what is not."""

import ast
import email
import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from graphlib import CycleError
from pathlib import Path

import click
import pytest

import linkytui
from linkytui import cli
from tests import own_imports as own
from tests.lines import PATIENCE

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "linkytui"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

_ROOMS = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("\n## Where to find what")[0]
TIERS = tuple(
    {name.strip("/").removesuffix(".py") for name in re.findall(r"`([\w/.]+)`", row)}
    for row in re.findall(r"^\|([^|]*`[^|]*)\|", _ROOMS, re.MULTILINE)
)
"""The rooms from the bottom up, as docs/ARCHITECTURE.md has them: each uses its own row of the table and rows above."""

HEAVY = ("apprise", "babel", "influxdb", "paho", "pdfplumber", "plotext", "pyarrow", "requests", "ruamel", "tomlkit")


def imports(path: Path) -> Iterator[str]:
    """The parts of the package that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = (
                [f"linkytui.{alias.name}" for alias in node.names] if node.module == "linkytui" else [str(node.module)]
            )
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("linkytui."))


def test_imports_go_down_only() -> None:
    rank = {part: number for number, tier in enumerate(TIERS) for part in tier}
    wrong = []
    for path in PACKAGE.rglob("*.py"):
        part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if part == "__init__":
            continue
        assert part in rank, f"{part} has no row in the table of docs/ARCHITECTURE.md"
        wrong += [
            f"{path.relative_to(ROOT)} imports {other}"
            for other in imports(path)
            if other in rank and rank[other] > rank[part]
        ]
    assert wrong == []


@pytest.fixture(scope="module")
def own_imports() -> list[own.Import]:
    """All that the modules of the package import of each other."""
    return own.imports(own.modules())


def test_no_modules_import_each_other_and_no_chain_of_imports_is_long(own_imports: list[own.Import]) -> None:
    try:
        chain = own.longest_chain(own.graph(own.modules(), own_imports))
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        where = [str(each) for each in own_imports if {each.importer, each.imported} <= set(error.args[1])]
        pytest.fail("\n".join((f"these import each other: {circle}", *where)), pytrace=False)
    assert len(chain) <= 16, f"too long a chain of imports, cut it where it makes sense: {' → '.join(chain)}"


def test_few_imports_wait_inside_functions_and_each_says_why(own_imports: list[own.Import]) -> None:
    late = [each for each in own_imports if each.inside]
    assert [str(each) for each in late if not each.reason] == []
    assert len(late) <= 60


def test_few_modules_stand_at_the_top() -> None:
    at_the_top = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert len(at_the_top) <= 6, f"give some of them a room: {', '.join(sorted(at_the_top))}"


def loaded(statement: str) -> set[str]:
    """The top-level modules that a statement loads into a new Python."""
    script = f"{statement}; import sys; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=PATIENCE, check=True)
    return set(done.stdout.split())


def test_the_screen_starts_without_what_it_does_not_show() -> None:
    assert loaded("import linkytui.tui.app").isdisjoint(HEAVY)


def test_the_screen_is_painted_before_the_history_and_the_prices_are_loaded(tmp_path: Path) -> None:
    script = (
        "import sys, linkytui.cli, linkytui.commands.common as common;"
        "common.run_screen = lambda app: print(*sys.modules);"
        f"linkytui.cli.run(['--port', {str(tmp_path / 'none')!r}])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=PATIENCE, check=True)
    modules = set(done.stdout.split())
    assert "linkytui.tui.app" in modules
    late = {"sqlite3", *HEAVY, *(f"linkytui.{part}" for part in ("billing", "history", "outputs.callbacks", "tariffs"))}
    assert modules.isdisjoint(late)


def test_the_command_line_starts_without_the_screen() -> None:
    assert loaded("import linkytui.cli").isdisjoint({*HEAVY, "textual", "rich", "msgspec", "serial", "platformdirs"})


def test_the_settings_load_without_what_saves_them() -> None:
    assert loaded("from linkytui.settings.load import load_settings; load_settings({})").isdisjoint({*HEAVY, "textual"})


def tracked() -> list[Path]:
    """The files of the repository; the test is skipped where there is none."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]


FORBIDDEN = re.compile(
    "|".join(
        [
            r"pypi\.[o]rg",
            r"[p]ythonhosted",
            r"--(?:extra-)?index-[u]rl[ =]\S",
            r"/[s]imple/",
            r"(?<![\w.])/(?:[w]ork|[r]oot)/",
            r"(?<![\w.])/[t]mp/",
        ]
    )
)
"""Addresses of package registries, and paths of somebody's machine."""


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = []
    for path in tracked():
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}:{n}: {line}" for n, line in enumerate(lines, 1) if FORBIDDEN.search(line)]
    assert found == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel as `make wheel` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def test_the_wheel_holds_what_the_program_needs_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert names >= {
        "linkytui/cli.py",
        "linkytui/linkytui.tcss",
        "linkytui/py.typed",
        "linkytui/locale/fr/LC_MESSAGES/linkytui.mo",
    }
    release = f"linkytui-{linkytui.__version__}"
    assert {name.partition("/")[0] for name in names} == {"linkytui", f"{release}.dist-info", f"{release}.data"}
    shared = {name.removeprefix(f"{release}.data/data/") for name in names if ".data/" in name}
    assert shared == {"share/man/man1/linkytui.1", "share/man/fr/man1/linkytui.1"}
    data = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.csv")}
    assert data <= names
    assert wheel.read("linkytui/linkytui.tcss") == (ROOT / "linkytui.tcss").read_bytes()


def test_the_wheel_says_that_it_is_typed_and_for_which_pythons(wheel: zipfile.ZipFile) -> None:
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = email.message_from_bytes(wheel.read(name))
    classifiers = metadata.get_all("Classifier", [])
    assert "Typing :: Typed" in classifiers
    oldest = metadata["Requires-Python"].removeprefix(">=3.")
    versions = [text.rpartition(".")[2] for text in classifiers if re.search(r":: 3\.\d+$", text)]
    assert versions == [str(minor) for minor in range(int(oldest), int(oldest) + len(versions))]


def test_the_stylesheet_is_found_in_a_checkout() -> None:
    from linkytui.tui.app import LinkyApp

    assert Path(str(LinkyApp.CSS_PATH)).samefile(ROOT / "linkytui.tcss")


def test_versions_agree() -> None:
    assert PROJECT["version"] == linkytui.__version__ == importlib.metadata.version("linkytui")
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert re.fullmatch(rf"\[{re.escape(linkytui.__version__)}\] - \d{{4}}-\d\d-\d\d", headings[1])


EXTRAS = [text for extra in PROJECT["optional-dependencies"].values() for text in extra]


@pytest.mark.parametrize(
    ("file", "wanted"),
    [("requirements.txt", PROJECT["dependencies"]), ("requirements-dev.txt", [*PROJECT["dependencies"], *EXTRAS])],
)
def test_every_dependency_is_pinned_with_hashes_and_without_addresses(file: str, wanted: list[str]) -> None:
    pinned = (ROOT / file).read_text()
    for text in wanted:
        name = re.split(r"[<>=!~;\[ ]", text)[0].lower().replace("_", "-").replace(".", "-")
        assert re.search(rf"^{re.escape(name)}==", pinned, re.MULTILINE), f"{name} is not pinned: run `make lock`"
    entries = re.split(r"^(?=\S)", pinned, flags=re.MULTILINE)[1:]
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in pinned


def test_both_lists_pin_the_same_versions() -> None:
    of_users, of_developers = (
        set(re.findall(r"^\S+==\S+", (ROOT / file).read_text(), re.MULTILINE))
        for file in ("requirements.txt", "requirements-dev.txt")
    )
    assert of_users <= of_developers


@pytest.mark.parametrize(("language", "file"), [("en", "settings.md"), ("fr", "fr/settings.md")])
def test_the_list_of_settings_is_up_to_date(language: str, file: str) -> None:
    command = [sys.executable, str(ROOT / "docs" / "settings.py"), language]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout == (ROOT / "docs" / file).read_text(), "run `make docs`"


@pytest.mark.parametrize(("language", "file"), [("en", "linkytui.1"), ("fr", "fr/linkytui.1")])
def test_the_manual_page_is_up_to_date(language: str, file: str) -> None:
    command = [sys.executable, str(ROOT / "docs" / "man.py"), language]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == (ROOT / "docs" / "man" / file).read_text(), "run `make docs`"


def test_every_command_is_listed() -> None:
    files = (PACKAGE / "commands").glob("*.py")
    commands = {path.stem.rstrip("_") for path in files if "\ndef command(" in path.read_text(encoding="utf-8")}
    assert commands - {"monitor"} == set(cli.COMMANDS) - set(cli.ALIASES)


def parameters(command: click.Command) -> Iterator[tuple[click.Command, click.Parameter]]:
    """The options and arguments of a command and of its sub-commands."""
    for parameter in command.params:
        yield command, parameter
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from parameters(inner)


@pytest.mark.parametrize("name", ["monitor", *cli.COMMANDS])
def test_every_command_and_option_has_help(name: str) -> None:
    command = cli.load_command(name)
    assert command.help
    for owner, parameter in parameters(command):
        assert owner.help
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{owner.name} {parameter.opts}"
    assert {"port", "config", "lang"} <= {parameter.name for parameter in command.params}


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
@pytest.mark.parametrize(
    ("refused", "more", "line"),
    [
        ("version_info", "", "linkytui needs Python 3.11 or later; if it has another name: make PYTHON=python3.11"),
        ("ensurepip", "", "Python cannot make environments here: sudo apt install python3-venv"),
        (
            "version_info",
            "LANG=fr_FR.UTF-8",
            "linkytui demande Python 3.11 ou plus récent ; s'il porte un autre nom : make PYTHON=python3.11",
        ),
        ("ensurepip", "ARGS=--lang fr", "Python ne peut pas créer d'environnement ici : sudo apt install python3-venv"),
    ],
)
def test_make_says_in_one_line_what_python_lacks(tmp_path: Path, refused: str, more: str, line: str) -> None:
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ncase "$2" in *{refused}*) exit 1;; esac\n')
    python.chmod(0o755)
    command = ["make", "-s", "demo", f"PYTHON={python}", *([more] if more else [])]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 2
    assert [text for text in done.stderr.splitlines() if not text.startswith("make")] == [line]
    assert not (tmp_path / ".venv").exists()


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not on this machine")
def test_make_says_when_python_is_missing(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    command = ["make", "-s", "demo", "PYTHON=no-such-python"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.stderr.splitlines()[0] == "Python is missing: sudo apt install python3 python3-venv"
