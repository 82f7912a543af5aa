"""Asks for a lap's name."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from linkytui.i18n import _, number
from linkytui.reading.lap import LapFigures
from linkytui.tui.glyphs import euros
from linkytui.tui.widgets.lap_bar import clock_text
from linkytui.wording.terms import kwh, register_name


class NameLap(ModalScreen[str | None]):
    """Shows a lap's figures; answers its name, or None when it is not to be kept."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", show=False)]

    def __init__(
        self,
        lap: LapFigures,
        suggestion: str,
        cost: Decimal | None = None,
        called: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`cost`: EUR; None where it is not known. `called`: what the registers of a supplier's own calendar are
        called.
        """
        super().__init__()
        self._cost, self._called = cost, called
        self._lap = lap
        self._suggestion = suggestion

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog") as dialog:
            dialog.border_title = _("Lap")
            dialog.border_subtitle = _("Enter saves it, Esc discards it")
            yield Static(self._figures(), markup=False)
            yield Input(value=self._suggestion, placeholder=_("Name, such as: oven"), max_length=60)

    def _figures(self) -> Content:
        lap = self._lap
        energy_in_all = ("" if lap.exact else "~") + f"{kwh(lap.total_wh)} kWh"
        cost = "" if self._cost is None else f"  {euros(self._cost)}"
        rows = [Content.assemble((energy_in_all + cost, "bold"), f"  {clock_text(lap.end - lap.start)}\n")]
        if len(lap.wh) > 1:
            rows += [
                Content(f"  {register_name(name, self._called)} {kwh(energy)} kWh\n") for name, energy in lap.wh.items()
            ]
        if lap.mean is not None and lap.peak is not None:
            power = _("mean {mean} VA, peak {peak} VA").format(mean=number(lap.mean), peak=number(lap.peak))
            rows.append(Content.styled(power, "$quiet"))
        return Content.assemble(*rows)

    @on(Input.Submitted)
    def _keep(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip() or self._suggestion)
