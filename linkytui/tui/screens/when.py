"""When to run something: three fields, and the answer below them as one types."""

from decimal import Decimal, InvalidOperation
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from linkytui.billing.prices_ahead import PricesAhead, prices_ahead
from linkytui.billing.when import cheapest
from linkytui.billing.when_texts import known_text, too_long_text, when_lines
from linkytui.civil.days import next_clock, second_of_day
from linkytui.i18n import _
from linkytui.reading import Reading
from linkytui.reading.ahead import Outlook
from linkytui.reading.outlook import Hours
from linkytui.tui.ask import ask
from linkytui.tui.session import Session

_KWH, _KW = "30", "7"  # a car that comes home


class When(ModalScreen[None]):
    """Asks for energy, power and when it must be done; says when to begin, what it costs and what that saves."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(self, session: Session, reading: Reading | None, ahead: Outlook | None, hours: Hours) -> None:
        """What the meter says now; `ahead` and `hours`: what is known of the periods that come."""
        super().__init__()
        self._session = session
        self._reading = reading
        self._ahead = ahead
        self._hours = hours
        self._prices: PricesAhead | None = None
        self._trouble = ""

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = _("When to run it")
            dialog.border_subtitle = _("Tab: next field, Esc: close")
            for field, value, label in (
                ("kwh", _KWH, _("Energy, kWh")),
                ("kw", _KW, _("Power, kW")),
                ("before", "", _("Done by (optional), HH:MM")),
            ):
                with Horizontal(classes="field"):
                    yield Label(label, markup=False)
                    yield Input(value, id=field, max_length=8, compact=True)
            yield Static(id="answer", markup=False)

    def on_mount(self) -> None:
        self._answer()
        ask(self, self._look, self._take, self._complain)

    def _look(self) -> PricesAhead:
        account, now, reading = self._session.account(), self._session.now(), self._reading
        contract, subscribed = (reading.contract, reading.subscribed) if reading else (None, None)
        plan = account.plan(now, contract=contract, subscribed_kva=subscribed)
        return prices_ahead(account, plan, self._ahead, self._hours, now)

    def _take(self, prices: PricesAhead) -> None:
        self._prices = prices
        self._trouble = "" if prices.pieces else prices.trouble
        self._answer()

    def _complain(self, trouble: str) -> None:
        self._trouble = trouble
        self._answer()

    @on(Input.Changed)
    @on(Input.Submitted)
    def _answer(self) -> None:
        self.query_one("#answer", Static).update(Content("\n".join(self._lines())))

    def _lines(self) -> list[str]:
        prices = self._prices
        if self._trouble:
            return [self._trouble]
        if prices is None:
            return [""]
        kwh, kw = (_amount(self.query_one(field, Input).value) for field in ("#kwh", "#kw"))
        text = self.query_one("#before", Input).value.strip()
        before = second_of_day(text)
        if kwh is None or kw is None:
            return [_("Type numbers such as 30 and 7.4.")]
        if text and before is None:
            return [_("Type a time such as 07:00.")]
        now, zone = self._session.now(), self._session.zone
        limit = prices.known_until
        if before is not None:
            limit = min(limit, next_clock(now, before, zone))
        choice = cheapest(prices.pieces, kwh, kw, limit)
        if choice is None:
            return [too_long_text(kwh, kw, limit, prices.known_until, now, zone)]
        return [*when_lines(choice, limit, now, zone), known_text(prices.known_until, prices.origin, now, zone)]


def _amount(text: str) -> Decimal | None:
    """What a person typed, with a point or a comma; None for what is no amount."""
    try:
        amount = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount <= 100_000 else None
