"""`linkytui config`: values with their origin, and an editor whose work is checked."""

import json
import stat
from pathlib import Path

import pytest

from linkytui import cli
from linkytui.i18n import use_language
from linkytui.settings.fields import fields
from linkytui.settings.load import load_settings
from linkytui.settings.model import Settings
from linkytui.settings.template import template


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "xdg" / "config" / "linkytui" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        '[influxdb]\npassword = "s3same"\n[alerts]\nnotify = ["tgram://s3same"]\n'
        '[callbacks.mine]\nurl = "here"\napi_token = "s3same"\ndeep = {password = "s3same"}\n[tariff]\nbudget = 120.5\n'
    )
    return path


def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, commands: str) -> None:
    """Make a script the person's editor; the file is its last argument."""
    script = tmp_path / "my editor"
    script.write_text(f"#!/bin/sh\n{commands}\n")
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", f"'{script}' --wait")


def test_show_prints_each_value_with_its_origin(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LINKY_PORT", "/dev/ttyACM0")
    assert cli.run(["config", "show"]) == 0
    rows = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert rows.keys() >= fields().keys()
    assert rows["meter.port"] == ["/dev/ttyACM0", "LINKY_PORT"]
    assert rows["meter.mode"] == ["auto", "default"]
    assert rows["tariff.budget"] == ["120.5", str(config)]
    assert rows["callbacks.mine.url"] == ['"here"', str(config)]


@pytest.mark.parametrize("arguments", [["config", "show"], ["config", "show", "--json"]])
@pytest.mark.usefixtures("config")
def test_secrets_are_masked(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(arguments) == 0
    assert "s3same" not in capsys.readouterr().out


def test_show_json_keeps_types(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["config", "show", "--json"]) == 0
    lines = {line["key"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert lines["tariff.budget"] == {"key": "tariff.budget", "value": 120.5, "origin": "file", "from": str(config)}
    assert lines["meter.port"] == {"key": "meter.port", "value": None, "origin": "default", "from": None}
    assert lines["screen.bell"]["value"] is True
    assert {"kind": "tempo_red"} in lines["alerts.rules"]["value"]


def test_path_is_told_even_when_the_file_is_broken(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config.write_text("[broken\n")
    assert cli.run(["config", "path"]) == 0
    assert capsys.readouterr().out == f"{config}\n"
    assert cli.run(["config", "path", "--config", "other.toml"]) == 0
    assert capsys.readouterr().out == "other.toml\n"


def test_edit_starts_from_a_template_that_only_its_owner_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor(
        tmp_path,
        monkeypatch,
        'test "$1" = --wait && echo "mode = \\"standard\\"" | sed -i "/^\\[meter\\]/r /dev/stdin" "$2"',
    )
    assert cli.run(["config", "edit"]) == 0
    path = tmp_path / "xdg" / "config" / "linkytui" / "config.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_settings({}).settings.meter.mode == "standard"
    assert capsys.readouterr().err == f"{path}: the settings are valid.\n"


def test_edit_says_what_is_wrong_afterwards(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor(tmp_path, monkeypatch, 'echo "[meter]\nmode = 3" > "$2"')
    assert cli.run(["config", "edit"]) == 1
    assert capsys.readouterr().err == (
        f"linkytui: {config}: meter.mode must be one of auto, historic, standard, not 3\n"
    )


@pytest.mark.usefixtures("config")
def test_edit_without_a_working_editor_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDITOR", "no-such-editor")
    assert cli.run(["config", "edit"]) == 1
    assert capsys.readouterr().err.startswith("linkytui: Cannot start the editor")
    monkeypatch.setenv("EDITOR", "false")
    assert cli.run(["config", "edit"]) == 1
    assert capsys.readouterr().err == "linkytui: The editor ended with exit status 1.\n"
    monkeypatch.delenv("EDITOR")
    monkeypatch.setenv("PATH", "")
    assert cli.run(["config", "edit"]) == 1
    assert capsys.readouterr().err == "linkytui: No editor found: set the variable EDITOR to one.\n"


def test_the_template_sets_nothing_and_names_everything(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(template())
    loaded = load_settings({}, path)
    assert loaded.settings == Settings()
    assert all(f"\n#{key.rpartition('.')[2]} = " in template() for key in fields())


def test_the_template_speaks_french() -> None:
    use_language("fr")
    assert "Abonnement" in template()
