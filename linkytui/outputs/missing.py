"""The command that adds a package to this very installation of linkytui, for whoever lacks one."""

import os
import shlex
import sys
from pathlib import Path
from typing import Final

_IMAGE: Final = ".image"
"""Left in its environment by contrib/container/environment."""


def command_for(package: str) -> str:
    """What to type so that linkytui finds a package: by pipx, uv, pip in its environment, or a new image.

    Args:
        package: its name on PyPI.
    """
    return _command(package, Path(sys.prefix), Path(sys.executable), os.environ)


def _command(package: str, prefix: Path, python: Path, environ: "os._Environ[str] | dict[str, str]") -> str:
    if (prefix / _IMAGE).exists():
        return f"docker build -t linkytui -f Containerfile --build-arg PACKAGES={package} ."
    if (prefix / "pipx_metadata.json").exists():
        # `sudo pipx --global` keeps its environments in a folder of the machine.
        shared = Path(environ.get("PIPX_GLOBAL_HOME", "/opt/pipx")) in prefix.parents
        return f"{'sudo pipx inject --global' if shared else 'pipx inject'} {prefix.name} {package}"
    if (prefix / "uv-receipt.toml").exists():
        return _with_uv(package, prefix / "uv-receipt.toml")
    # A script's own Python, not the one that it links to: that one is the system's.
    program = shlex.quote(str(prefix / "bin" / python.name))
    sudo = "" if os.access(prefix, os.W_OK) else "sudo "
    return f"{sudo}{program} -m pip install {package}"


def _with_uv(package: str, receipt: Path) -> str:
    """uv makes a tool's environment anew with what it is told, so it is told all that was asked for before."""
    import tomllib  # only whoever has uv and lacks a package needs it

    try:
        wanted = tomllib.loads(receipt.read_text(encoding="utf-8"))["tool"]["requirements"]
        own = next(item for item in wanted if item["name"] == "linkytui")
        others = [item["name"] for item in wanted if item["name"] not in ("linkytui", package)]
    except (OSError, ValueError, KeyError, TypeError, StopIteration):
        own, others = {}, []
    source = next((str(own[key]) for key in ("editable", "directory", "path", "url") if own.get(key)), "linkytui")
    editable = ["--editable"] if own.get("editable") else []
    more = [word for name in (*others, package) for word in ("--with", name)]
    return shlex.join(["uv", "tool", "install", *more, *editable, source])
