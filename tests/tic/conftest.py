"""What the protocol's tests share."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def specification() -> Path:
    """The folder of tables and constructed frames; the test is skipped where it is not there."""
    folder = SHARED / "tic"
    if not folder.is_dir():
        pytest.skip("the tables of the specification are not on this machine")
    return folder
