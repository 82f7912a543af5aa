"""STGE, RELAIS, PPOT and the last character of OPTARIF: bit fields decoded into names."""

import re
from enum import IntEnum
from typing import Final, NamedTuple, Self

_STGE: Final = re.compile(r"[0-9A-Fa-f]{8}", re.ASCII)
_RELAIS: Final = re.compile(r"\d{3}", re.ASCII)
_TEMPO_OPTION: Final = re.compile(r"BBR([(-?])", re.ASCII)
_PPOT: Final = re.compile(r"[0-9A-Fa-f]{2}", re.ASCII)


class Breaker(IntEnum):
    """Why the breaker is open, or that it is closed (STGE bits 1 to 3; Enedis-NOI-CPT_54E, 6.2.3.14)."""

    CLOSED = 0
    OPEN_OVERPOWER = 1
    OPEN_OVERVOLTAGE = 2
    OPEN_LOAD_SHEDDING = 3
    OPEN_ORDERED = 4  # opened by an order over the power line or the Euridis bus
    OPEN_HOT_HIGH_CURRENT = 5
    OPEN_HOT_LOW_CURRENT = 6
    UNDEFINED = 7


class Euridis(IntEnum):
    """State of the Euridis output (STGE bits 19 and 20; Enedis-NOI-CPT_54E, 6.2.3.14)."""

    OFF = 0
    ON = 1
    UNDEFINED = 2
    ON_SECURED = 3


class PowerLine(IntEnum):
    """State of the power-line link to Enedis (STGE bits 21 and 22; Enedis-NOI-CPT_54E, 6.2.3.14)."""

    NEW_UNLOCKED = 0
    NEW_LOCKED = 1
    REGISTERED = 2
    UNDEFINED = 3


class Colour(IntEnum):
    """A Tempo day colour, numbered as in STGE (Enedis-NOI-CPT_54E, 6.2.3.14). Unknown is None, never a member."""

    BLUE = 1
    WHITE = 2
    RED = 3


class Status(NamedTuple):
    """The status register STGE, field by field (Enedis-NOI-CPT_54E, 6.2.3.14)."""

    contact_open: bool
    """Bit 0: the dry contact is open. RELAIS says the opposite of the same contact (1 = closed)."""
    breaker: Breaker  # bits 1 to 3
    cover_open: bool  # bit 4: the distributor's terminal cover is open
    overvoltage: bool  # bit 6: too high a voltage on one phase
    over_reference: bool  # bit 7: more than the reference (subscribed) power is drawn
    producer: bool  # bit 8: the meter is set up for production; it says nothing of what flows now
    injecting: bool  # bit 9: active energy flows towards the grid
    supplier_index: int | None
    """Bits 10 to 13, plus one: the EASF register that counts, 1 to 10. None for the undefined values."""
    distributor_index: int  # bits 14 and 15, plus one: the EASD register that counts, 1 to 4
    clock_degraded: bool  # bit 16: the meter's clock is not to be trusted
    standard_mode: bool  # bit 17: the client output is in standard mode
    euridis: Euridis  # bits 19 and 20
    power_line: PowerLine  # bits 21 and 22
    power_line_synchronised: bool  # bit 23
    today: Colour | None  # bits 24 and 25: Tempo colour of the day that runs (until 06:00 it is still the day before's)
    tomorrow: Colour | None  # bits 26 and 27: Tempo colour announced for tomorrow
    notice: int | None  # bits 28 and 29: the mobile peak, 1 to 3, that is announced
    peak: int | None  # bits 30 and 31: the mobile peak, 1 to 3, that runs

    @classmethod
    def parse(cls, text: str) -> Self:
        """Unpack the eight hexadecimal digits of STGE. Raises ValueError: not eight hexadecimal digits."""
        if not _STGE.fullmatch(text):
            raise ValueError(f"not a status register: {text!r}")
        word = int(text, 16)

        def bits(low: int, count: int = 1) -> int:
            return word >> low & (1 << count) - 1

        index = bits(10, 4) + 1
        return cls(
            contact_open=bool(bits(0)),
            breaker=Breaker(bits(1, 3)),
            cover_open=bool(bits(4)),
            overvoltage=bool(bits(6)),
            over_reference=bool(bits(7)),
            producer=bool(bits(8)),
            injecting=bool(bits(9)),
            supplier_index=index if index <= 10 else None,
            distributor_index=bits(14, 2) + 1,
            clock_degraded=bool(bits(16)),
            standard_mode=bool(bits(17)),
            euridis=Euridis(bits(19, 2)),
            power_line=PowerLine(bits(21, 2)),
            power_line_synchronised=bool(bits(23)),
            today=Colour(bits(24, 2)) if bits(24, 2) else None,
            tomorrow=Colour(bits(26, 2)) if bits(26, 2) else None,
            notice=bits(28, 2) or None,
            peak=bits(30, 2) or None,
        )


def closed_relays(text: str) -> tuple[bool, ...]:
    """Which of the eight relays RELAIS says are closed, relay 1 (the real one) first.

    Raises:
        ValueError: not a decimal number from 000 to 255.

    Source: Enedis-NOI-CPT_54E, 6.2.3.19.
    """
    if not _RELAIS.fullmatch(text) or int(text) > 255:
        raise ValueError(f"not a relay state: {text!r}")
    return tuple(bool(int(text) >> relay & 1) for relay in range(8))


def absent_phases(text: str) -> frozenset[int]:
    """The phases, 1 to 3, on which PPOT says that the voltage is missing.

    Raises:
        ValueError: not two hexadecimal digits.

    Source: ERDF-NOI-CPT_02E, 2.5.5; Enedis-NOI-CPT_54E, 6.1.2.
    """
    if not _PPOT.fullmatch(text):
        raise ValueError(f"not a voltage presence byte: {text!r}")
    return frozenset(phase for phase in (1, 2, 3) if int(text, 16) >> phase & 1)


def load_programmes(text: str) -> tuple[str, str] | None:
    """The programmes of the two load-control circuits that OPTARIF names on Tempo: `A` to `C` and `P0` to `P7`.

    None on the other contracts, and for a character that stands for no programme. Linky meters send `BBR(`: A and P0.

    Source: ERDF-NOI-CPT_02E, 2.3.
    """
    match = _TEMPO_OPTION.fullmatch(text)
    if match is None:
        return None
    code = ord(match[1])
    return "ABC"[(code >> 3 & 3) - 1], f"P{code & 7}"
