"""An invoice as a person typed it in: a TOML file with its days, registers, lines and total."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal

import msgspec
from msgspec import Struct, field

from linkytui.billing.invoice import CTA, EXCISE, SUBSCRIPTION
from linkytui.errors import InvoiceError
from linkytui.i18n import _
from linkytui.reading.contracts import REGISTERS
from linkytui.wording.plain import plain

VAT: Final = "vat"

_LARGEST: Final = 1 << 20  # bytes

_WORDS: Final = {
    **{plain(name): name for names in REGISTERS.values() for name in names},
    "subscription": SUBSCRIPTION,
    "abonnement": SUBSCRIPTION,
    "excise": EXCISE,
    "accise": EXCISE,
    "cspe": EXCISE,
    "ticfe": EXCISE,
    "cta": CTA,
    "vat": VAT,
    "tva": VAT,
}
"""What a line may be called, by plain words."""


class PaperLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """One line of the invoice; what it does not say is not compared."""

    what: str
    first: date | None = None
    last: date | None = None
    quantity: Decimal | None = None  # kWh, or months
    price: Decimal | None = None  # EUR for one, without VAT
    price_ttc: Decimal | None = None
    eur_ht: Decimal | None = None
    eur_ttc: Decimal | None = None
    vat_rate: Decimal | None = None  # a share, or per cent

    @property
    def kind(self) -> str | None:
        """A register, or one of subscription, excise, CTA and VAT; None for what no meter knows."""
        return _WORDS.get(plain(self.what))


class Paper(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """The whole invoice."""

    first: date
    last: date
    subscription: Literal["arrears", "advance"] | None = None
    total: Decimal | None = None  # EUR, all taxes included
    indexes: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    """kWh at both ends, by register."""
    lines: tuple[PaperLine, ...] = ()


def read_paper(path: Path) -> Paper:
    """Read the file. Raises InvoiceError: it cannot be read, or is no such invoice."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST)
        document = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
        paper = msgspec.convert(document, Paper)
    except OSError as error:
        text = _("{path}: cannot read the invoice: {reason}")
        raise InvoiceError(text.format(path=path, reason=error.strerror or error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvoiceError(_("{path}: not valid TOML: {reason}").format(path=path, reason=error)) from error
    except msgspec.ValidationError as error:
        text = _("{path}: not an invoice as docs/billing.md describes it: {reason}")
        raise InvoiceError(text.format(path=path, reason=str(error).replace("\n", " "))) from error
    days = [(paper.first, paper.last), *((line.first, line.last) for line in paper.lines)]
    if any(first is not None and last is not None and last < first for first, last in days):
        raise InvoiceError(_("{path}: a last day (to) is before its first one (from).").format(path=path))
    return paper
