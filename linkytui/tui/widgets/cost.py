"""The cost panel: the month so far, its budget and its estimate, yesterday, today, and this hour."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
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
        rows = _rows(costs, rate, width, height)
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


def _rows(costs: "Costs", rate: "Rate | None", width: int, height: int) -> list[Content]:
    """All that is known; what the sum is made of gives way where there is no room for it."""
    bill, rows = costs.month.bill, [_so_far(costs, width)]
    if costs.budget:
        rows.append(_budget(costs, costs.budget, width))
    if costs.month.estimate is not None:
        rows.append(_estimate(costs, width))
    rows += [_days(costs, width), _hour(costs, rate, width)]
    energy = Content.styled(_("Energy"), "$quiet") + f" {euros(bill.energy_total)}"
    subscription = Content.styled(_("Subscription"), "$quiet") + f" {euros(bill.subscription)}"
    if height >= len(rows) + 2:
        parts = [_row(_("Energy"), euros(bill.energy_total), width)]
        parts.append(_row(_("Subscription"), euros(bill.subscription), width))
    elif height <= len(rows):
        parts = []
    elif energy.cell_length + subscription.cell_length < width:
        parts = [sides(energy, subscription, width)]
    else:
        parts = [_row(_("Subscription"), euros(bill.subscription), width)]
    return [*parts, *rows]


def _so_far(costs: "Costs", width: int) -> Content:
    bill, since = costs.month.bill, ""
    if bill.unpriced:
        since = " " + _("without {kwh} kWh").format(kwh=kwh(sum(each.wh for each in bill.unpriced), 1))
    elif not bill.complete and bill.start is not None:
        since = " " + _("since {day}").format(day=short_date(datetime.fromtimestamp(bill.start, PARIS).date()))
    return _row(_("So far") + since, euros(bill.total), width, "bold")


def _budget(costs: "Costs", budget: Decimal, width: int) -> Content:
    """How much of the budget is spent, as a bar; amber where the month is estimated above it, red once it is."""
    share, estimate = float(costs.month.bill.total / budget), costs.month.estimate
    style = "$warning" if estimate is not None and estimate.total > budget else "$success"
    style = "$tint-over" if share > 1 else style
    name, told = _("Budget {amount}").format(amount=euros(budget)) + " ", f" {share * 100:.0f} %"
    room = max(width - len(name) - len(told), 0)
    filled = min(round(share * room), room)
    signs = glyphs()
    return Content.assemble(
        (name, "$quiet"),
        (signs.full * filled, f"bold {style}"),
        (signs.rest * (room - filled), "$frame"),
        (told, style),
    )


def _estimate(costs: "Costs", width: int) -> Content:
    estimate = costs.month.estimate
    assert estimate is not None  # noqa: S101 -- the caller has looked
    span = ""
    if estimate.low is not None and estimate.high is not None:
        span = f" ({estimate.low:.0f}-{estimate.high:.0f})"
    last = _("Month's end") if costs.month.is_month else short_date(costs.month.end - ONE_DAY)
    return _row(last + span, f"{glyphs().about} {euros(estimate.total)}", width)


def _days(costs: "Costs", width: int) -> Content:
    """Yesterday and today. Yesterday is told whole or not at all: with a part missing it would look cheap."""
    yesterday = costs.yesterday
    today = euros(costs.today.total)
    if not yesterday.lines or not yesterday.complete:
        return _row(_("Today"), today, width)
    name = _("Yesterday")
    return _row(f"{name} {euros(yesterday.total)}", _("today {amount}").format(amount=today), width)


def _hour(costs: "Costs", rate: "Rate | None", width: int) -> Content:
    """What an hour costs at the power of now, and what this one has cost so far."""
    now = "" if rate is None else _("{amount}/h now").format(amount=euros(rate.eur_per_hour))
    if costs.hour is None:
        return _row(now, "", width)
    return _row(now, _("this hour {amount}").format(amount=euros(costs.hour)), width)


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
