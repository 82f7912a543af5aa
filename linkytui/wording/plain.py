"""Words as one compares them: people and files write one name in many ways."""

import re
import unicodedata


def bare(text: str) -> str:
    """The text in lower case and without accents, its punctuation kept."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)).casefold()


def plain(text: str) -> str:
    """The words of the text in lower case and without accents: `Elec Référence - 3 ans` is `elec reference 3 ans`."""
    return re.sub(r"[^a-z0-9]+", " ", bare(text)).strip()
