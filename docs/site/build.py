"""Builds the documents' site: python docs/site/build.py FOLDER, which `make site` runs.

The pages are the Markdown files of the repository, which read well on a forge, too. Each language is gathered into a
folder of its own with its links made those of the site, and Sphinx builds it; a link that leads nowhere ends the
build. Nothing of the site is loaded from elsewhere, and it works from a disk without a server.
"""

import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal, get_args
from urllib.parse import quote, unquote, urlsplit

ROOT: Final = Path(__file__).parents[2]
HERE: Final = Path(__file__).parent

Language = Literal["en", "fr"]

SECTIONS: Final[tuple[tuple[dict[Language, str], tuple[str, ...]], ...]] = (
    (
        {"en": "At the meter", "fr": "Au compteur"},
        ("install", "dongles", "wiring", "raspberry-pi", "bridges", "modes", "troubleshooting"),
    ),
    (
        {"en": "Every day", "fr": "Au quotidien"},
        (
            "tour",
            "browser",
            "collector",
            "history",
            "import-export",
            "billing",
            "tariffs",
            "calendars",
            "hours",
            "alerts",
            "settings",
            "reliability",
        ),
    ),
    (
        {"en": "With other programs", "fr": "Avec d’autres programmes"},
        ("influxdb", "grafana", "mqtt", "prometheus", "callbacks", "docker", "kubernetes", "fleet", "cookbook"),
    ),
    ({"en": "Coming from", "fr": "Vous venez de"}, ("from-linkypy", "from-teleinfo2mqtt", "from-home-assistant")),
)
"""The pages for users, in the order in which the site lists them; each exists in both languages."""

REST: Final[dict[Language, str]] = {"en": "More", "fr": "Et aussi"}
"""Where pages are listed that have no place above yet."""

DEVELOPMENT: Final = (
    "CONTRIBUTING.md",
    "docs/ARCHITECTURE.md",
    "docs/testing.md",
    "docs/benchmarks.md",
    "docs/upstream.md",
    "CHANGELOG.md",
    "SECURITY.md",
)
"""Pages for those who change the program, in English only."""

LINK: Final = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^()\s]+)\)")
CODE: Final = re.compile(r"^(?:```.*?^```|    [^\n]*)$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
FONT_FACE: Final = re.compile(r"@font-face\s*\{[^}]*\}")


class BrokenLinkError(Exception):
    """A page names a file that the repository does not have."""


@dataclass(frozen=True)
class Site:
    """One language of the site, gathered in a folder for Sphinx."""

    language: Language
    folder: Path

    def pages(self) -> dict[str, str]:
        """The documents of this language: their paths in the repository, and their names on the site."""
        docs = "docs/fr" if self.language == "fr" else "docs"
        pages = {"README.fr.md" if self.language == "fr" else "README.md": "index"}
        pages |= {f"{docs}/{name}.md": name for _, names in sections() for name in names}
        return pages | (development() if self.language == "en" else {})

    def gather(self) -> None:
        """Write every page with its links as the site has them."""
        self.folder.mkdir(parents=True)
        for path, name in self.pages().items():
            text = (ROOT / path).read_text(encoding="utf-8")
            if name == "index":
                text = self._without_switch(text)
            text = self._linked(text, PurePosixPath(path))
            if name == "index":
                text += "".join(self._contents())
            (self.folder / f"{name}.md").write_text(text, encoding="utf-8")

    @staticmethod
    def _without_switch(text: str) -> str:
        """The first page without its line about the other language, for which the site has a switch."""
        return re.sub(r"^\*\[(?:En français|In English)\].*?\*\n\n", "", text, count=1, flags=re.MULTILINE | re.DOTALL)

    def _contents(self) -> Iterator[str]:
        """What stands beside every page."""
        listed: list[tuple[str, tuple[str, ...]]] = [(titles[self.language], names) for titles, names in sections()]
        if self.language == "en":
            listed.append(("Development", tuple(development().values())))
        for title, names in listed:
            yield f"\n\n```{{toctree}}\n:hidden:\n:caption: {title}\n\n" + "\n".join(names) + "\n```\n"

    def _linked(self, text: str, path: PurePosixPath) -> str:
        """The text with its links as the site has them; what looks like one in code stays."""
        codes = [code.span() for code in CODE.finditer(text)]

        def replaced(link: re.Match[str]) -> str:
            in_code = any(begin <= link.start() < end for begin, end in codes)
            return link.group() if in_code else self._link(link, path)

        return LINK.sub(replaced, text)

    def _link(self, link: re.Match[str], path: PurePosixPath) -> str:
        picture, words, target = link.groups()
        parts = urlsplit(target)
        if parts.scheme or not parts.path:
            return link.group()
        named = os.path.normpath(path.parent / unquote(parts.path))
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        # On a forge the name of a file says where a link leads; here the title of its page or heading does.
        by_name = words.endswith(".md")
        if named in self.pages():
            return f"[{'' if by_name else words}]({self.pages()[named]}.md{fragment})"
        for other in get_args(Language):
            if named in (theirs := Site(other, self.folder).pages()):
                shown = html.escape(title(named) if by_name else words)
                return f'<a href="../{other}/{theirs[named]}.html{quote(fragment, safe="#")}">{shown}</a>'
        if not (ROOT / named).is_file():
            raise BrokenLinkError(f"{path}: {target} is not in the repository")
        return f"{picture}[{words}]({quote(self._copied(named))})"

    def _copied(self, named: str) -> str:
        """A file of the repository beside the pages; pictures load no fonts."""
        copy = self.folder / "files" / re.sub(r"[^\w.\-]+", "-", named)
        copy.parent.mkdir(exist_ok=True)
        if named.endswith(".svg"):
            copy.write_text(FONT_FACE.sub("", (ROOT / named).read_text(encoding="utf-8")), encoding="utf-8")
        else:
            shutil.copy(ROOT / named, copy)
        return copy.relative_to(self.folder).as_posix()


def sections() -> Iterator[tuple[dict[Language, str], tuple[str, ...]]]:
    """The pages for users in their order, those last that have no place in it yet."""
    yield from SECTIONS
    placed = {name for _, names in SECTIONS for name in names} | {PurePosixPath(path).stem for path in DEVELOPMENT}
    if rest := sorted({path.stem for path in (ROOT / "docs").glob("*.md")} - placed):
        yield REST, tuple(rest)


def title(named: str) -> str:
    """The title of a page."""
    return (ROOT / named).read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")


def development() -> dict[str, str]:
    """The pages for those who change the program."""
    return {path: PurePosixPath(path).stem.lower() for path in DEVELOPMENT}


def build(target: Path) -> None:
    """Build both languages and the page that chooses one.

    Raises BrokenLinkError: a page names what is not there; CalledProcessError: Sphinx has something to say against it.
    """
    if target.exists():
        shutil.rmtree(target)
    with tempfile.TemporaryDirectory() as name:
        for language in get_args(Language):
            source = Path(name) / language
            Site(language, source).gather()
            command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "--conf-dir"]
            command += [str(HERE), "-D", f"language={language}", "--doctree-dir", str(Path(name) / f"trees-{language}")]
            subprocess.run([*command, str(source), str(target / language)], check=True)  # noqa: S603
    shutil.copy(HERE / "index.html", target)


def main() -> None:
    """Build it where it is wanted."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: build.py FOLDER")
    try:
        build(Path(sys.argv[1]))
    except BrokenLinkError as error:
        raise SystemExit(str(error)) from error
    except subprocess.CalledProcessError as error:
        raise SystemExit("The site was not built.") from error


if __name__ == "__main__":
    main()
