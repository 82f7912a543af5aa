"""The documents: every link and every anchor leads somewhere."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

import pytest

from linkytui.i18n import Language, _, use_language
from linkytui.link import Link, LinkState
from linkytui.wording.terms import state_advice
from tests import markdown

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "contrib/**/*.md", "examples/**/*.md", ".github/**/*.md")
    for path in ROOT.glob(pattern)
)


def broken(page: Path) -> Iterator[str]:
    """The links of a page that lead nowhere, each with the reason."""
    for link in (link for section in markdown.sections(page) for link in section.links):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = page.parent / unquote(parts.path) if parts.path else page
        if not target.resolve().is_relative_to(ROOT) or not target.exists():
            yield f"{link}: no such file"
        elif parts.fragment and unquote(parts.fragment) not in markdown.anchors(target):
            yield f"{link}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert list(broken(page)) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[a](nothing.md)", "nothing.md: no such file"),
        ("[a](other.md#nothing)", "other.md#nothing: no such heading"),
        ("[a](#nothing)", "#nothing: no such heading"),
        ("![a](nothing.svg)", "nothing.svg: no such file"),
        ("| [a](other.md#nothing) |\n|---|", "other.md#nothing: no such heading"),
        ("[a](../../outside.md)", "../../outside.md: no such file"),
        ("[a](other.md) [b](other.md#lété-ici) [c](#top) [d](https://example.org/x) `[e](code)`\n\n# Top", ""),
    ],
)
def test_a_link_that_leads_nowhere_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    monkeypatch.setattr("tests.test_documents.ROOT", tmp_path)
    (tmp_path / "other.md").write_text("# L'été, ici\n")
    page = tmp_path / "page.md"
    page.write_text(text)
    assert list(broken(page)) == ([reason] if reason else [])


LASTING = frozenset(LinkState) - {LinkState.LIVE, LinkState.WAITING, LinkState.NO_READER, LinkState.ENDED}
"""The states of the line in which a person has to do something."""

ADVICE = (
    "The collector has stopped.",
    "Regulated tariff assumed: set provider and offer in [tariff].",
    "Subscribed power unknown: set power_kva in [meter].",
    "The machine's clock is not set yet; the history is waiting for it",
)


@pytest.mark.parametrize(("page", "language"), [("troubleshooting.md", "en"), ("fr/troubleshooting.md", "fr")])
def test_troubles_have_the_names_that_the_screen_gives_them(page: str, language: Language) -> None:
    titles = {section.title for section in markdown.sections(ROOT / "docs" / page)}
    use_language(language)
    assert {state_advice(Link(state=state))[0] for state in LASTING} <= titles
    assert {_(text) for text in ADVICE} <= titles
    if language == "fr":
        assert all(_(text) != text for text in ADVICE), "a text that the program no longer has"


@pytest.mark.parametrize("picture", sorted((ROOT / "docs" / "pictures").glob("*.svg")), ids=lambda path: path.name)
def test_a_picture_is_whole_and_loads_nothing(picture: Path) -> None:
    root = ElementTree.fromstring(picture.read_text(encoding="utf-8"))  # noqa: S314 -- one of our own
    texts = [element.text for element in root.iter() if element.tag.endswith("}text")]
    assert len(texts) > 100
    names = {f"#{element.get('id')}" for element in root.iter() if element.get("id")}
    assert {value for element in root.iter() for name, value in element.items() if name.endswith("href")} <= names
    assert "url(" not in picture.read_text(encoding="utf-8")
