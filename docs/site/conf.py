"""What Sphinx is told about the documents' site; docs/site/build.py gathers the pages and calls it."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

import linkytui

project = "linkytui"
release = linkytui.__version__
copyright = "linkytui"  # noqa: A001 -- Sphinx's name
extensions = ["myst_parser"]
myst_heading_anchors = 4
highlight_language = "none"
# The JSON in a page may be cut for its width, and SQL is InfluxDB's: neither is to be as strict as the language.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "furo"
html_title = "linkytui"
html_static_path = ["static"]
html_css_files = ["site.css"]
templates_path = ["templates"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_use_index = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}

BEFORE_SIGNS = re.compile(r" (?=[:;!?»%])|(?<=«) ")


def french_spaces(app: Sphinx, document: nodes.document) -> None:
    """Keep French signs on the line of their word, as print does."""
    if app.config.language != "fr":
        return
    for text in list(document.findall(nodes.Text)):
        if not isinstance(text.parent, (nodes.literal, nodes.literal_block, nodes.raw)):
            text.parent.replace(text, nodes.Text(BEFORE_SIGNS.sub("\u00a0", text)))


def switch(app: Sphinx, page: str, _template: str, context: dict[str, Any], _document: nodes.document | None) -> None:
    """Tell the switch where the same page is in the other language, or the first one where there is none."""
    english_only = {"contributing", "architecture", "testing", "benchmarks", "upstream", "changelog", "security"}
    other = "en" if app.config.language == "fr" else "fr"
    there = "index" if page in english_only else page
    context["other_language"] = other
    context["other_words"] = {"en": "English", "fr": "Français"}[other]
    context["other_page"] = f"../{other}/{there}.html"


def setup(app: Sphinx) -> None:
    """Join the two to Sphinx's work."""
    app.connect("doctree-read", french_spaces)
    app.connect("html-page-context", switch)
