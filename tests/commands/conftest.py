"""What the commands about money are given: somebody who has recorded since October."""

from pathlib import Path

import pytest

from tests.commands import households


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The history."""
    folder = tmp_path_factory.mktemp("history")
    households.make(folder)
    return folder


@pytest.fixture
def recorded(made: Path, tmp_path: Path) -> None:
    """The person has recorded since October."""
    households.copy(made, tmp_path)
