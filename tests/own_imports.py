"""Who imports whom in the package, anywhere in a module: at its top, inside functions, and for the types alone."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "linkytui"


@dataclass(frozen=True)
class Import:
    """A module of ours that an import statement names."""

    importer: str
    imported: str
    line: int
    inside: bool
    """It stands in a function, and so waits until that is called."""
    reason: str
    """What a comment beside it says, or one above it and the imports that it stands among."""

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.imported}"


def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """The modules by their names, packages among them."""
    return {name_of(path, package): path for path in sorted(package.rglob("*.py"))}


def name_of(path: Path, package: Path = PACKAGE) -> str:
    """A module's name; a package is called by that of its folder."""
    return ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")


def imports(known: Mapping[str, Path]) -> list[Import]:
    """All that the modules import of each other."""
    return [found for name, path in known.items() for found in _imports_of(name, path, known)]


def graph(known: Iterable[str], found: Iterable[Import]) -> dict[str, set[str]]:
    """By module those that it imports."""
    edges: dict[str, set[str]] = {name: set() for name in known}
    for each in found:
        if each.imported != each.importer:
            edges[each.importer].add(each.imported)
    return edges


def longest_chain(edges: Mapping[str, set[str]]) -> list[str]:
    """The longest row of modules of which each imports the next.

    Raises:
        graphlib.CycleError: some import each other; the modules of one circle are its second argument.
    """
    chains: dict[str, list[str]] = {}
    for name in TopologicalSorter(edges).static_order():
        chains[name] = [name, *max((chains[other] for other in sorted(edges[name])), key=len, default=[])]
    return max(chains.values(), key=len)


def _imports_of(name: str, path: Path, known: Mapping[str, Path]) -> Iterator[Import]:
    text = path.read_text(encoding="utf-8")
    for statement, inside in _statements(ast.parse(text)):
        reason = _reason(statement, text.splitlines())
        for other in _named(statement, known):
            yield Import(name, other, statement.lineno, inside, reason)


def _statements(node: ast.AST, *, inside: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """The import statements below a node, and whether each stands in a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.Import, ast.ImportFrom)):
            yield child, inside
        yield from _statements(child, inside=inside or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)))


def _named(statement: ast.Import | ast.ImportFrom, known: Mapping[str, Path]) -> set[str]:
    """The modules of ours that a statement names. What it takes from a package may be a module, or stand in it."""
    if isinstance(statement, ast.Import):
        return {alias.name for alias in statement.names if alias.name in known}
    assert statement.level == 0, "imports are written with their whole names"
    package = str(statement.module)
    names = {f"{package}.{alias.name}" for alias in statement.names}
    return {name if name in known else package for name in names if name in known or package in known}


def _reason(statement: ast.stmt, lines: list[str]) -> str:
    end = statement.end_lineno or statement.lineno
    above = statement.lineno - 1
    while above > 0 and lines[above - 1].strip().startswith(("import ", "from ")):
        above -= 1
    beside = [line.partition("#")[2].strip() for line in lines[statement.lineno - 1 : end] if "#" in line]
    if above > 0 and lines[above - 1].strip().startswith("#"):
        beside.append(lines[above - 1].strip("# "))
    return next((text for text in beside if not text.startswith(("noqa", "type:"))), "")
