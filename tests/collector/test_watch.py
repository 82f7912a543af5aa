"""Changes of the settings while the collector runs."""

from pathlib import Path

import pytest

from linkytui.collector.watch import SettingsWatch
from linkytui.settings.load import load_settings
from linkytui.settings.model import Settings
from tests.lines import wait_until


class Watched:
    """A settings file and what was put into effect from it."""

    def __init__(self, folder: Path, every: float = 3600.0) -> None:
        self.file = folder / "config.toml"
        self.file.write_text("")
        self.used: list[Settings] = []
        self.watch = SettingsWatch(
            [self.file, folder / "absent.toml"],
            lambda: load_settings({}, self.file).settings,
            self.used.append,
            settings=Settings(),
            every=every,
        )

    def write(self, text: str) -> None:
        """Change the file, as an editor does."""
        draft = self.file.with_suffix(".new")
        draft.write_text(text)
        draft.replace(self.file)


def test_a_change_is_put_into_effect_once(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.watch.check()
    watched.write("[influxdb]\nenabled = true\n")
    watched.watch.check()
    watched.watch.check()
    (settings,) = watched.used
    assert settings.influxdb.enabled


def test_a_file_that_only_looks_different_changes_nothing(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.write("# a comment\n")
    watched.watch.check()
    assert watched.used == []


def test_a_wrong_file_is_said_once_and_what_held_holds_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    watched = Watched(tmp_path)
    watched.write("[influxdb]\nenabled = perhaps\n")
    watched.watch.check()
    watched.watch.check()
    assert watched.used == []
    assert len(caplog.records) == 1
    assert "the previous settings stay in effect" in caplog.text
    watched.write("[influxdb]\nenabled = true\n")
    watched.watch.check()
    assert len(watched.used) == 1


def test_it_looks_by_itself(tmp_path: Path) -> None:
    watched = Watched(tmp_path, every=0.01)
    watched.watch.start()
    watched.write("[mqtt]\nenabled = true\n")
    wait_until(lambda: watched.used)
    watched.watch.stop()
