"""The log of the tests, which a command would take over."""

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture
def log_as_before() -> Iterator[None]:
    """Afterwards the log goes where it went."""
    root, ours = logging.getLogger(), logging.getLogger("linkytui")
    handlers, level, our_level = root.handlers[:], root.level, ours.level
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    ours.setLevel(our_level)
