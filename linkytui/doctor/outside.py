"""Checks of what lies outside: InfluxDB, MQTT, where alerts go, the service."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from linkytui.collector.service.install import SYSTEM_UNIT, SystemService, UserService
from linkytui.collector.service.machine import Machine, Person
from linkytui.doctor.check import Check, Verdict
from linkytui.errors import GridError, LinkytuiError
from linkytui.i18n import _, listed, titled
from linkytui.line.relay.report import Report
from linkytui.outputs.alerts.engine import Alert
from linkytui.outputs.alerts.listener import channels_of
from linkytui.outputs.callbacks.addresses import influx_address, mqtt_broker
from linkytui.outputs.callbacks.influxdb.probe import probe_influxdb
from linkytui.outputs.callbacks.mqtt.probe import probe_mqtt
from linkytui.outputs.callbacks.state import trouble_of
from linkytui.outputs.callbacks.verdict import Verdict as Step
from linkytui.outputs.callbacks.verdict import step_name
from linkytui.settings.folders import config_file
from linkytui.settings.model import AlertRule, Settings
from linkytui.tariffs.grid.process import try_walls

_INSTALL: Final = "linkytui service install"


def outside_checks(settings: Settings, report: Report | None, *, notify: bool) -> Iterator[Check]:
    """What the network and the system say. Only what is switched on is asked.

    `report`: of the process that reads; `notify`: send a test to everyone whom alerts go to.
    """
    if settings.influxdb.enabled:
        yield _reached("influxdb", "InfluxDB", probe_influxdb(influx_address(settings.influxdb)), report)
    if settings.mqtt.enabled:
        yield _reached("mqtt", "MQTT", probe_mqtt(mqtt_broker(settings.mqtt)), report)
    yield from _callbacks(report)
    if settings.alerts.notify or settings.alerts.command:
        yield _alerts(settings, notify=notify)
    yield from _service(report)
    yield walls_check()


def _reached(name: str, title: str, steps: tuple[Step, ...], report: Report | None) -> Check:
    """How the way to a server went, step by step, and what the process that reads says of it."""
    for step in steps:
        if step.ok is False:
            return Check(
                name,
                title,
                Verdict.WRONG,
                titled(step_name(step.step), step.text),
                _("Correct it in the settings (s on the screen), or ask whoever keeps it."),
            )
    found = ", ".join(step.text for step in steps[1:] if step.ok is not None or len(steps) <= 1) or steps[-1].text
    state = next((each for each in (report.callbacks if report else ()) if each.name.lower() == name), None)
    trouble = trouble_of(state) if state is not None else None
    if trouble:
        return Check(name, title, Verdict.WRONG, listed(found, trouble), _("See the callbacks' screen (c)."))
    return Check(name, title, Verdict.OK, found)


def _callbacks(report: Report | None) -> Iterator[Check]:
    """The plugins in the process that reads, those in trouble."""
    for state in report.callbacks if report is not None else ():
        trouble = trouble_of(state)
        if trouble and state.name.lower() not in ("influxdb", "mqtt"):
            yield Check(
                "callback", state.name, Verdict.WRONG, trouble, _("See the callbacks' screen (c), and the log.")
            )


def _alerts(settings: Settings, *, notify: bool) -> Check:
    """Whether alerts can get through; with `notify`, whether one does."""
    title, alerts = _("Alerts"), settings.alerts
    if alerts.command and shutil.which(alerts.command[0]) is None:
        found = _("the command {command} is not there").format(command=alerts.command[0])
        return Check("alerts", title, Verdict.WRONG, found, _("Correct command in [alerts]."))
    channels = channels_of(alerts)
    if not notify:
        found = _("set: {ways}; not tried now").format(ways=", ".join(channel.name for channel in channels))
        return Check("alerts", title, Verdict.OK, found, _("To send a test to each: linkytui doctor --notify."))
    alert = Alert(rule=AlertRule(kind="power"), text=_("A test by linkytui doctor."), began=True)
    for channel in channels:
        try:
            channel.deliver(alert)
        except LinkytuiError as error:
            return Check("alerts", title, Verdict.WRONG, str(error), _("Correct notify or command in [alerts]."))
    return Check("alerts", title, Verdict.OK, _("a test was delivered"))


def _service(report: Report | None, machine: Machine | None = None) -> Iterator[Check]:
    """Whether somebody reads the meter day and night."""
    machine = machine or Machine()
    title = _("Service")
    if not machine.has_systemd():
        if report is not None and report.kind == "collector":
            yield Check("service", title, Verdict.OK, _("a collector runs (process {pid})").format(pid=report.pid))
        return
    file = config_file()
    me = Person("", Path.home())
    user = UserService(machine=machine, person=me, configuration=file.parent.parent, settings_file=file)
    found = [each for each in (SystemService(machine=machine).condition(), user.condition()) if each.installed]
    if not found:
        text = _("not installed: nothing is recorded while no screen is open")
        if report is not None and report.kind == "collector":
            text = _(
                "not installed; the collector that runs (process {pid}) ends with this session or the next reboot"
            ).format(pid=report.pid)
        yield Check(
            "service", title, Verdict.ATTENTION, text, _("Install it: {command}").format(command=f"sudo {_INSTALL}")
        )
        return
    condition = found[0]
    text = condition.in_words
    log = "journalctl -u linkytui" if condition.unit == SYSTEM_UNIT else "journalctl --user -u linkytui"
    if condition.state != "active":
        yield Check("service", title, Verdict.WRONG, text, _("Its log says why: {command}").format(command=log))
    elif not condition.enabled:
        command = f"sudo {_INSTALL}" if condition.unit == SYSTEM_UNIT else f"{_INSTALL} --user"
        yield Check("service", title, Verdict.ATTENTION, text, _("Install it: {command}").format(command=command))
    else:
        yield Check("service", title, Verdict.OK, text)


def walls_check() -> Check:
    """Whether the process that reads suppliers' PDFs can do no harm, tried in one."""
    title = _("PDF reader")
    try:
        walls = try_walls()
    except GridError as error:
        return Check("walls", title, Verdict.WRONG, str(error), _("Install linkytui again."))
    if walls.open:
        found = _("it could do this: {tries}").format(tries=", ".join(walls.open))
        remedy = _("This machine lacks {walls}: read only PDFs that you trust.").format(walls=", ".join(walls.missing))
        return Check("walls", title, Verdict.ATTENTION, found, remedy if walls.missing else _("Report it."))
    found = _("walled in: {count} harmless tries, all refused").format(count=len(walls.refused))
    return Check("walls", title, Verdict.OK, found)


def terminal_check(encoding: str, width: int, height: int) -> Check:
    """What the terminal can show."""
    title = _("Terminal")
    kind, true = os.environ.get("TERM", ""), os.environ.get("COLORTERM", "") in ("truecolor", "24bit")
    depth = _("16 million colours") if true else _("256 colours") if "256" in kind else _("16 colours")
    found = f"{kind or '?'}, {width}x{height}, {depth}, {encoding}"
    if not encoding.lower().replace("-", "").startswith("utf8"):
        remedy = _(
            "Signs are drawn in plain ASCII. For better ones choose a UTF-8 locale: sudo dpkg-reconfigure locales."
        )
        return Check("terminal", title, Verdict.ATTENTION, found, remedy)
    if kind in ("", "dumb"):
        return Check(
            "terminal", title, Verdict.ATTENTION, found, _("The screen needs a terminal that can draw: set TERM.")
        )
    return Check("terminal", title, Verdict.OK, found)
