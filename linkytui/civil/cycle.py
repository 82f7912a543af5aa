"""The billing cycle: from which day to which one a supplier counts, where that is not the calendar's month."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from linkytui.civil.days import month_start, next_month

YEAR_MONTHS: Final = 12


class Cycle(NamedTuple):
    """Periods of some months, each from one day of the month on; in shorter months from their last day."""

    day: int = 1  # 1 to 31
    months: int = 1
    first_month: int = 1
    """A month, 1 to 12, in which a period begins; so does the year of `year`."""

    @property
    def is_calendar(self) -> bool:
        """Whether its periods are the months of the calendar."""
        return self.day == 1 and self.months == 1

    def around(self, day: date) -> tuple[date, date]:
        """The period that a day lies in: its first day, and the day after its last one."""
        return self._around(day, self.months)

    def year(self, day: date) -> tuple[date, date]:
        """The twelve months that a day lies in, from `first_month` on."""
        return self._around(day, YEAR_MONTHS)

    def beginning_in(self, month: date) -> tuple[date, date]:
        """The period that begins in the month of a day, or holds that beginning where periods are longer."""
        return self.around(self._start(month.year * 12 + month.month - 1))

    def periods(self, first: date, end: date) -> Iterator[tuple[date, date]]:
        """The periods from the one that a day lies in to the one that holds or ends with the day before `end`."""
        while first < end:
            period = self.around(first)
            yield period
            first = period[1]

    def nth(self, first: date, months: int) -> date:
        """The day so many months after the first one of a period."""
        number = first.year * 12 + first.month - 1
        return self._start(number + months)

    def _around(self, day: date, months: int) -> tuple[date, date]:
        number = day.year * 12 + day.month - 1
        if self._start(number) > day:
            number -= 1
        number -= (number - self.first_month + 1) % months
        return self._start(number), self._start(number + months)

    def _start(self, number: int) -> date:
        """The day on which a month's period would begin; months are counted from year 0."""
        first = date(number // 12, number % 12 + 1, 1)
        return min(first + timedelta(days=self.day - 1), next_month(month_start(first)) - timedelta(days=1))


CALENDAR: Final = Cycle()
"""The months of the calendar."""
