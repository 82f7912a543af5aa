"""The top row: meter, contract and the meter's time."""

from textual.content import Content
from textual.reactive import var

from linkytui.i18n import _, number
from linkytui.reading import Reading
from linkytui.tui.glyphs import glyphs
from linkytui.tui.widgets.lines import Lines, sides
from linkytui.wording.terms import contract_name


class TopBar(Lines):
    """Brand, contract, subscribed power and phases at the left; frozen or simulated, and the time, at the right."""

    reading: var[Reading | None] = var(None)
    clock: var[str] = var("")  # the time of day, as text; changes once a minute
    tag: var[str] = var("")  # "simulated", "recording", or nothing
    frozen: var[bool] = var(False)

    watch_reading = watch_clock = watch_tag = watch_frozen = Lines.update

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002
        dot = glyphs().dot
        right = Content.assemble(
            (" " + _("FROZEN") + " " if self.frozen else "", "bold $background on $warning"),
            " " if self.frozen and self.tag else "",
            (f" {self.tag} " if self.tag else "", "bold $primary"),
            f" {self.clock} " if self.clock else "",
        )
        brand, facts = Content.assemble((" linkytui ", "bold $background on $accent"), " "), self._facts()
        while len(facts) > 1 and brand.cell_length + len(dot.join(facts)) + right.cell_length >= width:
            facts.pop()  # the contract matters most
        if facts and brand.cell_length + len(facts[0]) + right.cell_length >= width:
            brand = Content(" ")
        return [sides(brand + dot.join(facts), right, width)]

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
