"""What users read is there in English and in French, and both say the same: pages, headings, commands, figures."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import pytest

from linkytui.i18n import Language, _, use_language
from tests import markdown
from tests.markdown import Section

ROOT = Path(__file__).parents[1]

ENGLISH_ONLY = {
    "docs/ARCHITECTURE.md": "for those who change the program; its code and its texts in code are English",
    "docs/testing.md": "for those who change the program",
    "docs/benchmarks.md": "for those who measure the program in a checkout",
    "docs/upstream.md": "for those who maintain the libraries that it stands on",
    "CONTRIBUTING.md": "for those who change the program",
    "CHANGELOG.md": "one list of changes, written with the commits, which are English",
    "SECURITY.md": "for those who look for weaknesses; reports come in either language",
}
"""Pages without a French version, each with the reason."""


def pairs() -> dict[Path, Path]:
    """The English pages and what their French versions are called."""
    pages = {path: ROOT / "docs" / "fr" / path.name for path in (ROOT / "docs").glob("*.md")}
    pages |= {path: path.with_suffix(".fr.md") for path in ROOT.glob("*.md") if not path.name.endswith(".fr.md")}
    return {path: french for path, french in pages.items() if str(path.relative_to(ROOT)) not in ENGLISH_ONLY}


PAIRS = sorted(pairs().items())

COMMAND = re.compile(
    r"^(?:\$ )?(?:sudo|linkytui|make|pipx|uv|docker|podman|kubectl|cp|rm|cd|ls|stty|socat|sqlite3|systemctl|journalctl|"
    r"curl|duckdb|python3?|echo|set|PYTHONPATH=|[A-Z_]+=)(?= |$|\S)"
)
"""How a line of a block begins that one would type."""

SETTING = re.compile(r"^(?:\[\[?[\w.\"-]+\]?\]|[\w.\"-]+ = .*|[-\w ]+:.*|[{(].*)$")
"""A line of a settings file or of YAML."""

COMMENT = re.compile(r"(?:^|\s+)#(?!\().*$|\s{2,}\S.*$|\s+# .*$")
NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
SPOKEN = re.compile(r"<[^<>]*>|…")
"""What stands for something in a code, and is named in the reader's language."""

EITHER = {"facture.toml": "invoice.toml", 'what = "tva"': 'what = "vat"', "--kwh 1,2": "--kwh 1.2"}
"""What the program takes in the reader's own words, and files to which the reader gives a name."""

OWN_WORDS = re.compile(r"^(?:- )?alias:")
"""Lines of settings whose value is a text for people."""


def lines(section: Section) -> Iterator[str]:
    """The commands and settings of a section's blocks, without the comments beside them."""
    for block in section.blocks:
        for line in block.splitlines():
            typed = COMMENT.sub("", line.strip()).strip()
            if (COMMAND.match(typed) or SETTING.match(typed)) and not OWN_WORDS.match(typed):
                for french, english in EITHER.items():
                    typed = typed.replace(french, english)
                yield typed


def codes(section: Section) -> Counter[str]:
    """What stands between backquotes, with what differs by language left out."""
    return Counter(SPOKEN.sub("…", code) for code in section.code)


def spoken(english: Counter[str], french: Counter[str]) -> Counter[str]:
    """English codes, with the program's own words as it says them in French where the French page has those."""
    use_language("fr")
    return Counter(
        {_(code) if french[_(code)] and not french[code] else code: count for code, count in english.items()}
    )


def targets(section: Section) -> Counter[str]:
    """Where its links lead: the pages' names, whichever the language, and addresses."""
    return Counter(
        re.sub(r"-(?:en|fr)(?=\.|%5D)|french_|\.fr(?=\.md)", "", link.partition("#")[0].rpartition("/")[2])
        for link in section.links
    )


def figures(section: Section, language: Language) -> Counter[str]:
    """The numbers that its text gives in digits, thousands together and with a point; whole hours without minutes."""
    grouped = r"(?<=\d),(?=\d{3}(?!\d))" if language == "en" else r"(?<=\d)[\u00a0 ](?=\d{3}(?!\d))"
    text = re.sub(r"\b0?(\d{1,2})[:h]00\b", r"\1", re.sub(grouped, "", section.text))
    return Counter(number.replace(",", ".") for number in NUMBER.findall(text))


def test_every_page_for_users_is_there_in_both_languages() -> None:
    for name, reason in ENGLISH_ONLY.items():
        assert (ROOT / name).is_file(), f"{name} is gone: take it off the list"
        assert reason
    assert [english.name for english, french in PAIRS if not french.is_file()] == []
    written = {path.name for path in (ROOT / "docs" / "fr").glob("*.md")}
    assert written == {french.name for _, french in PAIRS if french.parent.name == "fr"}


def differences(english: Path, french: Path) -> Iterator[str]:
    """What one of two pages says and the other does not."""
    ours, theirs = markdown.sections(english), markdown.sections(french)
    levels = [[f"{'#' * each.level} {each.title}" for each in page] for page in (ours, theirs)]
    if [each.level for each in ours] != [each.level for each in theirs]:
        yield "other headings:\n" + "\n".join(f"{a:<60} {b}" for a, b in zip_longest(*levels, fillvalue="(none)"))
        return
    for one, other in zip(ours, theirs, strict=True):
        for what, a, b in (
            ("lines", Counter(lines(one)), Counter(lines(other))),
            ("code", spoken(codes(one), codes(other)), codes(other)),
            ("rows of tables", Counter({"rows": one.rows}), Counter({"rows": other.rows})),
            ("links", targets(one), targets(other)),
            ("figures", figures(one, "en"), figures(other, "fr")),
        ):
            if a != b:
                yield f"{one.title} | {other.title}: {what}: English only {sorted(a - b)}, French only {sorted(b - a)}"


@pytest.mark.parametrize(("english", "french"), PAIRS, ids=[english.name for english, _ in PAIRS])
def test_both_languages_say_the_same(english: Path, french: Path) -> None:
    assert "\n".join(differences(english, french)) == ""


@pytest.mark.parametrize(
    ("english", "french", "said"),
    [
        ("# A\n\n## B\n", "# A\n", "other headings"),
        ("# A\n\n## B\n", "# A\n\n### B\n", "other headings"),
        ("# A\n\n    linkytui cost --plot\n", "# A\n\n    linkytui cost\n", "lines"),
        ("# A\n\n    linkytui cost     this month\n", "# A\n\n    linkytui cost     ce mois\n", ""),
        ("# A\n\n```toml\na = 1 # one\n```\n", "# A\n\n```toml\na = 1 # un\n```\n", ""),
        ("# A\n\n```toml\na = 1\n```\n", "# A\n\n```toml\na = 2\n```\n", "lines"),
        ("# A\n\nPress `q`.\n", "# A\n\nTapez `x`.\n", "code"),
        ("# A\n\n`<number>/x`\n", "# A\n\n`<numéro>/x`\n", ""),
        ("# A\n\n| a |\n|---|\n| b |\n", "# A\n\n| a |\n|---|\n", "rows"),
        ("# A\n\n[b](b.md#c)\n", "# A\n\n[b](b.md#d)\n", ""),
        ("# A\n\n[b](b.md)\n", "# A\n\nb\n", "links"),
        ("# A\n\n1,802,420 in 30.3 ms at 06:00\n", "# A\n\n1 802 420 en 30,3 ms à 6 h\n", ""),
        ("# A\n\n30.3 ms\n", "# A\n\n30,4 ms\n", "figures"),
    ],
)
def test_what_only_one_language_says_is_found(tmp_path: Path, english: str, french: str, said: str) -> None:
    (tmp_path / "en.md").write_text(english)
    (tmp_path / "fr.md").write_text(french)
    found = "\n".join(differences(tmp_path / "en.md", tmp_path / "fr.md"))
    assert said in found
    assert bool(said) == bool(found)
