"""The top row: meter, contract, the next change of the period, and the meter's time."""

from collections.abc import Iterator
from datetime import date
from itertools import product

from textual.content import Content
from textual.reactive import var

from linkytui.i18n import _, number, short_date
from linkytui.reading import Reading
from linkytui.reading.ahead import Outlook
from linkytui.tui.glyphs import glyphs
from linkytui.tui.tints import badge
from linkytui.tui.widgets.lines import Lines, sides
from linkytui.wording.terms import contract_name, short_contract_name
from linkytui.wording.until import short_until, then_text, until_text


class TopBar(Lines):
    """Brand, contract, power, phases, next change at the left; frozen or simulated, and the time, at the right."""

    reading: var[Reading | None] = var(None)
    ahead: var[Outlook | None] = var(None)
    clock: var[str] = var("")  # the time of day, as text; changes once a minute
    day: var[date | None] = var(None)  # the date, where it is not that of now
    tag: var[str] = var("")  # "simulated", "recording", or nothing
    frozen: var[bool] = var(False)

    watch_reading = watch_ahead = watch_clock = watch_day = watch_tag = watch_frozen = Lines.update

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002
        dot = glyphs().dot
        brand = Content.assemble((" linkytui ", badge("accent")), " ")
        days = dict.fromkeys((*_dates(self.day), ""))
        for right, head, (facts, until) in product(map(self._right, days), (brand, Content(" ")), self._choices()):
            left = head + dot.join(facts)
            if until:
                left += Content.assemble(dot if facts else "", (until, "bold"))
            if left.cell_length + right.cell_length < width:
                return [sides(left, right, width)]
        return [sides(Content(" ") + Content.styled(short_until(self.ahead), "bold"), self._right(""), width)]

    def _right(self, day: str) -> Content:
        """Frozen or simulated, the date where there is room for it, and the time."""
        return Content.assemble(
            (" " + _("FROZEN") + " " if self.frozen else "", badge("warning")),
            " " if self.frozen and self.tag else "",
            (f" {self.tag} " if self.tag else "", "bold $primary"),
            f"{day} " if day else "",
            f" {self.clock} " if self.clock else "",
        )

    def _choices(self) -> Iterator[tuple[list[str], str]]:
        """What may stand at the left, the fullest first: facts, and until when the period lasts.

        When something changes matters more than the power and the phases, and in few words more than all else.
        """
        facts, ahead = self._facts(), self.ahead
        sentence, short = until_text(ahead), short_until(ahead)
        for until in dict.fromkeys((sentence, ", ".join(filter(None, (short, then_text(ahead)))), short)):
            for count in range(len(facts), 0, -1):
                yield facts[:count], until
        if self.reading is not None and self.reading.contract is not None:
            yield [short_contract_name(self.reading.contract)], short
        elif not facts:
            yield [], short

    def _facts(self) -> list[str]:
        reading = self.reading
        if reading is None:
            return []
        facts = [contract_name(reading.contract)]
        if reading.subscribed is not None:
            decimals = 0 if reading.subscribed == int(reading.subscribed) else 1
            facts.append(f"{number(reading.subscribed, decimals)} kVA")
        if reading.phases is not None:
            facts.append(_("single-phase") if reading.phases == 1 else _("three-phase"))
        return [fact for fact in facts if fact]


def _dates(day: date | None) -> list[str]:
    """A date with and without its year."""
    return [] if day is None else [f"{short_date(day)} {day.year}", short_date(day)]
