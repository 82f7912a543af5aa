"""What all tests share: real captures where they are, and nothing of the person who runs the tests."""

import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from linkytui.i18n import use_language
from linkytui.tui.glyphs import UNICODE, use_glyphs
from linkytui.tui.keys import use_look_only
from tests.made import captures as made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end how many tests were skipped, and why."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in reports)
    if reasons:
        terminalreporter.write_sep("=", f"{reasons.total()} skipped")
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count:>5}  {reason}")


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


@pytest.fixture(scope="session", autouse=True)
def _signals() -> None:
    """Programs that tests start hear what ends them, though nohup or a shell's background ignores it here.

    A handler, unlike an ignored signal, is not handed down to them.
    """
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda _number, _frame: None)


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
    use_look_only(False)


MADE = "made here"
REAL = "of real meters"


@pytest.fixture(scope="session", params=[MADE, REAL])
def captures(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of captures: those that the project makes, then the real ones, without which a test is skipped."""
    if request.param == MADE:
        return made.write(tmp_path_factory.mktemp("captures") / "made", made.captures())
    folder = SHARED / "captures"
    if not folder.is_dir():
        pytest.skip("the real captures are not on this machine")
    return folder


@pytest.fixture(scope="session", params=[MADE, REAL])
def specification(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the table of labels, `labels.csv`, and `frames` of every kind: the project's, then another's."""
    if request.param == MADE:
        folder = tmp_path_factory.mktemp("specification")
        shutil.copy(Path(__file__).parent / "made" / "labels.csv", folder)
        made.write(folder / "frames", made.frames())
        return folder
    folder = SHARED / "tic"
    if not folder.is_dir():
        pytest.skip("the tables of the specification are not on this machine")
    return folder
