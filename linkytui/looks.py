"""What an output can show: colours, a line that is written anew, signs beyond ASCII."""

import codecs
import io
import os
import sys
import unicodedata
from typing import Final, TextIO

import click.utils

_PLAIN: Final = {
    **dict.fromkeys("─━┄╌", "-"),
    **dict.fromkeys("│┃", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╯╰", "+"),
    **dict.fromkeys("█▇▆▅▄▃▂▁▓▒░■", "#"),
    **dict.fromkeys("‘’‹›", "'"),
    **dict.fromkeys("“”«»„", '"'),
    **dict.fromkeys("–—−‑", "-"),
    **dict.fromkeys("\u00a0\u202f\u2009", " "),
    **{"€": "EUR", "…": "...", "·": "-", "•": "*", "×": "x", "≈": "~", "≥": ">=", "≤": "<=", "→": "->", "←": "<-"},
    **{"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "²": "2", "°": "o"},
}
"""What stands for a sign where only ASCII, or some other set without it, can be written."""

_ERRORS: Final = "linkytui.plain"


def is_dumb() -> bool:
    """Whether the terminal can only be written forth, line by line."""
    return os.environ.get("TERM") in ("dumb", "unknown")


def colourless() -> bool:
    """Whether colours and bold are not wanted or not known: https://no-color.org, and TERM=dumb."""
    return bool(os.environ.get("NO_COLOR")) or is_dumb()


def write_what_can_be_written() -> None:
    """Let an output that does not know a sign get the nearest that it knows, instead of an error."""
    codecs.register_error(_ERRORS, _nearest)
    for stream in (sys.stdout, sys.stderr):
        _reconfigure(stream)
    # click takes an ASCII output for a mistake, and writes UTF-8 there.
    click.utils._default_text_stdout = lambda: sys.stdout  # type: ignore[attr-defined]
    click.utils._default_text_stderr = lambda: sys.stderr  # type: ignore[attr-defined]


def _reconfigure(stream: TextIO) -> None:
    if isinstance(stream, io.TextIOWrapper) and not stream.encoding.lower().replace("-", "").startswith("utf"):
        stream.reconfigure(errors=_ERRORS)


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """The nearest ASCII signs to those that cannot be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = "".join(map(_plain, error.object[error.start : error.end]))
    return text, error.end


def _plain(sign: str) -> str:
    if sign in _PLAIN:
        return _PLAIN[sign]
    base = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return base or ("" if unicodedata.combining(sign) else "?")
