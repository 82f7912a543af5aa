"""Settings: where values come from, what is refused and in which words, and that saving keeps a person's file."""

import os
import re
import stat
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from linkytui.errors import SettingsError
from linkytui.settings.fields import MASK, fields
from linkytui.settings.load import Loaded, Option, load_settings
from linkytui.settings.model import AlertRule, OffPeakSeason, Settings
from linkytui.settings.save import save_value
from linkytui.settings.secrets import masked_table


def load(tmp_path: Path, text: str | bytes = "", **environ: str) -> Loaded:
    """The settings of a file with that text, alone."""
    path = tmp_path / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_settings(environ, path)


def refusal(tmp_path: Path, text: str | bytes = "", **environ: str) -> str:
    """The one line that such a file or environment gets."""
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text, **environ)
    line = str(caught.value)
    assert "\n" not in line
    return line


def test_without_files_and_variables_everything_is_default(tmp_path: Path) -> None:
    loaded = load_settings({}, system_file=tmp_path / "none.toml")
    assert loaded.settings == Settings()
    assert {origin.kind for origin in loaded.origins.values()} == {"default"}
    assert loaded.path == tmp_path / "xdg" / "config" / "linkytui" / "config.toml"


def test_each_layer_wins_over_the_one_before(tmp_path: Path) -> None:
    system = tmp_path / "system.toml"
    system.write_text('[meter]\nport = "system"\nmode = "standard"\npower_kva = 6\n[screen]\ntheme = "system"\n')
    user = tmp_path / "xdg" / "config" / "linkytui" / "config.toml"
    user.parent.mkdir(parents=True)
    user.write_text('[meter]\nport = "user"\nmode = "historic"\npower_kva = 9\n')
    environ = {"LINKYTUI_METER_PORT": "variable", "LINKYTUI_METER_MODE": "auto"}
    loaded = load_settings(environ, overrides={"meter.port": Option("--port", "option")}, system_file=system)
    assert loaded.settings.meter.port == "option"
    assert loaded.settings.meter.mode == "auto"
    assert loaded.settings.meter.power_kva == 9
    assert loaded.settings.screen.theme == "system"
    shown = {key: str(loaded.origins[key]) for key in ("meter.port", "meter.mode", "meter.power_kva", "screen.theme")}
    assert shown == {
        "meter.port": "--port",
        "meter.mode": "LINKYTUI_METER_MODE",
        "meter.power_kva": str(user),
        "screen.theme": str(system),
    }


def test_a_named_file_is_the_only_one_read(tmp_path: Path) -> None:
    system = tmp_path / "system.toml"
    system.write_text('[meter]\nport = "system"\n')
    named = tmp_path / "named.toml"
    named.write_text("")
    assert load_settings({}, named, system_file=system).settings.meter.port is None


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"named\.toml: no such settings file"):
        load_settings({}, tmp_path / "named.toml")


def test_the_whole_file_is_read_with_exact_prices(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        """
        [tariff]
        off_peak = ["22:30-06:30", {from = "04-01", to = "10-31", windows = ["11:00-17:00"]}]
        [tariff.prices]
        subscription = 15.74
        HP = 0.2081
        HC = 0.1635
        [callbacks]
        plugins = ["mine.Plugin"]
        [callbacks.mine]
        url = "somewhere"
        [[alerts.rules]]
        kind = "power"
        threshold = 8000
        duration = 30
        """,
    ).settings
    assert settings.tariff.prices.subscription == Decimal("15.74")
    assert settings.tariff.prices.registers == {"HP": Decimal("0.2081"), "HC": Decimal("0.1635")}
    assert settings.tariff.off_peak == (
        "22:30-06:30",
        OffPeakSeason(first="04-01", last="10-31", windows=("11:00-17:00",)),
    )
    assert settings.callbacks.plugins == ("mine.Plugin",)
    assert settings.callbacks.tables == {"mine": {"url": "somewhere"}}
    assert settings.alerts.rules == (AlertRule(kind="power", threshold=8000, duration=30),)


def test_the_names_of_linkypy_work(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        LINKY_PORT="/dev/ttyACM0",
        LINKY_BAUDRATE="9600",
        INFLUXDB_SERVICE_HOST="db",
        INFLUXDB_SERVICE_PORT="8087",
        INFLUXDB_DATABASE="house",
        INFLUXDB_USERNAME="me",
        INFLUXDB_PASSWORD="hidden",  # noqa: S106 -- made up
        CURRENT_POWER="9",
        HP_KWH_PRICE="0.2081",
        HC_KWH_PRICE="0,1635",
        MONTHLY_SUBSCRIPTION_PRICE="15.74",
        TZ="UTC",
    ).settings
    assert (settings.meter.port, settings.meter.mode, settings.meter.power_kva) == ("/dev/ttyACM0", "auto", 9)
    influxdb = settings.influxdb
    assert (influxdb.host, influxdb.port, influxdb.database) == ("db", 8087, "house")
    assert (influxdb.username, influxdb.password) == ("me", "hidden")
    assert settings.tariff.prices.registers == {"HP": Decimal("0.2081"), "HC": Decimal("0.1635")}
    # What containers set: French days begin in France all the same.
    assert settings.history.timezone == "Europe/Paris"


def test_our_variables_win_over_those_of_linkypy(tmp_path: Path) -> None:
    loaded = load(tmp_path, LINKYTUI_METER_PORT="ours", LINKY_PORT="linkypy")
    assert loaded.settings.meter.port == "ours"
    assert str(loaded.origins["meter.port"]) == "LINKYTUI_METER_PORT"


@pytest.mark.parametrize("speed", ["1200", "9600"])
def test_a_speed_is_no_mode(tmp_path: Path, speed: str) -> None:
    """There are adapters that send what they got at 1200 baud at 9600."""
    assert load(tmp_path, LINKY_BAUDRATE=speed).settings.meter.mode == "auto"


@pytest.mark.parametrize("speed", ["115200", "fast", "-1"])
def test_a_speed_that_no_meter_has_is_refused(tmp_path: Path, speed: str) -> None:
    assert refusal(tmp_path, LINKY_BAUDRATE=speed) == (
        f"LINKY_BAUDRATE: must be 1200 (historic) or 9600 (standard), not {speed}"
    )


def test_linkypys_price_of_zero_means_no_price(tmp_path: Path) -> None:
    assert load(tmp_path, HP_KWH_PRICE="0", HC_KWH_PRICE="0.0").settings.tariff.prices.registers == {}


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert load(tmp_path, LINKYTUI_METER_PORT="", LINKY_PORT="", CURRENT_POWER="").settings == Settings()


@pytest.mark.parametrize("zone", ["CET-1CEST", "/etc/localtime", ""])
def test_a_system_zone_without_a_name_is_left_alone(tmp_path: Path, zone: str) -> None:
    assert load(tmp_path, TZ=zone).settings.history.timezone == "Europe/Paris"


def test_variables_that_an_orchestrator_injects_do_no_harm(tmp_path: Path) -> None:
    environ = {"LINKYTUI_PORT": "tcp://10.0.0.1:80", "LINKYTUI_SERVICE_HOST": "10.0.0.1", "INFLUXDB_PORT": "tcp://x"}
    assert load(tmp_path, **environ).settings == Settings()


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("LINKYTUI_SCREEN_BELL", "off", False),
        ("LINKYTUI_SCREEN_ASCII", "Yes", True),
        ("LINKYTUI_TARIFF_FILES", "a.pdf, b.pdf", ("a.pdf", "b.pdf")),
        ("LINKYTUI_ALERTS_COMMAND", '["notify", "a, b"]', ("notify", "a, b")),
        ("LINKYTUI_ALERTS_RULES", '[{kind = "silent", threshold = 60}]', (AlertRule(kind="silent", threshold=60),)),
        ("LINKYTUI_TARIFF_BUDGET", "120,50", Decimal("120.50")),
        ("LINKYTUI_MQTT_PORT", "8883", 8883),
    ],
)
def test_a_variable_is_read_as_its_setting_needs(tmp_path: Path, variable: str, text: str, value: object) -> None:
    settings = load(tmp_path, **{variable: text}).settings
    _, section, name = variable.lower().split("_")
    assert getattr(getattr(settings, section), name) == value


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[meter]\nmode = "foo"', 'meter.mode must be one of auto, historic, standard, not "foo"'),
        ("[meter]\nport = 3", "meter.port must be a text, not 3"),
        ('[meter]\nport = " "', 'meter.port must be a text, not " "'),
        ("[meter]\npower_kva = 0", "meter.power_kva must be a number from 1 to 250, not 0"),
        ('[screen]\nbell = "loud"', 'screen.bell must be true or false, not "loud"'),
        ("[screen]\nbell = 1", "screen.bell must be true or false, not 1"),
        ("[history]\nraw_days = 1.5", "history.raw_days must be a whole number from 1 to 366, not 1.5"),
        ("[history]\nraw_days = true", "history.raw_days must be a whole number from 1 to 366, not true"),
        ("[history]\nminute_days = 0", "history.minute_days must be a whole number of at least 1, not 0"),
        (
            '[history]\ntimezone = "Paris"',
            'history.timezone must be the name of a time zone such as Europe/Paris, not "Paris"',
        ),
        ('[history]\nfolder = "linky"', 'history.folder must be a full path such as /srv/linkytui, not "linky"'),
        (
            '[relay]\nsocket = "tic.sock"',
            'relay.socket must be a full path such as /run/linkytui/linkytui.sock, not "tic.sock"',
        ),
        (
            '[relay]\nsocket = "/run/tic.status"',
            'relay.socket must be a full path such as /run/linkytui/linkytui.sock, not "/run/tic.status"',
        ),
        ('[relay]\ntcp = "8094"', 'relay.tcp must be host:port, such as 127.0.0.1:8094, not "8094"'),
        ("[tariff]\nbudget = nan", "tariff.budget must be a number of at least 0, not NaN"),
        (
            '[tariff]\noff_peak = ["06:00-06:00"]',
            'tariff.off_peak[0] must be a list of hours such as 22:30-06:30, not "06:00-06:00"',
        ),
        (
            '[tariff]\noff_peak = [{from = "avril", to = "10-31", windows = []}]',
            'tariff.off_peak[0].from must be a month and a day such as 04-01, not "avril"',
        ),
        ('[tariff]\nfiles = "a.pdf"', 'tariff.files must be a list of texts, not "a.pdf"'),
        ("[tariff.prices]\nHP = -0.1", "tariff.prices.HP must be a number of at least 0, not -0.1"),
        ("meter = 3", "meter must be a table, [meter]"),
        ("[meter]\nprot = 'x'", "meter.prot is not a setting; did you mean meter.port?"),
        ("[tariff.prices]\nHCJX = 1", "tariff.prices.HCJX is not a setting; did you mean tariff.prices.HCJW?"),
        ("[influx]\nhost = 'x'", "influx is not a setting; did you mean influxdb?"),
        ("[zzz]\n", "zzz is not a setting"),
        ("[[alerts.rules]]\nthreshold = 3", "alerts.rules[0].kind is missing"),
        (
            "[[alerts.rules]]\nkind = 'silent'\nlimit = 3",
            "alerts.rules[0].limit is not a setting; did you mean alerts.rules[0].kind?",
        ),
        ("[alerts]\nrules = ['silent']", 'alerts.rules[0] must be a list of tables with a kind, not "silent"'),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_that_names_it(tmp_path: Path, text: str, line: str) -> None:
    assert refusal(tmp_path, text) == f"{tmp_path}/config.toml: {line}"


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, LINKYTUI_MQTT_PORT="many") == (
        'LINKYTUI_MQTT_PORT: mqtt.port must be a whole number from 1 to 65535, not "many"'
    )
    assert refusal(tmp_path, LINKYTUI_METER_PROT="x") == (
        "environment: LINKYTUI_METER_PROT is not a setting; did you mean LINKYTUI_METER_PORT?"
    )


def test_what_is_probably_a_secret_of_a_plugin_is_masked_wherever_it_stands() -> None:
    table = {
        "url": "https://me:hunter2@box.home/path?x=1",
        "servers": [{"host": "box", "password": "hunter2"}, {"addresses": ["mqtt://hunter2@box"]}],
        "headers": ["Bearer hunter2"],
        "every": 3,
    }
    assert masked_table(table) == {
        "url": f"https://{MASK}@box.home/path?x=1",
        "servers": [{"host": "box", "password": MASK}, {"addresses": [f"mqtt://{MASK}@box"]}],
        "headers": MASK,
        "every": 3,
    }


def test_a_secret_is_not_shown_even_when_it_is_wrong(tmp_path: Path) -> None:
    line = refusal(tmp_path, "[influxdb]\npassword = 12345")
    assert "12345" not in line
    assert MASK in line


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"[meter\n", "not valid TOML: .*line 1"),
        (b"a = 1\nb =\n", "not valid TOML: .*line 2"),
        (b"[meter]\nport = '\xe9'\n", "line 2 is not UTF-8 text"),
        (b"x = " + b"[" * 5000, "not valid TOML"),
        (b"#" * 2_000_000, "too long for a settings file"),
    ],
)
def test_a_file_that_is_not_toml_gets_one_line(tmp_path: Path, content: bytes, line: str) -> None:
    with pytest.raises(SettingsError, match=line) as caught:
        load(tmp_path, content)
    assert "\n" not in str(caught.value)


def test_a_folder_in_place_of_the_file_gets_one_line(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot read the settings: Is a directory"):
        load_settings({}, tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_gets_one_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.touch(mode=0o000)
    with pytest.raises(SettingsError, match="cannot read the settings: Permission denied"):
        load_settings({}, path)


def test_a_byte_order_mark_is_no_reason_to_refuse(tmp_path: Path) -> None:
    assert load(tmp_path, b'\xef\xbb\xbf[meter]\nport = "x"\n').settings.meter.port == "x"


@given(content=st.binary(max_size=200))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_can_cause_another_error(tmp_path: Path, content: bytes) -> None:
    try:
        load(tmp_path, content)
    except SettingsError as error:
        lines = str(error).splitlines()
    else:
        lines = ["none"]
    assert len(lines) == 1


def test_every_setting_has_a_meaning_and_a_variable_of_its_own() -> None:
    known = fields()
    assert len({field.variable for field in known.values()}) == len(known)
    assert all(field.meaning and field.expected for field in known.values())
    assert {key for key, field in known.items() if field.about.secret} == {
        "influxdb.password",
        "mqtt.password",
        "upstream.password",
        "alerts.notify",
    }


def test_every_default_is_a_value_that_may_be_set() -> None:
    for field in fields().values():
        assert field.read(field.default) == field.default


PERSONAL = """\
# My meter, in the cellar
[meter]
port    = "/dev/ttyUSB0"   # the white dongle

[tariff]
provider = 'EDF'

[tariff.prices]
HP = 0.2081   # from the bill

# the end
"""


def test_saving_keeps_comments_and_order(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(PERSONAL)
    save_value(path, "tariff.prices.HP", Decimal("0.2100"))
    save_value(path, "meter.port", "/dev/ttyACM0")
    expected = PERSONAL.replace("0.2081", "0.2100").replace("ttyUSB0", "ttyACM0")
    assert path.read_text() == expected


def test_saving_what_already_stands_touches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(PERSONAL)
    before = path.stat()
    save_value(path, "tariff.prices.HP", Decimal("0.2081"))
    save_value(path, "meter.port", "/dev/ttyUSB0")
    save_value(path, "mqtt.host", None)
    after = path.stat()
    assert path.read_text() == PERSONAL
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_saving_creates_a_private_file_in_a_private_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    save_value(path, "mqtt.password", "hidden")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [item.name for item in path.parent.iterdir()] == ["config.toml"]
    assert load_settings({}, path).settings.mqtt.password == "hidden"  # noqa: S105 -- made up


def test_saving_through_a_link_keeps_the_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "config.toml"
    real.write_text("# mine\n")
    link.symlink_to(real)
    save_value(link, "screen.bell", False)
    assert link.is_symlink()
    assert tomllib.loads(real.read_text()) == {"screen": {"bell": False}}


def test_rules_written_as_tables_can_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[[alerts.rules]]\nkind = "silent"\n\n[[alerts.rules]]\nkind = "power"\n\n[mqtt]\nhost = "b"\n')
    rules = (AlertRule(kind="tempo_red"),)
    save_value(path, "alerts.rules", rules)
    save_value(path, "alerts.command", ("say",))
    settings = load_settings({}, path).settings
    assert (settings.alerts.rules, settings.alerts.command, settings.mqtt.host) == (rules, ("say",), "b")


def test_unsetting_takes_the_line_out(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(PERSONAL)
    save_value(path, "tariff.provider", None)
    assert path.read_text() == PERSONAL.replace("provider = 'EDF'\n", "")


def test_a_table_that_stands_in_several_places_can_be_changed_too(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    text = 'influxdb.host = "db.home"\nmqtt.enabled = true\n'
    path.write_text(text)
    save_value(path, "influxdb.enabled", True)
    assert load_settings({}, path).settings.influxdb.enabled
    save_value(path, "influxdb.enabled", None)
    assert path.read_text() == text


def test_a_wrong_value_or_a_broken_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(PERSONAL)
    with pytest.raises(SettingsError, match=r"mqtt\.port must be a whole number"):
        save_value(path, "mqtt.port", 70_000)
    assert path.read_text() == PERSONAL
    path.write_text("[meter\n")
    with pytest.raises(SettingsError, match="cannot change the settings"):
        save_value(path, "mqtt.port", 1883)
    assert path.read_text() == "[meter\n"


def test_a_folder_that_cannot_be_made_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="cannot change the settings: Not a directory"):
        save_value(tmp_path / "file" / "config.toml", "screen.bell", False)


VALUES = {
    "meter.port": "/dev/ttyUSB0",
    "screen.bell": False,
    "history.flush_seconds": 2.5,
    "tariff.files": ("one.pdf", 'a "quoted" \\ name.pdf'),
    "tariff.off_peak": (
        "22:30-06:30",
        OffPeakSeason(first="04-01", last="10-31", windows=("11:00-17:00", "01:30-04:30")),
    ),
    "tariff.budget": Decimal("120.50"),
    "tariff.prices.subscription": Decimal("15.74"),
    "tariff.prices.HC": Decimal("0.00000001"),
    "influxdb.port": 8087,
    "alerts.rules": (AlertRule(kind="power", threshold=8000, duration=30), AlertRule(kind="tempo_red")),
    "alerts.command": ("notify", "été"),
}


@given(order=st.permutations(sorted(VALUES)), start=st.sampled_from(["", PERSONAL, "[tariff.prices]\nHP = 1\n"]))
@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
def test_what_is_saved_in_any_order_is_what_is_loaded(tmp_path: Path, order: list[str], start: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(start)
    for key in order:
        save_value(path, key, VALUES[key])
    settings = load_settings({}, path).settings
    for key, value in VALUES.items():
        loaded: object = settings
        for name in key.split("."):
            loaded = getattr(loaded, name)
        assert loaded == value


def test_contracts_are_tables_with_a_first_day_and_prices_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        """[[tariff.contracts]]
from = 2025-03-16
power_kva = 9
[[tariff.contracts]]
from = "2026-11-01"
provider = "Mint"
prices = { subscription = 12.50, HP = 0.1912 }
"""
    )
    first, second = load_settings({}, path).settings.tariff.contracts
    assert (first.first, first.power_kva, first.provider) == (date(2025, 3, 16), 9.0, None)
    assert (second.first, second.prices.HP, second.prices.HC) == (date(2026, 11, 1), Decimal("0.1912"), None)
    text = fields()["tariff.contracts"].show((second,))
    assert text == '{from = 2026-11-01, provider = "Mint", prices = {subscription = 12.50, HP = 0.1912}}'
    again = load_settings({"LINKYTUI_TARIFF_CONTRACTS": f"[{text}]"}, path).settings.tariff.contracts
    assert again == (second,)
    save_value(path, "tariff.contracts", (first,))
    assert load_settings({}, path).settings.tariff.contracts == (first,)


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ("power_kva = 9", "tariff.contracts[0].from is missing"),
        ("from = 2026-13-01", "not valid TOML"),
        ('from = "1 November"', 'tariff.contracts[0].from must be a date such as 2026-11-01, not "1 November"'),
        ("from = 2026-11-01\nprices = { HX = 1 }", "tariff.contracts[0].prices.HX is not a setting"),
        ("from = 2026-11-01\nprices = { HP = -1 }", "tariff.contracts[0].prices.HP must be a number of at least 0"),
        ("from = 2026-11-01\nprices = 3", "tariff.contracts[0].prices"),
    ],
)
def test_a_contract_that_cannot_be_is_refused_by_name(table: str, wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[[tariff.contracts]]\n{table}\n")
    with pytest.raises(SettingsError, match=re.escape(wrong)):
        load_settings({}, path)
