"""Where a new value lands in the settings file: with its table, above the comment of the next one."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.settings.load import load_settings
from linkytui.settings.save import changed, save_value

FILE: Final = """\
# My meter
[meter]
port = "/dev/ttyUSB0"
# mode = "standard"

# What I pay
[tariff]
provider = "EDF"

# The dashboard of the living room
[influxdb]
# enabled = true

# Nothing yet
[mqtt]
"""


@pytest.mark.parametrize(
    ("key", "value", "line", "above"),
    [
        ("meter.power_kva", 9, "power_kva = 9", 'port = "/dev/ttyUSB0"'),
        ("tariff.option", "BASE", 'option = "BASE"', 'provider = "EDF"'),
        ("influxdb.enabled", True, "enabled = true", "# enabled = true"),
        ("mqtt.enabled", True, "enabled = true", "[mqtt]"),
    ],
)
def test_a_new_key_stands_below_the_keys_of_its_table(key: str, value: object, line: str, above: str) -> None:
    lines = changed(FILE, key.split("."), value).splitlines()
    assert lines[lines.index(above) + 1] == line
    lines.remove(line)
    assert "\n".join(lines) + "\n" == FILE


def test_a_new_table_stands_with_its_kin_and_above_the_next_comment() -> None:
    after = changed(FILE, ["tariff", "prices", "HP"], 0.21)
    assert 'provider = "EDF"\n\n[tariff.prices]\nHP = 0.21\n\n# The dashboard of the living room\n[influxdb]\n' in after


def test_a_new_table_of_a_new_kind_stands_at_the_end() -> None:
    assert changed(FILE, ["screen", "bell"], True) == FILE + "\n[screen]\nbell = true\n"


def test_a_comment_right_above_a_header_stays_there_without_a_blank_line() -> None:
    text = "[screen]\nbell = true\n# about mqtt\n[mqtt]\n# about influxdb\n[influxdb]\n"
    text = changed(text, ["screen", "theme"], "linkytui-light")
    text = changed(text, ["mqtt", "enabled"], True)
    assert text == (
        '[screen]\nbell = true\ntheme = "linkytui-light"\n# about mqtt\n[mqtt]\nenabled = true\n'
        "# about influxdb\n[influxdb]\n"
    )


def test_a_list_of_tables_ends_the_table_before_it() -> None:
    text = '[alerts]\nnotify = []\n# when I draw too much\n[[alerts.rules]]\nkind = "power"\nthreshold = 9000\n'
    after = changed(text, ["alerts", "command"], ["notify"])
    assert after.index('command = ["notify"]') < after.index("# when I draw too much\n[[alerts.rules]]")


@pytest.mark.parametrize("key", ["meter.power_kva", "tariff.prices.HP", "screen.bell", "meter.port"])
def test_a_file_of_windows_stays_one(tmp_path: Path, key: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(FILE.replace("\n", "\r\n").encode())
    save_value(path, key, {"meter.power_kva": 6, "tariff.prices.HP": 0.2, "screen.bell": True, "meter.port": "x"}[key])
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")
    assert load_settings({}, path).settings


TABLES: Final = ("meter", "screen", "tariff", "tariff.prices", "influxdb", "mqtt")
KEYS: Final = {
    "meter.port": "/dev/x",
    "meter.power_kva": 9,
    "screen.bell": True,
    "tariff.provider": "EDF",
    "tariff.prices.HP": 0.25,
    "influxdb.enabled": True,
    "mqtt.topic": "home",
}


@st.composite
def files(draw: st.DrawFn) -> str:
    """Settings files with comments above, below and between their tables."""
    lines: list[str] = []
    some = st.lists(st.sampled_from(["", "# a word", "  # more", "# port = 1"]), max_size=3)
    for table in draw(st.lists(st.sampled_from(TABLES), unique=True)):
        lines += draw(some)
        lines.append(f"[{table}]")
        lines += draw(some)
        for key, value in KEYS.items():
            group, _dot, name = key.rpartition(".")
            if group == table and draw(st.booleans()):
                shown = f'"{value}"' if isinstance(value, str) else str(value).lower()
                lines += [f"{name} = {shown}  # mine", *draw(some)]
    return "".join(f"{line}\n" for line in lines)


@given(text=files(), key=st.sampled_from(sorted(KEYS)))
def test_a_save_adds_lines_and_moves_none(text: str, key: str) -> None:
    before = text.splitlines()
    after = changed(text, key.split("."), KEYS[key]).splitlines()
    added = len(after) - len(before)
    name = key.rpartition(".")[2]
    at = next((n for n in range(len(before) + 1) if [*before[:n], *after[n : n + added], *before[n:]] == after), None)
    assert at is not None
    assert all(not line or line.startswith(("[", f"{name} =")) for line in after[at : at + added])
    below = after[at + added :]
    comments = next((n for n, line in enumerate(below) if not line.lstrip().startswith("#")), len(below))
    if added and comments and comments < len(below) and below[comments].startswith("["):
        assert after[at + added - 1].startswith(f"{name} =")  # the comment still touches its header
