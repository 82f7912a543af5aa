"""Reads Markdown as the documents use it: headings, links, code and tables, each in its section."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER = MarkdownIt("commonmark").enable("table")


@dataclass
class Section:
    """What stands under one heading, up to the next one."""

    level: int
    """1 to 6; 0 before the first heading."""
    title: str
    code: list[str] = field(default_factory=list)
    """What stands between backquotes, in the text and in tables, titles included."""
    blocks: list[str] = field(default_factory=list)
    """Blocks of code, fenced or indented."""
    rows: int = 0
    """Rows of its tables."""
    links: list[str] = field(default_factory=list)
    """Targets of its links and pictures."""
    text: str = ""
    """Its text and its tables, without code."""


def sections(path: Path) -> list[Section]:
    """The sections of a page in their order, the first of which may be empty."""
    found = [Section(0, "")]
    tokens = PARSER.parse(path.read_text(encoding="utf-8"))
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            found.append(Section(int(token.tag[1]), _words(tokens[number + 1])))
        elif token.type in ("fence", "code_block"):
            found[-1].blocks.append(token.content)
        elif token.type == "tr_open":
            found[-1].rows += 1
        for inner in token.children or ():
            if inner.type == "code_inline":
                found[-1].code.append(inner.content)
            elif inner.type == "text":
                found[-1].text += inner.content + "\n"
            elif inner.type in ("link_open", "image"):
                found[-1].links.append(str(inner.attrGet("href") or inner.attrGet("src")))
    return found


def _words(token: Token) -> str:
    return "".join(inner.content for inner in token.children or () if inner.type in ("text", "code_inline"))


def anchor(title: str) -> str:
    """The name under which forges and the site link to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def anchors(path: Path) -> set[str]:
    """All anchors of a page; a title that stands there twice is numbered."""
    names: dict[str, int] = {}
    for section in sections(path):
        name = anchor(section.title)
        names[name] = names.get(name, -1) + 1
    return {f"{name}-{number}" if number else name for name, count in names.items() for number in range(count + 1)}
