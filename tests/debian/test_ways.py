"""From `git clone` to a live screen, on a Debian that has nothing else, by each way that docs/install.md names.

Then the hint for a missing package is done as it says. How long each way takes is told at the end.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyte
import pytest

from tests.debian.machine import PATIENCE, ROOT, Meter, tool
from tests.debian.times import BUILT, Way

PORT: Final = "/dev/ttyUSB0"
COLUMNS, ROWS = 100, 30
ASK: Final = "from linkytui.outputs.missing import command_for; print(command_for('apprise'))"


class Steps(NamedTuple):
    """What one types."""

    packages: str  # of Debian
    install: str  # in the folder that was cloned
    program: str
    python: str  # of the environment in which the program is
    hint: str
    folder: str = "/home/me"  # where one is then


OWN: Final = 'python=$(dirname "$(readlink -f ~/.local/bin/linkytui)")/python'
WAYS: Final = {
    "make": Steps(
        "git make python3-venv",
        "make demo ARGS='--pty /home/me/meter' & until [ -e /home/me/meter ]; do sleep 0.2; done",
        ".venv/bin/python -m linkytui --port /home/me/meter",
        "python=/home/me/linkytui/.venv/bin/python",
        "/home/me/linkytui/.venv/bin/python -m pip install apprise",
        "/home/me/linkytui",
    ),
    "pipx": Steps("git pipx", "pipx install .", f"linkytui --port {PORT}", OWN, "pipx inject linkytui apprise"),
    "uv": Steps(
        "git pipx",
        "pipx install uv; uv tool install .",
        f"linkytui --port {PORT}",
        OWN,
        "uv tool install --with apprise /home/me/linkytui",
    ),
    "deb": Steps(
        "git",
        "apt-get install -qq -y /package/*.deb",
        f"linkytui --port {PORT}",
        "python=/opt/linkytui/bin/python3",
        "/opt/linkytui/bin/python3 -m pip install apprise",
    ),
}

SCRIPT: Final = r"""
set -eu
export HOME=/home/me PATH=/home/me/.local/bin:$PATH DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 TERM=xterm-256color
mkdir $HOME
cd
{{
apt-get update -qq
apt-get install -qq -y --no-install-recommends {packages}
}} >/dev/null
echo @ready
git clone -q /linkytui.bundle linkytui
cd linkytui
{{ {install}
}} >/dev/null
echo @installed
cd {folder}
timeout {patience:.0f} script -qfc 'stty cols {columns} rows {rows}; exec {program}' /dev/null
echo @seen
{python}
! "$python" -c 'import apprise' 2>/dev/null
hint=$("$python" -c "{ask}")
echo "@hint $hint"
sh -c "$hint" >/dev/null
"$python" -c 'import apprise, linkytui; print("@found", linkytui.__file__)'
kill $(jobs -p) 2>/dev/null || true
"""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a forge would hand out: the last commit."""
    path = tmp_path_factory.mktemp("bundle") / "linkytui.bundle"
    done = subprocess.run(
        ["git", "bundle", "create", path, "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"no clone can be made of this folder: {done.stderr.strip()}")
    return path


def machine(debian: Path, script: str, *binds: str) -> list[str]:
    """The command that runs a script on a Debian of its own, with this machine's network and its certificates."""
    known = Path(os.environ.get("SSL_CERT_FILE", "/etc/ssl/certs/ca-certificates.crt"))
    inside = "/etc/ssl/certs/ca-certificates.crt"
    certificates = [f"{name}={inside}" for name in ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")]
    wanted = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "HTTP_PROXY", "HTTPS_PROXY")
    settings = [f"{name}={os.environ[name]}" for name in wanted if name in os.environ]
    return [
        *(tool("systemd-nspawn"), "--quiet", "--volatile=overlay", f"--directory={debian}", "--pipe"),
        *("--register=no", "--keep-unit"),
        *(f"--bind-ro={bind}" for bind in (*binds, f"{known.resolve()}:{inside}")),
        *(f"--setenv={setting}" for setting in (*certificates, *settings)),
        *("bash", "-c", script),
    ]


def marks(process: "subprocess.Popen[bytes]", screen: pyte.Screen) -> Iterator[tuple[str, str]]:
    """What the script says of itself, and `live` once a frame of the meter is on the screen. Then q is typed."""
    stream = pyte.ByteStream(screen)
    assert process.stdin is not None
    assert process.stdout is not None
    said, drawn = b"", False
    while data := os.read(process.stdout.fileno(), 65536):
        said += data
        if drawn and b"@seen" not in said:
            stream.feed(data)
            text = "\n".join(screen.display)
            if "live · " in text and "VA" in text:
                yield "live", text
                drawn = False
                process.stdin.write(b"q")
                process.stdin.flush()
        while b"\n" in said:
            line, _, said = said.partition(b"\n")
            if line.startswith(b"@"):
                name, _, rest = line.decode().strip().removeprefix("@").partition(" ")
                drawn = name == "installed"
                yield name, rest


@pytest.mark.parametrize("way", WAYS)
def test_from_clone_to_a_live_screen(
    way: str, debian: Path, bundle: Path, meter: Meter, request: pytest.FixtureRequest, record_property: Any
) -> None:
    steps = WAYS[way]
    binds = [f"{bundle}:/linkytui.bundle", f"{meter.port}:{PORT}"]
    if way == "deb":
        binds.append(f"{request.getfixturevalue('package').parent}:/package")
    script = SCRIPT.format(**steps._asdict(), ask=ASK, columns=COLUMNS, rows=ROWS, patience=PATIENCE)
    found: dict[str, str] = {}
    at: dict[str, float] = {"begun": time.monotonic()}
    with subprocess.Popen(
        machine(debian, script, *binds), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        for name, said in marks(process, pyte.Screen(COLUMNS, ROWS)):
            found[name], at[name] = said, time.monotonic()
        assert process.stderr is not None
        trouble = process.stderr.read().decode(errors="replace")
        process.wait(PATIENCE)
    assert {"live", "found"} <= set(found), f"{found}\n{trouble[-3000:]}"
    assert found["hint"] == steps.hint
    assert not found["found"].startswith("/usr/lib")
    told(record_property, way, at)


def told(record_property: Any, way: str, at: Mapping[str, float]) -> None:
    """How long it took, for the end of the run."""
    record_property(
        "way",
        Way(
            name=way,
            debian=at["ready"] - at["begun"],
            built=BUILT.get(way),
            installed=at["installed"] - at["ready"],
            screen=at["live"] - at["installed"],
        )._asdict(),
    )
