"""Price grids are looked after by a process that ends, whatever it meets."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkytui.collector.grids import GridKeeper
from linkytui.i18n import language, use_language
from linkytui.settings.model import Settings, TariffSettings
from linkytui.tariffs.status import StatusFile
from tests.lines import wait_until


@pytest.fixture
def french() -> Iterator[None]:
    before = language()
    use_language("fr")
    yield
    use_language(before)


def of_files(*files: Path) -> Settings:
    return Settings(tariff=TariffSettings(fetch=False, files=tuple(map(str, files))))


@pytest.mark.usefixtures("french")
def test_a_file_is_looked_at_and_what_is_wrong_is_kept_in_the_persons_language(tmp_path: Path) -> None:
    file = tmp_path / "grid.pdf"
    file.write_bytes(b"no grid at all")
    keeper = GridKeeper(of_files(file), first_look=0.0)
    statuses = StatusFile()
    wait_until(lambda: str(file) in statuses.read())
    keeper.close()
    assert statuses.read()[str(file)].error == "ce n'est pas un PDF"


def test_the_end_does_not_wait_for_a_file_that_nobody_writes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    keeper = GridKeeper(of_files(pipe), first_look=0.0)
    with pipe.open("wb"):  # waits until the process has opened it
        keeper.close()
        keeper._thread.join()
    assert keeper._process is None


def test_ended_before_the_first_look_it_looks_at_nothing(tmp_path: Path) -> None:
    keeper = GridKeeper(of_files(tmp_path / "grid.pdf"))
    keeper.close()
    assert not keeper._thread.is_alive()
    assert not StatusFile().read()


def test_what_the_process_logs_is_in_this_ones_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    errand = tmp_path / "linkytui" / "collector"
    errand.mkdir(parents=True)
    for folder in (errand.parent, errand):
        (folder / "__init__.py").touch()
    (errand / "grid_errand.py").write_text(
        "import sys; sys.stdin.read()\n"
        "print('INFO asked', 'WARNING refused', 'Traceback: x', sep='\\n', file=sys.stderr)\n"
    )
    monkeypatch.setattr("linkytui.collector.grids.linkytui.__file__", str(errand.parent / "__init__.py"))
    caplog.set_level(logging.INFO, "linkytui")
    keeper = GridKeeper(of_files(), first_look=0.0)
    wait_until(lambda: len(caplog.records) == 3)
    keeper.close()
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("INFO", "asked"),
        ("WARNING", "refused"),
        ("ERROR", "Traceback: x"),
    ]
