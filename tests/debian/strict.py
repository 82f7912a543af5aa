"""The image under what contrib/compose.yaml and contrib/kubernetes put on it, by crun: nothing can be written but the
volumes, no capabilities, and the engines' filter of system calls.
"""

import json
import os
import shlex
import subprocess
import uuid
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

from tests.debian.images import USER, Container
from tests.debian.machine import tool

_PROFILE: Final = Path("/usr/share/containers/seccomp.json")
"""What Podman lets through, which Docker's own list began with; of Debian's golang-github-containers-common."""

TEMPORARY: Final = "/tmp"  # noqa: S108 -- the container's own

_UNMIXED: Final = "[ ! -d /sys/fs/cgroup/unified ] || mount -t tmpfs none /sys/fs/cgroup; "
"""crun refuses to look at control groups of both versions side by side, though it is to leave them alone."""


def strict_command(
    container: Container,
    folder: Path,
    words: Collection[str],
    *,
    refused: Collection[str] = (),
    variables: Mapping[str, str] | None = None,
    user: int = USER,
    port: str = "",
) -> list[str]:
    """The command that runs a program in the container.

    `folder`: for crun's files; `refused`: further system calls that the engine does not let through; `port`: a
    pseudo-terminal that is the container's /dev/ttyUSB0.
    """
    engine = [word.split("=", 1) for word in container.config["Env"]]
    binds = {str(container.data): "/var/lib/linkytui", **({port: "/dev/ttyUSB0"} if port else {})}
    told = {
        "ociVersion": "1.0.2",
        "root": {"path": container.images("mount", container.name), "readonly": True},
        "process": {
            "args": list(words),
            "env": [f"{name}={value}" for name, value in {**dict(engine), **(variables or {})}.items()],
            "cwd": "/var/lib/linkytui",
            "user": {"uid": user, "gid": user, "additionalGids": [20]},
            "capabilities": {kind: [] for kind in ("bounding", "effective", "permitted", "ambient")},
            "noNewPrivileges": True,
        },
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=755"]},
            {"destination": TEMPORARY, "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "mode=1777"]},
            {"destination": "/run/linkytui", "type": "tmpfs", "source": "tmpfs", "options": ["mode=1777"]},
            *(
                {"destination": there, "type": "bind", "source": here, "options": ["bind"]}
                for here, there in binds.items()
            ),
        ],
        "linux": {
            "namespaces": [{"type": kind} for kind in ("pid", "ipc", "uts", "mount")],
            "seccomp": _filter(refused),
        },
    }
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(told))
    run = [tool("crun"), "--root", str(folder / "state"), "--cgroup-manager=disabled", "run", "--bundle", str(folder)]
    inside = f"{_UNMIXED}exec {shlex.join([*run, f'strict-{uuid.uuid4().hex[:8]}'])}"
    return [tool("unshare"), "--mount", "sh", "-c", inside]


def strict(container: Container, folder: Path, *words: str, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    command = strict_command(container, folder, words, **more)
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def _filter(refused: Collection[str]) -> dict[str, Any]:
    """The engines' list as a runtime wants it, for a container without capabilities; the rest is not permitted."""
    machine = {"x86_64": "amd64", "aarch64": "arm64"}[os.uname().machine]
    rules = []
    for entry in json.loads(_PROFILE.read_text())["syscalls"]:
        included, excluded = entry.get("includes") or {}, entry.get("excludes") or {}
        elsewhere = machine not in included.get("arches", [machine]) or machine in excluded.get("arches", [])
        names = [name for name in entry["names"] if name not in refused]
        if elsewhere or included.get("caps") or not names:
            continue
        arguments = [
            {key: value for key, value in each.items() if key in ("index", "value", "valueTwo", "op")}
            for each in entry.get("args") or ()
        ]
        errno = {"errnoRet": entry["errnoRet"]} if entry.get("errnoRet") is not None else {}
        rules.append({"names": names, "action": entry["action"], "args": arguments, **errno})
    architectures = {"amd64": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "arm64": ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"]}
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": 1,
        "architectures": architectures[machine],
        "syscalls": rules,
    }
