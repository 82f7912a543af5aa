"""The documents' site, as `make site` builds it: every link leads somewhere, and nothing is loaded from elsewhere."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "docs" / "site" / "build.py"

ELSEWHERE = re.compile(r"""(?:url\(|@import|\bsrc=|\bimport\()\s*["']?(?:https?:)?//""")
"""What makes a browser fetch something from another place, in styles, scripts and pictures."""


FOLLOWED = ("index", "search", "next", "prev", "author")
"""What a page's head names without loading it."""


@dataclass
class Page(HTMLParser):
    """One page of the site: what it links to, what it loads, and the anchors that it has."""

    path: Path
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.path.read_text(encoding="utf-8"))

    def __hash__(self) -> int:
        return hash(self.path)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        followed = tag == "a" or (tag == "link" and given.get("rel") in FOLLOWED)
        if followed and "href" in given:
            self.links.append(given["href"])
        else:
            self.loads += [given[name] for name in ("src", "href", "srcset", "data") if name in given and tag != "use"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as a folder."""
    folder = tmp_path_factory.mktemp("site") / "site"
    done = subprocess.run(
        [sys.executable, str(BUILD), str(folder)], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    """Every page of it."""
    return {path.resolve(): Page(path) for path in site.rglob("*.html")}


def local(page: Page, address: str) -> tuple[Path, str] | None:
    """The file and the anchor that an address of a page means; None where it leads elsewhere."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return None
    file = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path.resolve()
    return file, unquote(parts.fragment)


def broken(pages: dict[Path, Page]) -> Iterator[str]:
    """Links that lead to no file, or to no anchor."""
    for page in pages.values():
        for link in page.links:
            meant = local(page, link)
            if meant is None:
                continue
            file, anchor = meant
            lost = anchor and file in pages and anchor not in pages[file].anchors
            if lost or not file.is_file():
                yield f"{page.path.name}: {link}"


def test_every_link_and_anchor_leads_somewhere(pages: dict[Path, Page]) -> None:
    assert len(pages) > 50
    assert list(broken(pages)) == []


def test_nothing_is_loaded_from_elsewhere(site: Path, pages: dict[Path, Page]) -> None:
    for page in pages.values():
        for address in page.loads:
            meant = local(page, address)
            assert address.startswith("data:") or (meant is not None and meant[0].is_file()), f"{page.path}: {address}"
    for path in site.rglob("*"):
        if path.suffix in (".html", ".css", ".js", ".svg"):
            assert not ELSEWHERE.search(path.read_text(encoding="utf-8")), path


def test_each_page_leads_to_itself_in_the_other_language(site: Path, pages: dict[Path, Page]) -> None:
    english, french = ({path.name for path in (site / each).glob("*.html")} for each in ("en", "fr"))
    assert french <= english
    for name in french:
        assert f"../en/{name}" in pages[(site / "fr" / name).resolve()].links
        assert f"../fr/{name}" in pages[(site / "en" / name).resolve()].links
    for name in english - french:
        assert "../fr/index.html" in pages[(site / "en" / name).resolve()].links


def test_pages_speak_their_language(site: Path) -> None:
    french, english = ((site / each / "index.html").read_text(encoding="utf-8") for each in ("fr", "en"))
    assert re.search(r'<html [^>]*lang="fr"', french)
    assert re.search(r'<html [^>]*lang="en"', english)
    assert "Au compteur" in french
    assert "At the meter" in english
    # The switch stands beside each page, so the line that a forge needs is left out; French signs keep to their word.
    assert "In English" not in french
    assert "En français" not in english
    assert "Pas de compteur sous la main\u00a0?" in french
    assert "No meter at hand?" in english


def test_a_link_has_the_words_of_its_page_and_not_the_name_of_a_file(site: Path) -> None:
    for language in ("en", "fr"):
        first = (site / language / "index.html").read_text(encoding="utf-8")
        assert not re.search(r">[^<>]*docs/[^<>]*\.md[^<>]*</a>", first)


@pytest.mark.parametrize(
    ("language", "word"), [("fr", "branchement"), ("en", "wiring"), ("fr", "creus"), ("en", "dongl")]
)
def test_the_search_knows_words(site: Path, language: str, word: str) -> None:
    index = (site / language / "searchindex.js").read_text(encoding="utf-8")
    assert word[:6] in index
    stemmer = (site / language / "_static" / "language_data.js").read_text(encoding="utf-8")
    assert {"fr": "French", "en": "English"}[language] in stemmer


def test_the_first_page_chooses_a_language(site: Path, pages: dict[Path, Page]) -> None:
    assert pages[(site / "index.html").resolve()].links == ["fr/index.html", "en/index.html"]


def test_a_link_that_leads_nowhere_ends_the_build(tmp_path: Path) -> None:
    for name in ("docs", "linkytui", "snapshots", "contrib", "examples"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "docs").unlink()
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    for path in ROOT.glob("*.md"):
        shutil.copy(path, tmp_path)
    page = tmp_path / "docs" / "wiring.md"
    page.write_text(page.read_text(encoding="utf-8") + "\n[lost](lost.md)\n", encoding="utf-8")
    command = [sys.executable, str(tmp_path / "docs" / "site" / "build.py"), str(tmp_path / "site")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1
    assert done.stderr == "docs/wiring.md: lost.md is not in the repository\n"


def test_every_document_is_on_the_site(site: Path) -> None:
    for language, folder in (("en", ROOT / "docs"), ("fr", ROOT / "docs" / "fr")):
        built = {path.stem for path in (site / language).glob("*.html")}
        assert {path.stem.lower() for path in folder.glob("*.md")} <= built, "give it a place in docs/site/build.py"
