"""The test of a connection: each step to the server, and how it went."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Static

from linkytui.callbacks.verdict import Verdict, step_name
from linkytui.i18n import _
from linkytui.settings import Settings


class ConnectionTest(ModalScreen[None]):
    """Runs a test in a thread and shows its verdicts."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,v", "dismiss", show=False)]

    class Finished(Message):
        """The test is over."""

        def __init__(self, verdicts: tuple[Verdict, ...]) -> None:
            super().__init__()
            self.verdicts = verdicts

    def __init__(self, place: str, test: Callable[[], tuple[Verdict, ...]]) -> None:
        """Args: place: what is tested, for the title; test: does it, and may take some seconds."""
        super().__init__()
        self._place = place
        self._test = test

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog") as dialog:
            dialog.border_title = self._place
            dialog.border_subtitle = _("Esc closes")
            yield Static(Content.styled(_("Testing…"), "$quiet"), id="verdicts")

    def on_mount(self) -> None:
        self.run_worker(self._run, thread=True, exit_on_error=False)

    def _run(self) -> None:
        self.post_message(self.Finished(self._test()))

    @on(Finished)
    def _show(self, message: Finished) -> None:
        steps = {step_name(verdict.step): verdict for verdict in message.verdicts}
        width = max(map(len, steps), default=0)
        rows = [_row(f"{name:{width}}", verdict) for name, verdict in steps.items()]
        self.query_one("#verdicts", Static).update(Content("\n").join(rows))


def _row(name: str, verdict: Verdict) -> Content:
    """One step; what failed stands out, in words and in colour."""
    if verdict.ok is None:
        return Content.styled(f"   ·   {name}  {verdict.text}", "$quiet")
    if verdict.ok:
        return Content.assemble((f" {_('ok'):^5} ", "$success"), f"{name}  {verdict.text}")
    return Content.assemble((f" {_('fails'):^5} ", "bold $error"), (f"{name}  ", "bold"), (verdict.text, "bold"))


def probe(section: str, settings: Settings) -> tuple[Verdict, ...]:
    """Test the connection of a section; may take some seconds."""
    from linkytui.callbacks import influxdb, mqtt
    from linkytui.callbacks.configured import influx_address, mqtt_broker

    if section == "mqtt":
        return mqtt.probe(mqtt_broker(settings.mqtt))
    return influxdb.probe(influx_address(settings.influxdb))
