"""The connection test: each step to the server and its result."""

from collections.abc import Callable
from textwrap import wrap
from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from linkytui.i18n import _
from linkytui.outputs.callbacks.verdict import Verdict, step_name
from linkytui.settings.model import Settings
from linkytui.tui.ask import ask
from linkytui.tui.glyphs import glyphs


class ConnectionTest(ModalScreen[None]):
    """Runs a test in a thread and shows its verdicts."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,v", "dismiss", show=False)]

    def __init__(self, place: str, test: Callable[[], tuple[Verdict, ...]]) -> None:
        """Args: place: what is tested, for the title; test: does it, and may take some seconds."""
        super().__init__()
        self._place = place
        self._test = test

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog") as dialog:
            dialog.border_title = self._place
            dialog.border_subtitle = _("Esc to close")
            yield Static(Content.styled(_("Testing…"), "$quiet"), id="verdicts")

    def on_mount(self) -> None:
        ask(self, self._test, self._show, self._verdicts.update)

    @property
    def _verdicts(self) -> Static:
        return self.query_one("#verdicts", Static)

    def _show(self, verdicts: tuple[Verdict, ...]) -> None:
        name_width = max((len(step_name(verdict.step)) for verdict in verdicts), default=0)
        rows = [_row(verdict, name_width, self._verdicts.size.width) for verdict in verdicts]
        self._verdicts.update(Content("\n").join(rows))


_MARK: Final = 7  # cells before the name of a step

_ROOM: Final = 30  # cells for a text beside the name of its step; where there are fewer it stands below


def _row(verdict: Verdict, name_width: int, width: int) -> Content:
    """One step; what failed stands out, in words and in colour."""
    if verdict.ok is None:
        mark, tint, style = f"   {glyphs().dot.strip()}   ", "$quiet", "$quiet"
    elif verdict.ok:
        mark, tint, style = _(" ok    "), "$success", ""
    else:
        mark, tint, style = _(" fails "), "bold $error", "bold"
    name = f"{step_name(verdict.step):{name_width}}"
    indent = _MARK + name_width + 2
    below = width - indent < _ROOM
    lines = wrap(verdict.text, max(width - _MARK if below else width - indent, 10))
    margin = "\n" + " " * (_MARK if below else indent)
    text = (margin if below else "  ") + margin.join(lines)
    return Content.assemble((mark, tint), (name, style), (text, style))


def probe(section: str, settings: Settings) -> tuple[Verdict, ...]:
    """Test the connection of a section; may take some seconds."""
    # The clients of both are loaded when a connection is tested, not with the screen.
    from linkytui.outputs.callbacks.addresses import influx_address, mqtt_broker
    from linkytui.outputs.callbacks.influxdb import probe as influxdb
    from linkytui.outputs.callbacks.mqtt import probe as mqtt

    if section == "mqtt":
        return mqtt.probe_mqtt(mqtt_broker(settings.mqtt))
    return influxdb.probe_influxdb(influx_address(settings.influxdb))
