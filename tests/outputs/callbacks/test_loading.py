"""From a name in the settings to a callback."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, cast

import pytest

from linkytui.outputs.callbacks import loading
from linkytui.outputs.callbacks.base import Callback, CallbackError, LinkypyCallback, linkypy_data, linkypy_timestamp
from linkytui.tic import Group, Mode
from tests.outputs.callbacks.frames import METER_ID, Household, cut, framed, historic

WriteModule = Callable[[str, str], None]


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteModule]:
    """Writes a module into the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    written: list[str] = []

    def write(name: str, source: str) -> None:
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(source))
        written.append(name)

    yield write
    for name in written:
        sys.modules.pop(name, None)


def test_linkypys_plugin_runs_unchanged_from_the_working_folder(module: WriteModule) -> None:
    module(
        "my_linky_plugin",
        """
        class Printer(object):
            def __init__(self):
                self.calls = []

            def compute(self, data, timestamp):
                self.calls.append((data, timestamp))
        """,
    )
    callback = loading.load("my_linky_plugin.Printer", {})
    arrival = Household().arrival()
    callback.reading(arrival.reading, arrival.frame)
    assert isinstance(callback, LinkypyCallback)
    plugin = cast(Any, callback._compute).__self__
    ((data, timestamp),) = plugin.calls
    assert data["ADCO"] == METER_ID
    assert data["PAPP"] == "00460"
    assert list(data)[-1] == "MOTDETAT"
    assert timestamp == "2025-11-24T05:00:01.500000"


def test_linkypys_plugin_gets_no_frame_that_linkypy_would_have_given_up() -> None:
    calls = []
    callback = LinkypyCallback(lambda data, _timestamp: calls.append(data))
    whole = Household().arrival()
    callback.reading(whole.reading, cut(whole.frame))
    assert calls == []
    callback.reading(whole.reading, whole.frame)
    assert len(calls) == 1


def test_each_call_gets_a_dict_of_its_own() -> None:
    frame = historic()
    first = linkypy_data(frame)
    first.clear()
    assert linkypy_data(frame)


def test_a_label_that_is_only_a_date_gives_the_date() -> None:
    frame = framed([Group("ADSC", METER_ID), Group("DATE", "", "H251124060001")], Mode.STANDARD)
    assert linkypy_data(frame)["DATE"] == "H251124060001"


def test_times_are_written_as_linkypy_wrote_them() -> None:
    assert linkypy_timestamp(1_763_960_400.0) == "2025-11-24T05:00:00"


def test_a_function_is_a_callback_too(module: WriteModule) -> None:
    module("as_a_function", "calls = []\ndef my_callback(data, timestamp):\n    calls.append(timestamp)\n")
    callback = loading.load("as_a_function.my_callback", {})
    arrival = Household().arrival()
    callback.reading(arrival.reading, arrival.frame)
    assert len(sys.modules["as_a_function"].calls) == 1


def test_a_callback_of_ours_gets_its_own_settings(module: WriteModule) -> None:
    module("richer", "from linkytui.callbacks import Callback\nclass Richer(Callback):\n    pass\n")
    callback = loading.load("richer.Richer", {"threshold": 3000})
    assert callback.settings["threshold"] == 3000


def test_an_installed_package_brings_one_by_entry_point(module: WriteModule, monkeypatch: pytest.MonkeyPatch) -> None:
    module("from_a_package", "from linkytui.callbacks import Callback\nclass Bringer(Callback):\n    pass\n")
    sys.path.append(str(Path.cwd()))
    entry = EntryPoint("bringer", "from_a_package:Bringer", "linkytui.callbacks")

    def entry_points(group: str, name: str | None = None) -> list[EntryPoint]:
        assert group == "linkytui.callbacks"
        return [entry] if name in (None, "bringer") else []

    monkeypatch.setattr("importlib.metadata.entry_points", entry_points)
    assert isinstance(loading.load("bringer", {}), Callback)
    assert loading.installed() == ("bringer",)
    with pytest.raises(CallbackError, match="nobody"):
        loading.load("nobody", {})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise SystemExit('over')", "SystemExit: over"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("import a_package_that_is_not_there", "a_package_that_is_not_there"),
        (
            "class Plugin:\n    def __init__(self):\n        raise ValueError('first line\\nsecond')",
            "ValueError: first line",
        ),
        ("class Plugin:\n    pass", "no method compute"),
        ("def (:", "SyntaxError"),
        ("", "has no Plugin"),
    ],
)
def test_whatever_a_module_does_at_import_is_one_line(module: WriteModule, source: str, words: str) -> None:
    module("misbehaves", source)
    with pytest.raises(CallbackError) as caught:
        loading.load("misbehaves.Plugin", {})
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_error_that_goes_on_and_on_is_cut() -> None:
    assert len(loading.in_a_line(ValueError("x" * 100_000))) < 400


def test_linkypys_own_callbacks_are_recognised() -> None:
    assert loading.replaced_by("linkypy.callbacks.influxdb_callback.InfluxDBCallback") == "influxdb"
    assert loading.replaced_by("linkypy.plugins.influxdb_callback.InfluxDBCallback") == "influxdb"
    assert loading.replaced_by("linkypy.callbacks.prices_callback.PricesCallback") == "influxdb"
    assert loading.replaced_by("mine.influxdb_callback.InfluxDBCallback") is None
