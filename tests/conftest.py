"""What all tests share."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
"""Real captures and price grids, beside the checkout on machines that have them."""


@pytest.fixture(scope="session")
def captures() -> Path:
    """The folder of real captures; the test is skipped where it is not there."""
    folder = SHARED / "captures"
    if not folder.is_dir():
        pytest.skip("the real captures are not on this machine")
    return folder
