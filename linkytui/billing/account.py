"""The customer's account: settings, price book and history together, for the commands and the screens.

Everything here reads the disk: call it on a thread that may wait.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from linkytui.billing.bill import Bill
from linkytui.billing.compare import Comparison, compare, wanted_for_comparison
from linkytui.billing.course import runs_of
from linkytui.billing.invoice import Invoice, Paid, due_lines, make_invoice
from linkytui.billing.kept_terms import course_of_settings, read_terms
from linkytui.billing.lines import SubscriptionLine
from linkytui.billing.month import MonthCost, bill_of, month_cost
from linkytui.billing.over_time import SpanCost, span_costs
from linkytui.billing.paid import PaidRegister, paid_register
from linkytui.billing.plan import Plan, find_plan
from linkytui.billing.prepayment import Prepayment, prepayment_of, wanted_for_prepayment
from linkytui.billing.projection import wanted
from linkytui.billing.rate import cost_of
from linkytui.billing.record import Record
from linkytui.billing.recorded import Connection, connection_of, read_indexes, read_record
from linkytui.billing.taxes import law
from linkytui.civil.cycle import Cycle
from linkytui.civil.days import ONE_DAY, each_day, local, midnight, month_start
from linkytui.civil.off_peak import OffPeak
from linkytui.civil.times import Timestamp
from linkytui.history.configured import open_reader
from linkytui.history.reader import HistoryReader
from linkytui.history.results import Span
from linkytui.reading.contracts import Contract
from linkytui.reading.lap import LapFigures
from linkytui.settings.model import Settings
from linkytui.tariffs.book import PriceBook
from linkytui.tariffs.bookfile import known_prices


@dataclass(frozen=True, slots=True)
class Account:
    """What a household draws and pays. All methods raise `HistoryError` when the history cannot be read."""

    settings: Settings
    reader: HistoryReader
    book: PriceBook

    @classmethod
    def open(cls, settings: Settings, book: Path | None = None) -> "Account":
        """The account that the settings tell, with the price book of a file, or the usual one."""
        return cls(settings, open_reader(settings.history), known_prices(book))

    @property
    def zone(self) -> ZoneInfo:
        """Whose days and months are meant."""
        return ZoneInfo(self.settings.history.timezone)

    def plan(self, now: Timestamp, *, contract: Contract | None = None, subscribed_kva: float | None = None) -> Plan:
        """The offer that is paid, by what the meter says now of contract and power; else as it said last.

        The power that the person set stands in for a meter that does not say it.
        """
        runs = runs_of(self.reader.contracts())
        known = Connection(contract, subscribed_kva or (runs[-1].subscribed_kva if runs else None))
        if known.contract is None or known.subscribed_kva is None:
            recorded = connection_of(self.reader)
            known = Connection(
                known.contract or recorded.contract,
                known.subscribed_kva or self.settings.meter.power_kva or recorded.subscribed_kva,
            )
        today = local(now, self.zone).date()
        return find_plan(
            self.settings.tariff,
            self.book,
            known.contract or Contract.BASE,
            known.subscribed_kva,
            today,
            runs,
            self.reader.period_texts(),
            course_of_settings(read_terms(self.reader.folder), self.settings),
        )

    def called(self, plan: Plan, now: Timestamp) -> Mapping[str, str]:
        """What the registers of the supplier's own calendar are called, for people."""
        return plan.called(self.book, local(now, self.zone).date())

    def paid(self, plan: Plan, now: Timestamp) -> PaidRegister:
        """Which register's price is paid around now."""
        today = local(now, self.zone).date()
        colours = self.reader.colours(today - 2 * ONE_DAY, today + 2 * ONE_DAY)
        return paid_register(plan, self.zone, OffPeak.of(self.settings.tariff.off_peak), colours)

    @property
    def cycle(self) -> Cycle:
        """From which day to which one the supplier counts."""
        return self.settings.billing.cycle

    def month(self, plan: Plan, month: date, *, now: Timestamp) -> MonthCost:
        """What the month that a day lies in costs; the billing period, where that is another."""
        first, end = self.cycle.around(month)
        record = self._record(wanted(now, first, self.zone, end))
        sold_at = self.settings.tariff.injection_price
        return month_cost(record, plan, self.book, first, end=end, now=now, sold_at=sold_at)

    def prepayment(self, plan: Plan, *, now: Timestamp) -> Prepayment | None:
        """Whether what is paid each month is enough; None where nothing is, or too little is recorded to tell."""
        month = self.settings.billing.prepayment
        if not month:
            return None
        record = self._record(wanted_for_prepayment(now, self.cycle, self.zone))
        return prepayment_of(record, plan, self.book, self.cycle, month, now=now)

    def invoice(self, plan: Plan, first: date, end: date, *, now: Timestamp, paid: Paid = "arrears") -> Invoice:
        """The invoice of the days before `end`, from the first one on."""
        low, high = midnight(first, self.zone), midnight(end, self.zone)
        record = self._record(((low, high),))
        bill = bill_of(record, plan, self.book, first, end, now=now, apart=law)
        indexes = read_indexes(self.reader, low, min(high, now))
        return make_invoice(bill, plan, plan.prices(self.book), indexes, paid=paid)

    def due(self, plan: Plan, first: date, end: date) -> tuple[SubscriptionLine, ...]:
        """The subscription of the days before `end`, from the first one on, whether they are recorded or not."""
        return due_lines(plan, plan.prices(self.book), plan.on(first).contract, first, end)

    def days(self, plan: Plan, first: date, end: date, *, now: Timestamp) -> Bill:
        """What the days before `end` cost, from the first one on: today, yesterday."""
        return self._bills(plan, ((first, end),), now=now)[0]

    def each_day(self, plan: Plan, first: date, end: date, *, now: Timestamp) -> list[Bill]:
        """What each of some days costs, up to the one before `end`; the history is read once for all."""
        return self._bills(plan, [(day, day + ONE_DAY) for day in each_day(first, end)], now=now)

    def spans(self, plan: Plan, spans: Sequence[Span], *, now: Timestamp) -> list[SpanCost | None]:
        """What each of some spans of the history cost, which follow each other; the history is read once for all."""
        if not spans:
            return []
        record = self._record(((spans[0].start.timestamp(), spans[-1].end.timestamp()),))
        return list(span_costs(record, spans, plan, self.book, now=now))

    def lap_cost(self, plan: Plan, lap: LapFigures) -> Decimal | None:
        """What a lap's energy cost in EUR, at the prices of the day on which it began; None where one is not known."""
        return cost_of(lap.wh, plan.prices(self.book), local(lap.start, self.zone).date())

    def comparison(self, plan: Plan, *, now: Timestamp) -> Comparison:
        """What every known offer would ask."""
        return compare(self._record(wanted_for_comparison(now, self.zone)), plan, self.book, now=now)

    def month_comparison(self, plan: Plan, *, now: Timestamp) -> Comparison:
        """The same for this month alone, from fewer records and so at less cost: its years are parts of a year."""
        first = month_start(local(now, self.zone).date())
        return compare(self._record(wanted(now, first, self.zone)), plan, self.book, now=now)

    def _bills(self, plan: Plan, spans: Sequence[tuple[date, date]], *, now: Timestamp) -> list[Bill]:
        """Bills of spans that follow each other."""
        record = self._record(((midnight(spans[0][0], self.zone), midnight(spans[-1][1], self.zone)),))
        sold_at = self.settings.tariff.injection_price
        return [bill_of(record, plan, self.book, *span, now=now, sold_at=sold_at) for span in spans]

    def _record(self, times: tuple[tuple[float, float], ...]) -> Record:
        return read_record(self.reader, times, self.zone, off_peak=OffPeak.of(self.settings.tariff.off_peak))
