"""The first-start guide over the running dashboard: language, port, the meter's contract, prices."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.screen import ModalScreen
from textual.widgets import Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from linkytui.errors import SettingsError
from linkytui.i18n import LANGUAGES, _, language, number
from linkytui.link import Link, LinkState
from linkytui.reading import Contract, Reading
from linkytui.settings.fields import fields
from linkytui.tui.glyphs import glyphs
from linkytui.tui.messages import SettingsChanged
from linkytui.tui.session import Session
from linkytui.tui.settings_form import meant
from linkytui.tui.widgets.lines import clickable
from linkytui.wording.terms import contract_name, register_name, state_advice

_BY_ITSELF: Final = "by-itself"
_ANOTHER: Final = "another"
_REGULATED: Final = "regulated"
_BY_HAND: Final = "by-hand"

_REGISTERS: Final = {
    Contract.BASE: ("BASE",),
    Contract.HPHC: ("HP", "HC"),
    Contract.TEMPO: ("HCJB", "HPJB", "HCJW", "HPJW", "HCJR", "HPJR"),
    Contract.EJP: ("HN", "PM"),
}
"""The prices that each contract has."""


class Field(Input):
    """A value that is typed. Left of its first sign is the question before."""

    class Left(Message):
        """The cursor was to go further left than the beginning."""

    def action_cursor_left(self, select: bool = False) -> None:
        """One sign to the left, as far as there is one."""
        if self.cursor_position or select:
            super().action_cursor_left(select)
        else:
            self.post_message(self.Left())


class Guide(ModalScreen[None]):
    """Four questions. Each answer is told at once, so that the meter can speak before the next one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("q", "app.quit", show=False),
        Binding("left", "back", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("down", "app.focus_next", show=False),
    ]

    reading: var[Reading | None] = var(None)
    link: var[Link] = var(Link())
    step: var[int] = var(0, init=False)  # the question that is asked; from 0 on

    def __init__(self, session: Session) -> None:
        """Args: session: knows the ports, and keeps the answers."""
        super().__init__()
        self._session = session
        self._answers: dict[str, Any] = {}
        self._steps = (self._ask_language, self._ask_port, self._ask_power, self._ask_prices)

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="dialog", can_focus=False):
            yield Static(id="question", markup=False)
            yield OptionList(id="choices", markup=False, compact=True)
            yield Static(id="meter-says", markup=False)
            yield VerticalScroll(id="typed", can_focus=False)
            yield Static(id="trouble", markup=False)
            yield Static(id="ways", markup=False)

    async def on_mount(self) -> None:
        await self._ask()

    async def watch_step(self) -> None:
        await self._ask()

    def speak(self) -> None:
        """Ask again, in the language spoken now."""
        self.call_later(self._ask)

    def watch_reading(self, reading: Reading | None) -> None:
        self._say_meter()
        if self._steps[self.step] == self._ask_power and reading is not None and reading.subscribed is not None:
            typed = self.query(Field)
            if typed and not typed.first().value:
                self.call_later(self._ask)  # nothing is left to ask: the meter has just said it

    def watch_link(self) -> None:
        self._say_meter()

    # The questions --------------------------------------------------------------------------------------------------

    async def _ask(self) -> None:
        """Ask the question of this step."""
        dialog = self.query_one("#dialog")
        dialog.border_title = _("First start, {step} of {steps}").format(step=self.step + 1, steps=len(self._steps))
        way_back = _(" ← back ").replace("←", glyphs().back)
        back = clickable(Content(way_back), "screen.back") if self.step else Content("")
        on = clickable(Content.styled(_(" Enter: next "), "bold"), "screen.next")
        leave = clickable(Content(_(" Esc: skip ")), "screen.dismiss")
        self.query_one("#ways", Static).update(back + on + "  " + leave)
        self._complain("")
        await self.query_one("#typed").remove_children()
        await self._steps[self.step]()
        self._say_meter()

    async def _ask_language(self) -> None:
        names = {"en": "English", "fr": "Français"}
        self._offer(
            _("linkytui shows your meter live. A few questions first; the screen behind keeps running."),
            [(code, names[code]) for code in LANGUAGES],
            language(),
        )

    async def _ask_port(self) -> None:
        ports = self._session.ports()
        dongles = [port for port in ports if port.is_dongle]
        found = (
            _("Find it automatically: {port}").format(port=dongles[0])
            if len(dongles) == 1
            else _("Find it automatically, once the dongle is plugged in")
        )
        others = [(port.device, str(port)) for port in ports if len(dongles) != 1 or port is not dongles[0]]
        self._offer(
            _("Where is the meter plugged in?"),
            [(_BY_ITSELF, found), *others, (_ANOTHER, _("Another port, or an address…"))],
            self._answers.get("meter.port") or _BY_ITSELF,
        )

    async def _ask_power(self) -> None:
        self._offer(_("This is what the meter says about your contract. There is nothing to set."), [], "")
        if self.reading is None or self.reading.subscribed is None:
            await self._type({"meter.power_kva": _("Subscribed power in kVA, if you know it")})

    async def _ask_prices(self) -> None:
        self._offer(
            _("What do you pay?"),
            [
                (_REGULATED, _("The regulated tariff, EDF's Tarif Bleu: its prices are known")),
                (_BY_HAND, _("Prices typed by hand, taxes included, as on the bill")),
            ],
            _BY_HAND if any(self._answers[key] for key in self._answers if key.startswith("tariff.")) else _REGULATED,
        )

    def _offer(self, question: str, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        """Put a question with its choices; without any, it needs no answer."""
        self.query_one("#question", Static).update(question)
        listed = self.query_one("#choices", OptionList)
        listed.display = bool(choices)
        listed.set_options(Option(f" {text}", id=name) for name, text in choices)
        names = [name for name, _text in choices]
        if choices:
            listed.highlighted = names.index(chosen) if chosen in names else 0
            listed.focus()
        else:
            self.set_focus(None)

    async def _type(self, asked: dict[str, str]) -> None:
        """Let values of settings be typed, by key."""
        typed = self.query_one("#typed")
        await typed.remove_children()
        for key, text in asked.items():
            value = self._answers.get(key)
            field = Field("" if value is None else str(value), compact=True, name=key)
            await typed.mount(Horizontal(Label(text, markup=False), field))
        typed.set_class(len(asked) == 1, "-one")
        typed.query(Input).first().focus()

    def _say_meter(self) -> None:
        """What the meter says, or why it does not yet."""
        if not self.is_mounted:
            return
        place = self.query_one("#meter-says", Static)
        place.display = self.step in (1, 2)
        if self.reading is not None and self.link.state is LinkState.LIVE:
            facts = [contract_name(self.reading.contract)]
            if self.reading.subscribed is not None:
                facts.append(f"{number(self.reading.subscribed)} kVA")
            text = glyphs().dot.join(filter(None, facts)) or _("the meter speaks")
            place.update(Content.assemble((f" {glyphs().live} ", "$success"), (text, "bold")))
        else:
            title, advice = state_advice(self.link)
            place.update(Content.assemble((f" {glyphs().old} {title}.", "$warning"), " ", (advice, "$quiet")))

    def _complain(self, text: str) -> None:
        place = self.query_one("#trouble", Static)
        place.display = bool(text)
        place.update(Content.styled(text, "bold $error"))

    # The answers ----------------------------------------------------------------------------------------------------

    @on(OptionList.OptionSelected)
    async def _chosen(self, event: OptionList.OptionSelected) -> None:
        await self._choose(event.option_id or "")

    @on(Input.Submitted)
    async def _submitted(self, event: Input.Submitted) -> None:
        inputs = list(self.query(Input))
        if event.input is inputs[-1]:
            self._take_typed()
        else:
            inputs[inputs.index(event.input) + 1].focus()

    async def action_next(self) -> None:
        """Take the answer as it stands."""
        if self.query(Input):
            self._take_typed()
        else:
            option = self.query_one("#choices", OptionList).highlighted_option
            await self._choose(option.id or "" if option else "")

    @on(Field.Left)
    def action_back(self) -> None:
        """The question before."""
        self.step = max(self.step - 1, 0)

    def key_enter(self) -> None:
        """On, where nothing is to be chosen or typed."""
        if self.focused is None:
            self._go_on()

    async def _choose(self, name: str) -> None:
        match name:
            case "en" | "fr":
                self._answer({"screen.language": name})
            case "another":
                await self._type({"meter.port": fields()["meter.port"].meaning})
            case "by-hand":
                await self._type(self._prices())
            case "by-itself":
                self._answer({"meter.port": None})
            case "regulated":
                self._answer({key: None for key in self._answers if key.startswith("tariff.")})
            case "":
                self._go_on()
            case _:
                self._answer({"meter.port": name})

    def _prices(self) -> dict[str, str]:
        """What is to be typed of the prices of this contract."""
        contract = self.reading.contract if self.reading is not None else None
        registers = _REGISTERS.get(contract or Contract.BASE, ())
        if self.reading is not None and contract is Contract.OTHER:
            registers = tuple(self.reading.registers)
        asked = {"tariff.prices.subscription": _("Subscription, EUR/month")}
        for register in registers:
            text = _("{register}, EUR/kWh").format(register=register_name(register))
            asked[f"tariff.prices.{register}"] = text
        return asked

    def _take_typed(self) -> None:
        """Check what was typed; the first that cannot be is said and gets the cursor."""
        values: dict[str, Any] = {}
        for field in self.query(Input):
            key = field.name or ""
            try:
                values[key] = meant(fields()[key], field.value)
            except SettingsError as error:
                self._complain(str(error))
                field.focus()
                return
        self._answer(values)

    def _answer(self, values: Mapping[str, Any]) -> None:
        """Tell an answer, and ask the next question. What was never set and stays so needs no telling."""
        told = {key: value for key, value in values.items() if value is not None or key in self._answers}
        self._answers |= told
        if told:
            self._keep(told)
        self._go_on()

    def _keep(self, values: Mapping[str, Any]) -> None:
        """Write settings into the file, and put them into effect."""
        keeper = self._session.keeper
        try:
            keeper.begin()
            for key, value in values.items():
                keeper.save(key, value)
        except SettingsError as error:
            self.notify(str(error), severity="error", markup=False)
        else:
            self.post_message(SettingsChanged(keeper.loaded.settings))

    def _go_on(self) -> None:
        """To the next question, or to the end."""
        if self.step + 1 < len(self._steps):
            self.step += 1
        else:
            self.dismiss()
