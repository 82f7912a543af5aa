"""The screen of many meters: a row each, those in trouble first."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from linkytui.civil.times import Timestamp
from linkytui.fleet.meters import Fleet, Known, Order, Site, Sums, Trouble, sums_of
from linkytui.fleet.watch import Said
from linkytui.i18n import _, ngettext, number
from linkytui.link import Link, LinkState
from linkytui.outputs.callbacks.upstream.topics import Source
from linkytui.reading.contracts import REGISTERS
from linkytui.tui.glyphs import glyphs
from linkytui.tui.page import Page
from linkytui.tui.tints import tint_of
from linkytui.tui.widgets.fleet_table import Column, FleetTable
from linkytui.tui.widgets.lines import Lines
from linkytui.tui.widgets.search_bar import SearchBar, found
from linkytui.wording.terms import duration, kwh, percent, register_name, state_name

_MANY: Final = 2_000  # meters from which on the rows are sorted every other second only
_POWER_EVERY: Final = 5  # seconds of a column of the strip
_POWERS_KEPT: Final = 400
_REGISTERS: Final = frozenset(name for names in REGISTERS.values() for name in names)
_NEARLY: Final = 0.9  # share of the subscribed power from which on it is told

Row = tuple[Trouble, Known]


class Watch(Protocol):
    """Hears the fleet, as `FleetWatch` does."""

    @property
    def trouble(self) -> str | None:
        """Why nothing comes."""

    def take(self) -> Mapping[Source, Said]:
        """What came since the last time."""


class FleetStrip(Lines):
    """The power of the whole fleet over the last minutes."""

    def __init__(self) -> None:
        super().__init__(id="fleet-power")
        self._powers: deque[int] = deque(maxlen=_POWERS_KEPT)

    def add(self, power: int) -> None:
        """The next column, in VA."""
        self._powers.append(power)
        self.update()

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002 -- one row
        powers = list(self._powers)[-max(width - 2, 0) :]
        top = max(powers, default=0)
        levels = glyphs().levels
        steps = len(levels) - 1
        bars = "".join(levels[min(max(round(power / top * steps), 1), steps)] if top else levels[0] for power in powers)
        return [Content.styled(f" {bars}", "$tint-base")]


class FleetScreen(Page, keys="fleet"):
    """Looks at every meter once a second; Enter opens one."""

    def __init__(
        self, fleet: Fleet, watch: Watch, where: str, *, now: Callable[[], Timestamp], choose: Callable[[Source], None]
    ) -> None:
        """`where`: what the broker is called; `choose`: makes the dashboard that of a meter."""
        super().__init__()
        self._fleet = fleet
        self._watch = watch
        self._where = where
        self._now = now
        self._choose = choose
        self._order = Order.NAME
        self._by_site = False
        self._site: str | None = None
        self._wanted = ""
        self._ticks = 0

    def body(self) -> ComposeResult:
        yield FleetStrip()
        yield FleetTable()
        yield SearchBar()

    def on_mount(self) -> None:
        self.set_interval(1.0, self.tick)
        self._table.focus()
        self.tick()

    def on_resize(self) -> None:
        self.call_after_refresh(self._show)

    def speak(self) -> None:
        self._show()

    @property
    def _table(self) -> FleetTable:
        return self.query_one(FleetTable)

    def tick(self) -> None:
        """Take in what came, and show it where this screen is seen."""
        now = self._now()
        for source, said in self._watch.take().items():
            if said.live is None:
                self._fleet.forget(source)
            else:
                self._fleet.hear(source, said.live, now, kept=said.kept)
        if not self._ticks % _POWER_EVERY and self._fleet.meters:
            self.query_one(FleetStrip).add(sums_of(self._fleet.meters.values(), now).power)
        few = len(self._fleet.meters) < _MANY
        if self.is_current and (few or not self._ticks % 2):
            self._show()
        self._ticks += 1

    def _among(self) -> list[Known]:
        """The meters of the chosen site, with what is looked for."""
        return [
            known
            for known in self._fleet.meters.values()
            if (self._site is None or known.source.site == self._site)
            and (not self._wanted or found(self._wanted, *known.source))
        ]

    def _show(self) -> None:
        if not self.is_mounted:
            return
        now, among = self._now(), self._among()
        sums = sums_of(among, now)
        empty = self._watch.trouble or (_("No match.") if self._fleet.meters else _("No meter has said anything yet."))
        if self._by_site and self._site is None:
            sites = self._fleet.sites(now, self._order, among=among)
            self._table.fill(_site_columns(), sites, lambda site: site.name, empty=empty)
        else:
            rows = self._fleet.rows(now, self._order, among=among)
            self._table.fill(_meter_columns(now), rows, lambda row: row[1].source, empty=empty)
        self._say(sums)

    def _say(self, sums: Sums) -> None:
        place = self._where if self._site is None else f"{self._where}{glyphs().dot}{self._site}"
        meters = ngettext("{count} meter", "{count} meters", sums.meters).format(count=number(sums.meters))
        troubled = _("{count} in trouble").format(count=number(sums.troubled))
        more = [(troubled, "$error")] if sums.troubled else []
        self.entitle(_("Fleet"), *more, (meters, "$quiet"), (place, "$quiet"))
        facts = [_("{power} kVA").format(power=number(sums.power / 1000, 1))]
        if sums.injected_power:
            facts.append(_("{power} kVA injected").format(power=number(sums.injected_power / 1000, 1)))
        facts.append(_("today {energy} kWh").format(energy=kwh(sums.today_wh, 1)))
        if sums.today_eur is not None:
            facts.append(f"{number(sums.today_eur, 2)} {glyphs().euro}")
        facts.append(_("sorted by {order}").format(order=_order_name(self._order)))
        trouble = self._watch.trouble if self._fleet.meters else None
        self.note(trouble or f" {glyphs().dot.join(facts)}")

    @on(FleetTable.Chosen)
    def action_open(self) -> None:
        """Open the meter under the cursor, or the site's."""
        match self._table.row:
            case Site(name=name):
                self._site = name
                self._show()
            case (_trouble, Known(source=source)):
                self._choose(source)
                self.app.pop_screen()
                self.notify(_("Esc leads back to the fleet."))

    def action_leave(self) -> None:
        """Back from a site to all of them, or from what was looked for."""
        if self._wanted:
            self.query_one(SearchBar).value = ""
            self.query_one(SearchBar).display = False
        self._site, self._wanted = None, ""
        self._table.focus()
        self._show()

    def action_sort(self) -> None:
        """Sort by another column."""
        orders = list(Order)
        self._order = orders[(orders.index(self._order) + 1) % len(orders)]
        self._show()

    def action_group(self) -> None:
        """A row a site, or a row a meter."""
        self._by_site, self._site = not self._by_site, None
        self._show()

    def action_search(self) -> None:
        """Look for a meter or a site."""
        self.query_one(SearchBar).open()

    @on(SearchBar.Searched)
    def _searched(self, event: SearchBar.Searched) -> None:
        self._wanted = event.text
        self._show()

    def action_move(self, rows: int) -> None:
        """Move the cursor."""
        self._table.move(rows)

    def action_page(self, pages: int) -> None:
        """Move it by what is seen."""
        self._table.move(pages * max(self._table.size.height - 2, 1))

    def action_end(self, side: int) -> None:
        """Move it to the first or the last row."""
        self._table.move(side * len(self._fleet.meters))


def _order_name(order: Order) -> str:
    return {
        Order.NAME: _("name"),
        Order.POWER: _("power"),
        Order.SHARE: _("share of the subscription"),
        Order.ENERGY: _("today's energy"),
    }[order]


def _meter_columns(now: Timestamp) -> Sequence[Column[Row]]:
    return (
        Column("", 1, _mark),
        Column(_("meter"), 12, lambda row: (row[1].source.meter, ""), stretches=True),
        Column(_("site"), 10, lambda row: (row[1].source.site, "$quiet"), stretches=True, since=58),
        Column("VA", 7, _power, right=True),
        Column("%", 6, _share, right=True),
        Column(_("state"), 14, lambda row: _state(row, now)),
        Column("kWh", 8, lambda row: (_energy(row[1].live.today_wh), ""), right=True, since=67),
        Column(glyphs().euro, 7, lambda row: (_euros(row[1].live.today_eur), ""), right=True, since=75),
        Column(_("period"), 16, _period, since=96),
    )


def _site_columns() -> Sequence[Column[Site]]:
    return (
        Column("", 1, lambda site: _mark_of(site.trouble)),
        Column(_("site"), 14, lambda site: (site.name, ""), stretches=True),
        Column(_("meters"), 9, lambda site: (number(site.sums.meters), "$quiet"), right=True, since=52),
        Column("VA", 9, lambda site: (number(site.sums.power), "bold"), right=True),
        Column(_("in trouble"), 12, lambda site: (_number(site.sums.troubled or None), "$error"), right=True),
        Column("kWh", 10, lambda site: (_energy(site.sums.today_wh), ""), right=True, since=64),
        Column(glyphs().euro, 9, lambda site: (_euros(site.sums.today_eur), ""), right=True, since=75),
    )


def _mark(row: Row) -> tuple[str, str]:
    return _mark_of(row[0])


def _mark_of(trouble: Trouble) -> tuple[str, str]:
    match trouble:
        case Trouble.GONE | Trouble.LINE:
            return glyphs().down, "$error"
        case Trouble.OVER:
            return glyphs().alarm, "$tint-over"
    return glyphs().live, "$success"


def _state(row: Row, now: Timestamp) -> tuple[str, str]:
    """What is wrong, else how old the row is."""
    trouble, known = row
    age = max(0.0, now - known.heard_at)
    match trouble:
        case Trouble.GONE:
            return _("gone {age}").format(age=duration(age)), "$error"
        case Trouble.LINE:
            return _line(known.live.link), "$error"
        case Trouble.OVER:
            return _("too much"), "$tint-over"
    return f"{round(age)} s", "$quiet"


def _line(state: str) -> str:
    """The state of a line in words; of one that only a newer linkytui knows, its own word."""
    try:
        return state_name(Link(state=LinkState(state)))
    except ValueError:
        return state


def _power(row: Row) -> tuple[str, str]:
    """What is drawn; of a meter that is gone, nobody knows."""
    return ("", "") if row[0] is Trouble.GONE else (_number(row[1].live.power), "bold")


def _share(row: Row) -> tuple[str, str]:
    share = row[1].share
    if share is None or row[0] is Trouble.GONE:
        return "", ""
    return percent(share), "$tint-over" if share > 1.0 else "$warning" if share > _NEARLY else ""


def _period(row: Row) -> tuple[str, str]:
    period = row[1].live.period
    known = period is not None and period in _REGISTERS
    return (register_name(period), f"$tint-{tint_of(period)}") if period and known else (period or "", "")


def _number(value: int | None) -> str:
    return "" if value is None else number(value)


def _energy(wh: int | None) -> str:
    return "" if wh is None else kwh(wh, 1)


def _euros(value: float | None) -> str:
    return "" if value is None else number(value, 2)
