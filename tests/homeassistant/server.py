"""A real Home Assistant in a process of its own, with a broker: what it shows, warns of and counts."""

import asyncio
import contextlib
import json
import os
import re
import shutil
import tempfile
import urllib.request
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from tests.lines import wait_until
from tests.servers import Process, free_port

HOMEASSISTANT: Final = "LINKYTUI_TESTS_HOMEASSISTANT"
"""Names the folder that `make homeassistant` made: an environment, or a Debian with one in it."""

_CLIENT: Final = "http://127.0.0.1/"
_CONFIGURATION: Final = """
homeassistant:
  name: Home
  country: FR
  currency: EUR
  unit_system: metric
  time_zone: Europe/Paris
http:
  server_host: 127.0.0.1
  server_port: {port}
recorder:
  commit_interval: 0
energy:
history:
config:
logger:
  default: warning
"""
_OUTAGE: Final = "Error returned from MQTT server: The connection was lost"
_CONCERNS: Final = re.compile(
    r" (WARNING|ERROR|CRITICAL) "
    r".*(\[homeassistant\.(components\.(mqtt|sensor|recorder|energy|history)|helpers)|teleinfo)"
)
"""What it says of us. It warns of much else here: the packages for voices and cameras are not installed."""


def _integration(port: int) -> dict[str, Any]:
    """The MQTT integration as an early version kept it; a later one makes its own of that."""
    entry = {
        "entry_id": "0123456789abcdef0123456789abcdef",
        "version": 1,
        "domain": "mqtt",
        "title": "127.0.0.1",
        "data": {"broker": "127.0.0.1", "port": port, "discovery": True},
        "options": {},
        "pref_disable_new_entities": False,
        "pref_disable_polling": False,
        "source": "user",
        "unique_id": None,
        "disabled_by": None,
    }
    return {"version": 1, "minor_version": 1, "key": "core.config_entries", "data": {"entries": [entry]}}


class RefusedError(Exception):
    """It does not answer that."""


class HomeAssistant(Process):
    """Home Assistant with the MQTT integration; everything it keeps is in a folder of its own."""

    def __init__(self, folder: Path, broker_port: int) -> None:
        root = Path(os.environ[HOMEASSISTANT]).absolute()
        self.port = free_port()
        self._token = ""
        command: list[str] = []
        if (root / "usr").exists():
            # A Debian: everything must be inside it.
            self.config = Path(tempfile.mkdtemp(prefix="config-", dir=root / "ha"))
            inside = f"/ha/{self.config.name}"
            command = ["chroot", str(root), "/ha/venv/bin/python"]
        else:
            self.config = folder / "config"
            self.config.mkdir()
            inside = str(self.config)
            command = [str(root / "bin" / "python")]
        (self.config / "configuration.yaml").write_text(_CONFIGURATION.format(port=self.port))
        (self.config / ".storage").mkdir()
        (self.config / ".storage" / "core.config_entries").write_text(json.dumps(_integration(broker_port)))
        super().__init__([*command, "-m", "homeassistant", "-c", inside, "--skip-pip"], folder, self._answers)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/onboarding", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def set_up(self) -> None:
        """Make the first user, as a person would on the first evening, and wait until all runs."""
        user = {"name": "Jeanne", "username": "jeanne", "password": "correct horse", "client_id": _CLIENT}
        code = self._post("/api/onboarding/users", user | {"language": "fr"})["auth_code"]
        form = f"grant_type=authorization_code&code={code}&client_id={_CLIENT}".encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/auth/token", form, timeout=60) as answer:
            self._token = json.load(answer)["access_token"]
        wait_until(lambda: self.ask("get_config")["state"] == "RUNNING")
        with contextlib.suppress(RefusedError):
            # Lately it goes back to its usual port after five minutes unless somebody keeps the other one.
            self.ask("http/config/promote")

    def _post(self, path: str, body: Any) -> Any:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 -- on this machine
            return json.load(answer)

    def ask(self, kind: str, **said: Any) -> Any:
        """The answer to a question on the websocket that its own pages use."""
        return asyncio.run(self._ask({"id": 1, "type": kind, **said}))

    async def _ask(self, question: dict[str, Any]) -> Any:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"ws://127.0.0.1:{self.port}/api/websocket", max_msg_size=0) as socket,
        ):
            await socket.receive_json()
            await socket.send_json({"type": "auth", "access_token": self._token})
            assert (await socket.receive_json())["type"] == "auth_ok"
            await socket.send_json(question)
            answer = await socket.receive_json()
        if not answer["success"]:
            raise RefusedError(answer["error"])
        return answer["result"]

    def states(self) -> dict[str, dict[str, Any]]:
        """What it shows now, by entity."""
        return {state["entity_id"]: state for state in self.ask("get_states")}

    def entities(self) -> dict[str, dict[str, Any]]:
        """All of the MQTT integration that it knows, those that are disabled too, by unique id."""
        found = self.ask("config/entity_registry/list")
        return {one["unique_id"]: one for one in found if one["platform"] == "mqtt"}

    def warnings(self) -> list[str]:
        """What it warned of that may concern us."""
        lines = (self.folder / "log").read_text(errors="replace").splitlines()
        return [line for line in lines if _CONCERNS.search(line) and _OUTAGE not in line]

    def remove(self) -> None:
        """End it, and leave nothing."""
        self.stop()
        shutil.rmtree(self.config, ignore_errors=True)


def needed() -> None:
    """Skip the test where there is no Home Assistant."""
    if HOMEASSISTANT not in os.environ:
        pytest.skip("needs Home Assistant: make homeassistant")
