"""What the tests of the tariffs share."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared" / "tariffs"
"""Real price grids, beside the checkout on machines that have them."""


@pytest.fixture(scope="session")
def tariffs() -> Path:
    """The folder of real grids; the test is skipped where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the real price grids are not on this machine")
    return SHARED
