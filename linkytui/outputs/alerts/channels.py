"""Alert channels: a command, or any service that apprise knows. Each has a thread and a time limit."""

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Protocol

import linkytui
from linkytui.errors import LinkytuiError
from linkytui.i18n import _
from linkytui.outputs.alerts.engine import Alert
from linkytui.outputs.missing import command_for

log = logging.getLogger("linkytui.alerts")

COMMAND_TIMEOUT: Final = 30.0
_WAITING: Final = 20
_TITLE: Final = "linkytui"


class ChannelError(LinkytuiError):
    """An alert could not be delivered. The text holds no address and no secret."""


class Channel(Protocol):
    """Takes an alert somewhere. It may wait, and may raise anything."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    def deliver(self, alert: Alert) -> None:
        """Take one alert there."""


class CommandChannel:
    """Runs a command, without a shell, for each alert.

    `{text}`, `{kind}` and `{state}` (begin or end) in its words are filled in; where no word has `{text}`, the text
    comes as a last word.
    """

    def __init__(self, words: Sequence[str], *, timeout: float = COMMAND_TIMEOUT) -> None:
        """Say what to run."""
        self._words = tuple(words) if any("{text}" in word for word in words) else (*words, "{text}")
        self._timeout = timeout

    @property
    def name(self) -> str:
        """The program alone: arguments may hold secrets."""
        return self._words[0]

    def deliver(self, alert: Alert) -> None:
        """Run it and wait for its end; raises ChannelError when it cannot be run, fails, or takes too long."""
        state = "begin" if alert.began else "end"
        fill = {"{kind}": alert.rule.kind, "{state}": state, "{text}": alert.text}
        try:
            process = subprocess.Popen(  # noqa: S603 -- the words are the user's own settings, and there is no shell
                [_filled(word, fill) for word in self._words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise ChannelError(
                _("The alert's command {name} cannot be run: {reason}").format(name=self.name, reason=reason)
            ) from None
        try:
            status = process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise ChannelError(
                _("The alert's command {name} was stopped after {seconds} s").format(
                    name=self.name, seconds=f"{self._timeout:g}"
                )
            ) from None
        if status:
            raise ChannelError(
                _("The alert's command {name} failed with status {status}").format(name=self.name, status=status)
            )


def _filled(word: str, fill: dict[str, str]) -> str:
    for place, text in fill.items():
        if place == word:
            return text
    for place, text in fill.items():
        if place != "{text}":
            word = word.replace(place, text)
    # The text last, since it may hold anything.
    return word.replace("{text}", fill["{text}"])


class AppriseChannel:
    """Sends alerts to the addresses that apprise knows, by a process of its own that is ended when its time is over."""

    name = "apprise"

    def __init__(self, addresses: Sequence[str], *, timeout: float = COMMAND_TIMEOUT) -> None:
        """`timeout`: seconds for all of them together."""
        self._addresses = tuple(addresses)
        self._timeout = timeout

    def __repr__(self) -> str:
        return f"<AppriseChannel to {len(self._addresses)} addresses>"

    def deliver(self, alert: Alert) -> None:
        """Send one alert to all; raises ChannelError when apprise is missing, or somebody did not get it in time."""
        if find_spec("apprise") is None:
            text = _("Notifications need the package apprise: {command}")
            raise ChannelError(text.format(command=command_for("apprise")))
        match self._outcome(json.dumps([self._addresses, _TITLE, alert.text, alert.began])):
            case "sent":
                pass
            case "unknown":
                raise ChannelError(_("apprise does not know one of the addresses of [alerts] notify"))
            case _:
                raise ChannelError(_("apprise could not deliver to all addresses of [alerts] notify"))

    def _outcome(self, told: str) -> str:
        """What the process prints; nothing where it fell over."""
        environment = os.environ | {"PYTHONPATH": str(Path(linkytui.__file__).parent.parent)}
        try:
            done = subprocess.run(
                [sys.executable, "-P", "-m", "linkytui.outputs.alerts.apprise_process"],
                input=told,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                text=True,
                timeout=self._timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            text = _("apprise was stopped after {seconds} s").format(seconds=f"{self._timeout:g}")
            raise ChannelError(text) from None
        return done.stdout.strip()


class ChannelQueue:
    """Takes alerts to one channel, on a thread of its own. A slow channel loses the oldest of the alerts that wait."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.error: str | None = None  # why the last alert did not get there; None when it did
        self._waiting: deque[Alert] = deque(maxlen=_WAITING)
        self._condition = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"alerts by {channel.name}", daemon=True)
        self._thread.start()

    def put(self, alert: Alert) -> None:
        """Hand an alert over. Never waits."""
        with self._condition:
            self._waiting.append(alert)
            self._condition.notify()

    def stop(self, timeout: float) -> None:
        """Let it deliver what waits, for `timeout` seconds at most."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        self._thread.join(timeout)

    def _run(self) -> None:
        while (alert := self._next()) is not None:
            try:
                self.channel.deliver(alert)
            except Exception as error:
                # Whatever a notification service or its library does, the next alert must get its chance.
                text = str(error) if isinstance(error, ChannelError) else type(error).__name__
                if text != self.error:
                    log.warning("alert not delivered by %s: %s", self.channel.name, text)
                self.error = text
            else:
                self.error = None

    def _next(self) -> Alert | None:
        with self._condition:
            self._condition.wait_for(lambda: self._waiting or self._stopping)
            return self._waiting.popleft() if self._waiting else None
