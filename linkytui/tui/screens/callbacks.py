"""The callbacks screen: state of InfluxDB, MQTT and plugins; turns them on and off, discards the backlog."""

from textwrap import wrap
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import var
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from linkytui.errors import SettingsError
from linkytui.i18n import _
from linkytui.line.relay.report import CallbackState
from linkytui.outputs.callbacks.state import INFLUXDB, CallbackStatus, title_of, trouble_of
from linkytui.tui.callback_texts import backlog_text, details, elsewhere, summary, switched_by
from linkytui.tui.glyphs import glyphs
from linkytui.tui.messages import SettingsChanged
from linkytui.tui.page import Page
from linkytui.tui.screens.confirm import Confirm
from linkytui.tui.screens.connection import ConnectionTest, probe
from linkytui.tui.session import Session
from linkytui.tui.settings_form import TESTED, elsewhere_set, section_name

_SOON: Final = 0.2  # seconds after which a switch shows its effect, rather than at the next full second


class CallbacksScreen(Page, keys="callbacks"):
    """A few lines for each callback, said again each second."""

    now: var[float] = var(0.0)

    def __init__(self, session: Session) -> None:
        """Args: session: knows the callbacks, wherever they run, and the settings that switch them."""
        super().__init__()
        self._session = session
        self._keeper = session.keeper
        self._states: tuple[CallbackState, ...] = ()
        self._prompts: list[Content] = []

    def body(self) -> ComposeResult:
        yield Static(id="elsewhere", markup=False)
        yield OptionList(id="list", markup=False, compact=True)

    def on_mount(self) -> None:
        self._list.focus()

    def speak(self) -> None:
        self.entitle(_("Callbacks"))
        self.watch_now()

    def on_resize(self) -> None:
        """Another width: long lines break elsewhere."""
        self._prompts = []
        self.call_after_refresh(self.watch_now)

    @property
    def _list(self) -> OptionList:
        return self.query_one(OptionList)

    @property
    def _state(self) -> CallbackState | None:
        place = self._list.highlighted
        return self._states[place] if place is not None and place < len(self._states) else None

    def watch_now(self) -> None:
        """Say how they fare now."""
        if not self.is_mounted:
            return
        note = self._elsewhere()
        said = self.query_one("#elsewhere", Static)
        said.display = bool(note)
        said.update(note)
        if not self._list.size.width:
            return  # lines can be broken once there is a width; that comes with a resize
        self._states = self._session.callback_states()
        prompts, before = [self._prompt(state) for state in self._states], self._prompts
        self._prompts = prompts
        if [state.name for state in self._states] == [option.id for option in self._list.options]:
            for place, prompt in enumerate(prompts):
                if not before or not prompt.is_same(before[place]):
                    self._list.replace_option_prompt_at_index(place, prompt)
        else:
            place = self._list.highlighted or 0
            options = zip(prompts, self._states, strict=True)
            self._list.set_options(Option(prompt, id=state.name) for prompt, state in options)
            self._list.highlighted = place if prompts else None

    def _elsewhere(self) -> str:
        """Why no callback runs in this process, or which one runs them; nothing where this one does."""
        if self._session.callbacks is not None:
            return ""
        if self._session.tag:
            return _("Callbacks do not run for recordings or the simulated meter.")
        report = self._session.report
        if report is None:
            return _("Callbacks start once the meter is being read.")
        return elsewhere(report)

    def _prompt(self, state: CallbackState) -> Content:
        mark, tint = (glyphs().down, "$quiet") if state.status == CallbackStatus.OFF else (glyphs().live, "$success")
        if trouble_of(state) is not None:
            mark, tint = glyphs().alarm, "$error"
        head = Content.assemble((f" {mark} ", tint), (title_of(state.name), "bold"), "  ", (summary(state), tint))
        room, indent = max(self._list.scrollable_content_region.width - 1, 20), " " * 5
        lines = [
            part
            for line in details(state, self.now)
            for part in wrap(line, room, initial_indent=indent, subsequent_indent=indent)
        ]
        return Content("\n").join([head, *(Content.styled(part, "$quiet") for part in lines)])

    @on(OptionList.OptionSelected)
    async def _selected(self) -> None:
        await self.run_action("turn")

    def action_turn(self) -> None:
        """Switch the callback under the cursor; InfluxDB and MQTT in the settings file, plugins until the end."""
        self.watch_now()
        state, callbacks, file = self._state, self._session.callbacks, self._session.other_file()
        if state is None:
            return
        if callbacks is None and file is not None:
            self.note(elsewhere_set(file))
        elif (setting := switched_by(state)) is not None:
            self._save(setting)
        elif callbacks is None:
            self.note(_("It runs in another process: the setting callbacks.plugins turns it on or off."))
        else:
            off = state.status == CallbackStatus.OFF
            callbacks.runner.enable(state.name, on=off)
            self.note("" if off else _("Off until the next start; it is still in the settings."))
        self.set_timer(_SOON, self.watch_now)

    def _save(self, setting: str) -> None:
        """Write the other value of a setting into the file, unless something else decides."""
        origin = self._keeper.loaded.origins[setting]
        if origin.kind in ("environment", "option"):
            self.note(_("from the environment: {name} decides").format(name=origin.name))
            return
        try:
            loaded = self._keeper.save(setting, not self._keeper.loaded.value(setting))
        except SettingsError as error:
            self.note(str(error))
            return
        self.note(_("Saved."))
        self.post_message(SettingsChanged(loaded.settings))

    def action_drop(self) -> None:
        """Let go of what waits for InfluxDB, once that was confirmed."""
        states = self._session.callback_states()
        delivery = next((state.delivery for state in states if state.name == INFLUXDB), None)
        if delivery is None or not (delivery.waiting or delivery.refused_points):
            self.note(_("Nothing is waiting for InfluxDB."))
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.ask(self._session.drop_backlog, self._dropped)

        question = _("{backlog}. They would never reach InfluxDB; the history keeps them.")
        question = question.format(backlog=backlog_text(delivery, self.now))
        self.app.push_screen(Confirm(_("Discard the backlog"), question), answered)

    def _dropped(self, asked: bool) -> None:
        self.note(_("The backlog was discarded.") if asked else _("No answer: nothing was discarded."))

    def action_resend(self) -> None:
        """Have sent what InfluxDB refused, without waiting for its time."""
        states = self._session.callback_states()
        delivery = next((state.delivery for state in states if state.name == INFLUXDB), None)
        if delivery is None or not (delivery.refused_points or delivery.waiting):
            self.note(_("Nothing is waiting for InfluxDB."))
            return
        self.ask(self._session.send_again, self._resent)

    def _resent(self, asked: bool) -> None:
        self.note(_("Sending again…") if asked else _("No answer: nothing was sent."))
        self.set_timer(_SOON, self.watch_now)

    def action_test(self) -> None:
        """Try the connection of the callback under the cursor, as it is set now."""
        state, settings, file = self._state, self._keeper.loaded.settings, self._session.other_file()
        if state is None or state.name not in TESTED:
            return
        if file is not None:
            self.note(elsewhere_set(file))
        else:
            section = state.name
            self.app.push_screen(ConnectionTest(section_name(section), lambda: probe(section, settings)))
