"""A Debian that runs with its own systemd, by systemd-nspawn; what it writes is gone with it."""

import os
import shlex
import signal
import subprocess
import uuid
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.debian.machine import PATIENCE, until


class Machine:
    """One machine, from its boot to the end of the block."""

    def __init__(self, base: Path, *binds: tuple[Path, str], log: Path) -> None:
        self._log = log
        self._name = f"linkytui-{uuid.uuid4().hex[:8]}"
        self._command = [
            *(
                "systemd-nspawn",
                "--quiet",
                "--boot",
                "--volatile=overlay",
                f"--directory={base}",
                f"--machine={self._name}",
            ),
            *("--register=no", "--keep-unit", "--private-network", "--console=pipe", "--link-journal=no"),
            *(f"--bind-ro={path}:{place}" for path, place in binds),
        ]
        self._process: subprocess.Popen[bytes] | None = None
        self._leader = 0

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self._leader = until("the machine's first process", self._first)
            until("the machine's boot", self._booted)
        except BaseException:
            self._end()
            raise
        return self

    def _first(self) -> int:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split()
        for number in children:
            try:
                inside = Path(f"/proc/{number}/ns/pid").readlink() != Path("/proc/self/ns/pid").readlink()
                if inside and Path(f"/proc/{number}/comm").read_text().strip() == "systemd":
                    return int(number)
            except OSError:
                continue
        return 0

    def _booted(self) -> bool:
        state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return state in ("running", "degraded")

    def run(self, *words: str | Path, user: str = "root", check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in it, as somebody; it must succeed unless told otherwise."""
        inside = shlex.join(map(str, words))
        if user != "root":
            bus = "XDG_RUNTIME_DIR=/run/user/$(id -u) DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$(id -u)/bus"
            inside = f"exec runuser -u {user} -- sh -c {shlex.quote(f'cd; export {bus}; {inside}')}"
        command = ["nsenter", "--target", str(self._leader), "--all", "env", "-i", *ENVIRONMENT, "sh", "-c", inside]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE * 2, check=False)
        assert not check or done.returncode == 0, f"{inside}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done

    def says(self, *words: str | Path, user: str = "root") -> str:
        """What a command prints, whatever its status."""
        return self.run(*words, user=user, check=False).stdout.strip()

    def _end(self) -> None:
        assert self._process is not None
        # What nspawn calls an orderly end: SIGRTMIN+3 to the first process inside.
        if self._leader:
            os.kill(self._leader, signal.SIGRTMIN + 3)
        else:
            self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()


ENVIRONMENT = ("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/root")
