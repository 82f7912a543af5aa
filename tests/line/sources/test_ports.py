"""Which port is the meter's, and who holds one."""

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from linkytui.line.sources.configured import open_source
from linkytui.line.sources.ports import Holder, Port, find_dongle, holders, list_ports
from linkytui.link import LinkError, LinkState
from linkytui.settings.model import MeterSettings, Settings
from tests.lines import PATIENCE, FakeMeter

DONGLE = Port("/dev/ttyUSB1", "µTeleinfo", 0x0403, 0x6015, "TINFO-1234")
ZIGBEE = Port("/dev/ttyUSB0", "CP2102N USB to UART Bridge", 0x10C4, 0xEA60, "0001")
SAME_CHIP = Port("/dev/ttyUSB2", "FT231X USB UART", 0x0403, 0x6015, "DN00ABCD")


def test_the_dongle_is_found_among_other_ports() -> None:
    assert find_dongle([ZIGBEE, SAME_CHIP, DONGLE]) == DONGLE


def test_other_ports_are_named_and_not_taken() -> None:
    with pytest.raises(LinkError) as caught:
        find_dongle([ZIGBEE, SAME_CHIP])
    assert caught.value.state is LinkState.NO_PORT
    assert "/dev/ttyUSB0 (CP2102N USB to UART Bridge), /dev/ttyUSB2 (FT231X USB UART)" in caught.value.detail
    assert "--port" in caught.value.detail


def test_of_two_dongles_a_person_chooses() -> None:
    other = Port("/dev/ttyUSB3", "µTeleinfo", 0x0403, 0x6015, "TINFO-5678")
    with pytest.raises(LinkError) as caught:
        find_dongle([DONGLE, other])
    assert caught.value.state is LinkState.NO_PORT
    assert "/dev/ttyUSB1 (TINFO-1234), /dev/ttyUSB3 (TINFO-5678)" in caught.value.detail


def test_a_machine_without_ports_says_so() -> None:
    with pytest.raises(LinkError) as caught:
        find_dongle([])
    assert caught.value.state is LinkState.NO_PORT
    assert "plug in the dongle" in caught.value.detail


def test_a_serial_number_that_is_not_told_is_no_dongle() -> None:
    assert not Port("/dev/ttyS0").is_dongle
    assert not Port("/dev/ttyUSB0", "FT231X", 0x0403, 0x6015, None).is_dongle


def test_the_ports_of_this_machine_can_be_listed() -> None:
    assert all(port.device.startswith("/dev/") for port in list_ports())


def test_a_port_that_is_set_is_not_searched_for() -> None:
    source = open_source(Settings(meter=MeterSettings(port="/dev/serial/by-id/usb-meter")))
    assert source.name == "/dev/serial/by-id/usb-meter"


def test_without_a_port_the_dongle_is_looked_for_at_each_read(monkeypatch: pytest.MonkeyPatch) -> None:
    plugged: list[Port] = []
    monkeypatch.setattr("linkytui.line.sources.ports.list_ports", lambda: plugged)
    source = open_source(Settings())
    with pytest.raises(LinkError, match="plug in the dongle"):
        source.read()
    plugged.append(Port("/dev/null-port-of-a-test", "", 0x0403, 0x6015, "TINFO-1"))
    with pytest.raises(LinkError, match="/dev/null-port-of-a-test"):
        source.read()


def test_the_holder_of_a_port_is_named(tmp_path: Path) -> None:
    with FakeMeter(tmp_path / "usb-meter") as meter:
        assert holders(meter.port) == []
        with Path(meter.device).open("rb", buffering=0):
            (holder,) = holders(meter.port)
    assert holder.pid == os.getpid()
    assert holder.name


def test_a_python_program_goes_by_the_name_of_its_script(tmp_path: Path) -> None:
    script = tmp_path / "linkypy"
    script.write_text("import sys\nwith open(sys.argv[1], 'rb', buffering=0):\n    print(flush=True)\n    input()\n")
    with FakeMeter(tmp_path / "usb-meter") as meter:
        command = [sys.executable, "-u", str(script), meter.port]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdout.readline()
            assert holders(meter.port) == [Holder(process.pid, "linkypy")]
            process.stdin.write(b"\n")
    assert str(Holder(12, "linkypy")) == "linkypy (process 12)"


def test_a_program_given_in_words_goes_by_the_name_of_python(tmp_path: Path) -> None:
    (tmp_path / "17" / "fd").mkdir(parents=True)
    (tmp_path / "17" / "fd" / "3").symlink_to("/dev/zero")
    (tmp_path / "17" / "cmdline").write_bytes(b"/usr/bin/python3\0-I\0-c\0import a/b; a.main()\0")
    assert holders("/dev/zero", tmp_path) == [Holder(17, "python3")]
    assert holders("/dev/null", tmp_path) == []


def test_nobody_holds_what_is_not_there_or_is_no_device(tmp_path: Path) -> None:
    file = tmp_path / "file"
    with file.open("w"):
        assert holders(file) == []
    assert holders(tmp_path / "nowhere") == []


OTHER_TERMINALS = """
import os, pty, sys
from linkytui.line.sources.ports import holders

name, kept = "", []
while name != sys.argv[1]:
    ours, theirs = pty.openpty()
    name = os.ttyname(theirs)
    kept.append((ours, theirs))
assert [holder.pid for holder in holders(name)] == [os.getpid()], holders(name)
os.close(theirs)
assert holders(name) == [], holders(name)
print(name)
"""


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("unshare"), reason="only root can make a container")
def test_the_terminal_of_the_same_name_in_another_container_is_another_one() -> None:
    mount = "mount -t devpts devpts /dev/pts -o newinstance,ptmxmode=0666 && mount --bind /dev/pts/ptmx /dev/ptmx"
    command = ["unshare", "--mount", "sh", "-c", f'{{ {mount}; }} || exit 77; exec "$@"', "-", sys.executable, "-c"]
    ours, theirs = pty.openpty()
    name = os.ttyname(theirs)
    done = subprocess.run(
        [*command, OTHER_TERMINALS, name], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    os.close(ours)
    os.close(theirs)
    if done.returncode == 77 or done.stderr.startswith("unshare:"):
        pytest.skip("no container can be made here")
    assert (done.returncode, done.stdout) == (0, f"{name}\n"), done.stderr


def test_processes_that_may_not_be_looked_at_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "17").mkdir()
    assert holders("/dev/ttyUSB0", tmp_path) == []
