"""`linkytui config migrate`: from linkypy's YAML and environment to settings that collect the same."""

import stat
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from linkytui import cli
from linkytui.settings import linkypy
from linkytui.settings.load import LINKYPY_VARIABLES, load_settings

README = """\
linkypy:

    loglevel: INFO

    callbacks:
        - linkypy.callbacks.influxdb_callback.InfluxDBCallback
        - linkypy.callbacks.prices_callback.PricesCallback
        - my_house.plugins.Heater

    price_extractors:
        - linkypy.prices_extractors.total_direct_energie.TotalDirectEnergiePriceExtractor
        - linkypy.prices_extractors.edf.EDFPriceExtractor
        - linkypy.prices_extractors.engie.EngiePriceExtractor
"""
"""A file as linkypy's own, with a plugin."""

ENVIRONMENT = {
    "LINKY_PORT": "/dev/ttyUSB0",
    "LINKY_BAUDRATE": "1200",
    "INFLUXDB_SERVICE_HOST": "influxdb.local",
    "INFLUXDB_SERVICE_PORT": "8087",
    "INFLUXDB_DATABASE": "house",
    "INFLUXDB_USERNAME": "admin",
    "INFLUXDB_PASSWORD": "never shown",
    "CURRENT_POWER": "9",
    "HP_KWH_PRICE": "0.1657",
    "HC_KWH_PRICE": "0.1249",
    "MONTHLY_SUBSCRIPTION_PRICE": "14.34",
}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with nothing in it, and a machine where linkypy left no file."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / ".config"))
    for name in LINKYPY_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(linkypy, "places", lambda: [folder / ".linkypy.yaml"])
    return folder


@pytest.fixture
def file(home: Path) -> Path:
    """The settings file that is written."""
    return home / ".config" / "linkytui" / "config.toml"


def test_the_readmes_configuration_becomes_settings(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / ".linkypy.yaml").write_text(README)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    assert cli.run(["config", "migrate", "--dry-run"]) == 0
    assert not file.exists()
    assert cli.run(["config", "migrate", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "never shown" not in told
    assert "EDF Tarif Bleu" in told
    assert "win over" in told
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    # The variables may go: the file says it all.
    settings = load_settings({}, file).settings
    assert settings.meter.port == "/dev/ttyUSB0"
    assert settings.meter.mode == "auto"
    assert settings.meter.power_kva == 9
    assert settings.influxdb.enabled
    assert (settings.influxdb.port, settings.influxdb.database) == (8087, "house")
    assert settings.influxdb.password == ENVIRONMENT["INFLUXDB_PASSWORD"]
    assert settings.callbacks.plugins == ("my_house.plugins.Heater",)
    assert {name: str(price) for name, price in settings.tariff.prices.registers.items()} == {
        "HP": "0.1657",
        "HC": "0.1249",
    }
    before = file.read_text()
    assert cli.run(["config", "migrate", "--yes"]) == 0
    assert "Nothing to do." in capsys.readouterr().out
    assert file.read_text() == before


def test_what_is_there_already_stays_and_comments_too(
    home: Path, file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.mkdir(parents=True)
    file.write_text('# mine\n[meter]\nport = "/dev/ttyAMA0" # the header\n')
    (home / ".linkypy.yaml").write_text("linkypy:\n  callbacks: [a.B]\n")
    assert cli.run(["config", "migrate", "--yes"]) == 0
    text = file.read_text()
    assert text.startswith('# mine\n[meter]\nport = "/dev/ttyAMA0" # the header\n')
    assert load_settings({}, file).settings.callbacks.plugins == ("a.B",)
    capsys.readouterr()


@pytest.mark.parametrize(
    ("yaml", "told"),
    [
        ("linkypy:\n  loglevel: DEBUG\n", "--log-level debug"),
        ("linkypy:\n  loglevel: 10\n", "--log-level debug"),
        ("linkypy:\n  loglevel: LOUD\n", "no level"),
        ("linkypy:\n  loglevel: [DEBUG]\n", "no level"),
        ("linkypy:\n  colour: red\n", "linkypy.colour"),
        ("linkypy:\n  callbacks: [linkypy.callbacks.other.Other]\n", "linkypy.callbacks.other.Other"),
        ("linkypy:\n  callbacks: nothing\n", "linkypy.callbacks"),
        ("linkypy:\n  price_extractors: [mine.Extractor]\n", "[tariff.prices]"),
        ("linkypy:\n  callbacks: [linkypy.callbacks.prices_callback.PricesCallback]\n", "influxdb.password"),
    ],
)
def test_what_has_no_counterpart_is_named(home: Path, yaml: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    (home / ".linkypy.yaml").write_text(yaml)
    assert cli.run(["config", "migrate", "--dry-run"]) == 0
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    ("yaml", "found"),
    [
        (
            "linkypy:\n  price_extractors: [linkypy.prices_extractors.engie.EngiePriceExtractor]\n",
            {"tariff.provider": "Engie", "tariff.offer": "Elec Énergie Garantie"},
        ),
        ("linkypy:\n  price_extractors: []\n", {"tariff.fetch": False}),
        ("linkypy:\n  callbacks:\n", {}),
        ("linkypy:\n  # loglevel: DEBUG\n", {}),
        ("linkypy:\n  callbacks: mine.Plugin\n", {"callbacks.plugins": ("mine.Plugin",)}),
        (
            "linkypy:\n  callbacks:\n    -\n    - ' mine.Plugin '  # the boiler\n",
            {"callbacks.plugins": ("mine.Plugin",)},
        ),
        ("linkypy:\n  callbacks: [mine.Plugin, yes, 1.5, {a: b}]\n", {"callbacks.plugins": ("mine.Plugin",)}),
        ("own: &own [mine.Plugin]\nlinkypy:\n  callbacks: *own\n", {"callbacks.plugins": ("mine.Plugin",)}),
        ("own: &own {callbacks: [mine.Plugin]}\nlinkypy:\n  <<: *own\n", {"callbacks.plugins": ("mine.Plugin",)}),
        ("\ufefflinkypy:\r\n  callbacks:\r\n    - mine.Plugin\r\n", {"callbacks.plugins": ("mine.Plugin",)}),
        ("linkypy:\n  callbacks: [a.B]\n  callbacks: [a.B]\n", {"callbacks.plugins": ("a.B",)}),
        ("linkypy:\n  loglevel: INFO\n", {}),
    ],
)
def test_what_follows_from_a_file(home: Path, yaml: str, found: dict[str, object]) -> None:
    path = home / "elsewhere.yaml"
    path.write_text(yaml)
    assert {key: value for key, (value, _) in linkypy.migration({}, path).settings.items()} == found


@pytest.mark.parametrize(
    "text",
    [
        "- a\n- b\n",
        "other: 1\n",
        "linkypy: [1]\n",
        "linkypy: {a: [\n",
        "\0",
        "linkypy: " + "[" * 3000,
        "linkypy:\n  loglevel: 2026-13-45\n",
        "--- a\n--- b\n",
        "",
    ],
)
def test_what_is_not_linkypys_is_refused_in_a_line(home: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = home / "odd.yaml"
    path.write_text(text)
    assert cli.run(["config", "migrate", "--from", str(path), "--yes"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert cli.run(["config", "migrate", "--from", str(home / "missing.yaml"), "--yes"]) == 1


def test_nobody_can_be_asked(home: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / ".linkypy.yaml").write_text(README)
    assert cli.run(["config", "migrate"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert not file.exists()


def test_its_four_places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    package = tmp_path / "lib" / "linkypy"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path / "lib"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delitem(sys.modules, "linkypy", raising=False)
    found = list(linkypy.places())
    assert found[0] == tmp_path / "lib/etc/linkypy/linkypy.yaml"
    assert found[-3:] == [
        tmp_path / ".linkypy.yaml",
        Path("/etc/linkypy/linkypy.yaml"),
        Path("/usr/local/etc/linkypy/linkypy.yaml"),
    ]


def test_a_yaml_given_as_settings_says_what_to_do(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = home / "linkypy.yaml"
    path.write_text(README)
    assert cli.run(["status", "--config", str(path)]) == 1
    err = capsys.readouterr().err
    assert f"linkytui config migrate --from {path}" in err
    assert err.count("\n") == 1


def test_a_forgotten_influxdb_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.touch()
    named = {"INFLUXDB_SERVICE_HOST": "influxdb"}
    assert "config migrate" in (linkypy.forgotten_influxdb(named, load_settings(named, file)) or "")
    assert linkypy.forgotten_influxdb({}, load_settings({}, file)) is None
    for said in ("true", "false"):
        file.write_text(f"[influxdb]\nenabled = {said}\n")
        assert linkypy.forgotten_influxdb(named, load_settings(named, file)) is None, "the person has decided"


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"LINKY_PORT": '"/dev/ttyUSB0"'}, {"meter.port": "/dev/ttyUSB0"}),
        (
            {"INFLUXDB_SERVICE_HOST": "'influx'", "INFLUXDB_SERVICE_PORT": '"8087"'},
            {"influxdb.host": "influx", "influxdb.port": 8087},
        ),
        ({"HP_KWH_PRICE": " '0,2068' "}, {"tariff.prices.HP": Decimal("0.2068")}),
        ({"LINKY_BAUDRATE": '"1200"'}, {}),
        ({"INFLUXDB_PASSWORD": '"x"'}, {"influxdb.password": '"x"'}),  # a password may be anything
    ],
)
def test_variables_are_taken_as_an_env_file_gives_them(
    home: Path, variables: dict[str, str], found: dict[str, object]
) -> None:
    """Docker's --env-file takes quotes for a part of the value."""
    assert {key: value for key, (value, _) in linkypy.migration(variables).settings.items()} == found
