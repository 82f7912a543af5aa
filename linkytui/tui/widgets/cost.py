"""The cost panel: the month so far, its estimate, and the current hour."""

from collections.abc import Iterable
from datetime import datetime
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.reactive import var

from linkytui.civil.days import ONE_DAY
from linkytui.i18n import _, long_date, short_date
from linkytui.reading import Reading
from linkytui.reading.active_power import ActivePower
from linkytui.tic import PARIS
from linkytui.tui.glyphs import euros, glyphs
from linkytui.tui.widgets.lines import Lines, sides
from linkytui.wording.terms import kwh

if TYPE_CHECKING:
    from linkytui.billing.costs import Costs
    from linkytui.billing.rate import Rate

_CORNERS: Final = 2  # cells by which the room in the frame is narrower than the lines inside it


class CostPanel(Lines):
    """The month's bill so far and its estimate. Without a price it says so, and shows no figure."""

    def __init__(self, *, billed: bool = True, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        """Args: billed: whether costs are worked out here, so that they will come."""
        super().__init__(id=id)
        self._billed = billed

    costs: var["Costs | None"] = var(None)
    reading: var[Reading | None] = var(None)
    active: var[ActivePower | None] = var(None)

    def speak(self) -> None:
        self.border_title = _title(self.costs)
        self.border_subtitle = _source(self.costs, self.size.width - _CORNERS) if self.costs else None
        super().speak()

    def on_resize(self) -> None:
        """Another width: what stands in the frame may have room now, or none."""
        super().on_resize()
        self.speak()

    watch_reading = Lines.update

    def watch_costs(self) -> None:
        self.speak()

    def lines(self, width: int, height: int) -> list[Content]:
        costs = self.costs
        if costs is None:
            return [Content.styled("" if self._billed else _("No cost here: no history is kept."), "$quiet")]
        rate = _rate(costs, self.reading, self.active)
        if height < 2:
            return [_in_one_line(costs, rate, width)]
        if costs.month.bill.offer is None and not costs.month.bill.lines:
            return _why_none(costs, width, height)
        rows = _rows(costs, rate, width)
        # The remark stands where there is room for it.
        if costs.remarks and len(rows) < height:
            lines = _whole(costs.remarks[:1], width, height - len(rows))
            rows += [Content.styled(line, "$warning") for line in lines]
        return rows


def _rate(costs: "Costs", reading: Reading | None, active: ActivePower | None) -> "Rate | None":
    """What this hour costs; nothing while energy flows to the grid."""
    if reading is None or reading.injected_power:
        return None
    from linkytui.billing.rate import rate_now  # after the first paint

    watts = active.watts if active is not None else None
    paid = costs.paid(reading.period, reading.at)
    return rate_now(costs.prices, paid, costs.day, watts=watts, volt_amperes=reading.power)


def _rows(costs: "Costs", rate: "Rate | None", width: int) -> list[Content]:
    bill = costs.month.bill
    since = ""
    if bill.unpriced:
        since = " " + _("without {kwh} kWh").format(kwh=kwh(sum(each.wh for each in bill.unpriced), 1))
    elif not bill.complete and bill.start is not None:
        since = " " + _("since {day}").format(day=short_date(datetime.fromtimestamp(bill.start, PARIS).date()))
    rows = [
        _row(_("Energy"), euros(bill.energy_total), width),
        _row(_("Subscription"), euros(bill.subscription), width),
        _row(_("So far") + since, euros(bill.total), width, "bold"),
    ]
    estimate = costs.month.estimate
    if estimate is not None:
        text = f"{glyphs().about} {euros(estimate.total)}"
        span = ""
        if estimate.low is not None and estimate.high is not None:
            span = f" ({estimate.low:.0f}-{estimate.high:.0f})"
        last = _("Month's end") if costs.month.is_month else short_date(costs.month.end - ONE_DAY)
        rows.append(_row(last + span, text, width))
    today = euros(costs.today.total)
    if rate is not None:
        now = _("{amount}/h now").format(amount=euros(rate.eur_per_hour))
        rows.append(_row(now, _("today {amount}").format(amount=today), width))
    else:
        rows.append(_row(_("Today"), today, width))
    return rows


def _title(costs: "Costs | None") -> str:
    if costs is None or costs.month.is_month:
        return _("Cost of the month")
    return _("Cost since {day}").format(day=short_date(costs.month.month))


def _why_none(costs: "Costs", width: int, height: int) -> list[Content]:
    """Why there is no figure, and what to do about it."""
    bill = costs.month.bill
    # That energy is not counted is plain here; the reason comes after it.
    reasons = costs.remarks[1:] if bill.unpriced else costs.remarks
    if bill.start is None or not reasons:
        reasons = (_("Nothing recorded yet."),)
    return [Content.styled(line, "$quiet") for line in _whole(reasons, width, height)]


def _whole(remarks: Iterable[str], width: int, height: int) -> list[str]:
    """The lines of as many remarks as fit; half of one would say less than where to read it."""
    lines: list[str] = []
    for remark in remarks:
        more = wrap(remark, width)
        if len(lines) + len(more) > height:
            break
        lines += more
    return lines or wrap(_("More: o, then Enter"), width)


def _row(name: str, amount: str, width: int, style: str = "") -> Content:
    return sides(Content.styled(name, style or "$quiet"), Content.styled(amount, style), width)


def _in_one_line(costs: "Costs", rate: "Rate | None", width: int) -> Content:
    """The month and this hour, for a phone."""
    bill, estimate = costs.month.bill, costs.month.estimate
    if bill.offer is None:
        nothing = bill.start is None
        text = _("Nothing recorded yet.") if nothing else _("No price is known for this contract.")
        return Content.styled(text, "$quiet")
    left = Content.assemble((_("Month") + " ", "$quiet"), (euros(bill.total), "bold"))
    if estimate is not None:
        left += Content.styled(f" {glyphs().about} {euros(estimate.total)}", "$quiet")
    right = Content("")
    if rate is not None:
        right = Content.styled(_("{amount}/h now").format(amount=euros(rate.eur_per_hour)), "bold")
    return sides(left, right, width)


def _source(costs: "Costs", room: int) -> str:
    """Whose prices these are, and since when they hold if there is room to say so."""
    plan, offer = costs.month.plan, costs.month.bill.offer
    name = _("tariff assumed") if plan.assumed else plan.title
    if offer is None or offer.valid_from is None:
        return name
    day = offer.valid_from
    for since in (long_date(day), f"{short_date(day)} {day.year}"):
        if len(text := f"{name}, {since}") <= room:
            return text
    return name
