"""The serial ports of this machine: which there are, which one is the dongle, and who holds one."""

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linkytui.i18n import _
from linkytui.link import LinkError, LinkState

_DONGLE: Final = (0x0403, 0x6015)
_DONGLE_SERIAL: Final = "TINFO-"
"""Serial numbers of the µTeleinfo dongle begin so; the chip alone is in many other devices."""

_PROCESSES: Final = Path("/proc")

_PSEUDO_TERMINALS: Final = range(136, 144)
"""Their major numbers, by the list that comes with Linux (devices.txt)."""


@dataclass(frozen=True, slots=True)
class Port:
    """A serial port as the system describes it. It is never opened to find out more."""

    device: str  # path, such as /dev/ttyUSB0
    description: str = ""
    vendor: int | None = None  # USB identifiers; None on ports that are not USB
    product: int | None = None
    serial_number: str | None = None

    @property
    def is_dongle(self) -> bool:
        """Whether it is a µTeleinfo, made for this very use."""
        number = self.serial_number or ""
        return (self.vendor, self.product) == _DONGLE and number.startswith(_DONGLE_SERIAL)

    def __str__(self) -> str:
        return f"{self.device} ({self.description})" if self.description else self.device


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that has a port open."""

    pid: int
    name: str

    def __str__(self) -> str:
        return _("{name} (process {pid})").format(name=self.name, pid=self.pid)


def list_ports() -> list[Port]:
    """The serial ports that exist now, in the order of their names."""
    from serial.tools.list_ports import comports

    return [
        Port(
            device=port.device,
            description=port.description if port.description not in ("n/a", port.name) else "",
            vendor=port.vid,
            product=port.pid,
            serial_number=port.serial_number,
        )
        for port in sorted(comports())
    ]


def find_dongle(ports: Iterable[Port] | None = None) -> Port:
    """The one dongle that is recognised without asking it.

    Raises LinkError: there is none, or more than one, the text names the ports that exist.
    """
    found = list_ports() if ports is None else list(ports)
    dongles = [port for port in found if port.is_dongle]
    if len(dongles) == 1:
        return dongles[0]
    if dongles:
        text = _("Several dongles are plugged in: {ports}. Choose one with --port.")
        named = ", ".join(f"{port.device} ({port.serial_number})" for port in dongles)
        raise LinkError(LinkState.NO_PORT, text.format(ports=named))
    if found:
        text = _("No port is set, and none of these is known to be a meter: {ports}. Choose one with --port.")
        raise LinkError(LinkState.NO_PORT, text.format(ports=", ".join(map(str, found))))
    raise LinkError(LinkState.NO_PORT, _("This machine has no serial port: plug in the dongle, or try linkytui demo."))


def same_port(first: str, second: str) -> bool:
    """Whether two names lead to one port, such as a device and its link under /dev/serial/by-id."""
    return os.path.realpath(first) == os.path.realpath(second)


def holders(device: str | os.PathLike[str], processes: Path = _PROCESSES) -> list[Holder]:
    """The processes that have a device open, as far as this user may see them."""
    wanted = _identity(device)
    return [
        Holder(int(process.name), _name(process))
        for process in sorted(processes.glob("[0-9]*"), key=lambda path: int(path.name))
        if wanted is not None and wanted in _open_devices(process)
    ]


def _open_devices(process: Path) -> Iterator[tuple[int, int]]:
    """What a process has open of devices; nothing when it ended meanwhile or belongs to somebody else."""
    with contextlib.suppress(OSError):
        for entry in (process / "fd").iterdir():
            with contextlib.suppress(OSError):
                name = str(entry.readlink())
                # Asked of a file on a share that does not answer, the next question would never be answered. What is
                # open in a container has a name from below its own /dev.
                if name.startswith("/dev/") or name.rfind("/") == 0:
                    device = _identity(entry)
                    if device is not None:
                        yield device


def _identity(path: str | os.PathLike[str]) -> tuple[int, int] | None:
    """What a device is known by, under whatever name: its number. None when it is no device, or not there.

    Each container counts its pseudo-terminals from 0, so those have the number of their file system as well.
    """
    try:
        info = os.stat(path)  # noqa: PTH116 -- a path of any kind
    except OSError:
        return None
    if not stat.S_ISCHR(info.st_mode):
        return None
    return info.st_rdev, info.st_dev if os.major(info.st_rdev) in _PSEUDO_TERMINALS else 0


def _name(process: Path) -> str:
    """What a person calls the process: for a Python program, the script's name rather than Python's."""
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").rstrip("\0").split("\0")
    except OSError:
        words = [""]
    name = Path(words[0]).name
    if name.startswith("python"):
        script = next((word for word in words[1:] if word == "-c" or not word.startswith("-")), name)
        if script != "-c":  # else what follows is the program itself
            name = Path(script).name
    return name or "?"
