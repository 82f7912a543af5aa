"""What takes too long for `make test` runs by `make faults` alone."""

import os

import pytest


@pytest.fixture
def heavy() -> None:
    """Skip a test outside `make faults`."""
    if not os.environ.get("LINKYTUI_TESTS_FAULTS"):
        pytest.skip("takes too long: make faults runs it")
