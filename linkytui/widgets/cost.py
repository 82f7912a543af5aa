"""What the month costs."""

from textual.content import Content

from linkytui.i18n import _
from linkytui.widgets.lines import Lines


class CostPanel(Lines):
    """The month's bill so far. Without a price grid it says so, and shows no figure."""

    def speak(self) -> None:
        self.border_title = _("Cost of the month")
        super().speak()

    def lines(self, width: int, height: int) -> list[Content]:  # noqa: ARG002
        return [Content.styled(_("No price is known for this contract."), "$quiet")]
