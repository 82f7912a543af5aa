"""A French Linky electricity meter, live in a terminal."""

from typing import Final

__version__: Final = "0.1.0"
