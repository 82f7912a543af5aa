"""The price grids screen: each grid's date and content, and what was refused and why."""

import logging
import threading
from datetime import UTC, datetime
from typing import Final

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import var
from textual.widgets import DataTable, Static

from linkytui.civil.price_days import next_change
from linkytui.i18n import _, long_date, short_date
from linkytui.tariffs.bookfile import known_prices
from linkytui.tariffs.offers import Offer
from linkytui.tariffs.status import GridSource, GridStatus, StatusFile, sources_of
from linkytui.tariffs.update import update_grids
from linkytui.tui.glyphs import glyphs
from linkytui.tui.page import TablePage
from linkytui.tui.session import Session
from linkytui.wording.terms import duration, money, register_name, short_contract_name, unit_price

_WIDE: Final = 78  # cells from which on all columns fit

_LOG: Final = logging.getLogger(__name__)


class GridsScreen(TablePage, keys="grids"):
    """A row a grid; a key fetches all of them, in a thread."""

    progress: var[str] = var("")  # what is being fetched

    class Progressed(Message):
        """The next grid is being looked after; nothing more when the text is empty."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, session: Session) -> None:
        """Args: session: whose settings name the grids."""
        super().__init__()
        self._tariff = session.settings.tariff
        self._clock = session.now
        self._stop = threading.Event()
        self._known: list[tuple[GridSource, GridStatus]] = []
        self._book = session.book
        self._offers: tuple[Offer, ...] = ()  # what was read in grids

    def body(self) -> ComposeResult:
        yield from super().body()
        with VerticalScroll(id="read"):
            yield Static(id="read-text", markup=False)

    def on_unmount(self) -> None:
        self._stop.set()

    def on_resize(self) -> None:
        """Other columns may fit."""
        self.speak()

    def watch_progress(self) -> None:
        self._entitle()

    def speak(self) -> None:
        """Read what is known of each grid, and say it in the language spoken now."""
        statuses = StatusFile().read()
        self._known = [
            (source, statuses.get(source.place, GridStatus(place=source.place))) for source in sources_of(self._tariff)
        ]
        self._entitle()
        titles = (_("Grid"), _("Valid from"), _("Prices"), _("Checked"), _("State"))
        shown = range(5) if self.size.width >= _WIDE else (0, 4)
        rows = (self._cells(source, status) for source, status in self._known)
        cells = ([Text(row[place]) for place in shown] for row in rows)
        self.fill({str(place): titles[place] for place in shown}, cells)
        self.ask(lambda: known_prices(self._book).grids, self._take)
        if not self._known:
            self.note(_("Fetching is off and no file is given: see [tariff]."))

    def _take(self, offers: tuple[Offer, ...]) -> None:
        self._offers = offers
        self._describe()

    def _cells(self, source: GridSource, status: GridStatus) -> tuple[str, ...]:
        age = (
            "" if status.checked_at is None else _("{age} ago").format(age=duration(self._clock() - status.checked_at))
        )
        since = "" if status.valid_from is None else f"{short_date(status.valid_from)} {status.valid_from.year}"
        return source.title, since, str(status.offers or ""), age, self._state(status)

    def _state(self, status: GridStatus) -> str:
        """Good, or what became of it; where a good one of before stays in force, how old that is."""
        if status.checked_at is None:
            return ""
        if not status.error:
            return _("good")
        if status.fetched_at is not None:
            return _("kept, {age}").format(age=duration(self._clock() - status.fetched_at))
        return _("refused") if status.refused else _("not available")

    def _entitle(self) -> None:
        today = datetime.fromtimestamp(self._clock(), UTC).date()
        change = _("next change expected: {day}").format(day=long_date(next_change(today)))
        self.entitle(_("Price grids"), (self.progress or change, "$quiet"))

    @on(DataTable.RowHighlighted)
    def _describe(self) -> None:
        """Address, error and notes of the grid under the cursor."""
        place = self.table.cursor_row
        if not 0 <= place < len(self._known):
            return
        source, status = self._known[place]
        notes = "  ".join(status.notes)
        parts = (source.place, "$quiet"), (status.error, "$warning"), (notes, "$quiet")
        self.note(Content("\n").join(Content.styled(text, style) for text, style in parts if text))
        read = [offer for offer in self._offers if source.place in (offer.source.url, offer.source.file)]
        title = Content.styled(_("What was read in it") if read else "", "bold $accent")
        self.query_one("#read-text", Static).update(Content("\n").join([title, *map(_told, read)]))

    def action_fetch(self) -> None:
        """Look after every grid now."""
        if self.progress:
            return
        self.progress = _("fetching…")
        # A worker of Textual's would hold up the end of the program for as long as a site says nothing.
        threading.Thread(target=self._fetch, name="grids", daemon=True).start()

    def _fetch(self) -> None:
        def tell(done: int, total: int, source: GridSource) -> None:
            self.post_message(self.Progressed(f"{done + 1}/{total} {source.title}"))

        try:
            update_grids(sources_of(self._tariff), self._stop, force=True, progress=tell)
        except Exception:
            _LOG.exception("the price grids could not be looked after")
        finally:
            self.post_message(self.Progressed(""))

    @on(Progressed)
    def _told(self, message: Progressed) -> None:
        self.progress = message.text
        self.speak()

    def action_leave(self) -> None:
        """Back to the offers."""
        self.dismiss(None)


def _told(offer: Offer) -> Content:
    """An offer for one power, with its prices."""
    sign = glyphs().euro
    prices = "  ".join(
        f"{offer.names.get(name) or register_name(name)} {unit_price(price)}" for name, price in offer.prices.items()
    )
    power = f"{offer.power_kva} kVA".rjust(8)
    since = "" if offer.valid_from is None else f"{short_date(offer.valid_from)} {offer.valid_from.year}"
    return Content.assemble(
        f"{offer.offer:<28} {short_contract_name(offer.option):<8}{power}  ",
        (f"{money(offer.subscription)} {sign}/" + _("month") + "  ", "bold"),
        f"{prices} {sign}/kWh  ",
        (since, "$quiet"),
    )
