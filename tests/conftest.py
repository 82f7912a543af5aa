"""What all tests share: real captures where they are, and nothing of the person who runs the tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from linkytui.i18n import use_language
from linkytui.tui.glyphs import UNICODE, use_glyphs

SHARED = Path(__file__).parents[2] / "shared"
"""Real captures and price grids, beside the checkout on machines that have them."""

hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

_PERSONAL = ("LINKYTUI_", "LINKY_", "INFLUXDB_", "LC_", "LANG")
_PERSONAL_NAMES = {
    "CURRENT_POWER",
    "EDITOR",
    "HC_KWH_PRICE",
    "HP_KWH_PRICE",
    "MONTHLY_SUBSCRIPTION_PRICE",
    "SSH_CONNECTION",
    "TZ",
    "VISUAL",
}


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Each test belongs to a person without settings or files, who speaks English."""
    for name in list(os.environ):
        if (name.startswith(_PERSONAL) or name in _PERSONAL_NAMES) and not name.startswith("LINKYTUI_TESTS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("LANGUAGE", "")
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "xdg" / name.lower()))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "xdg" / "runtime"))
    yield
    use_language("en")
    use_glyphs(UNICODE)


@pytest.fixture(scope="session")
def captures() -> Path:
    """The folder of real captures; the test is skipped where it is not there."""
    folder = SHARED / "captures"
    if not folder.is_dir():
        pytest.skip("the real captures are not on this machine")
    return folder
