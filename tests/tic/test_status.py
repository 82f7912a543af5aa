"""States packed into bits: STGE, RELAIS, PPOT and the programmes of OPTARIF."""

import pytest

from linkytui.tic import Breaker, Colour, Euridis, PowerLine, Status, absent_phases, closed_relays, load_programmes

NOTHING = Status(
    contact_open=False,
    breaker=Breaker.CLOSED,
    cover_open=False,
    overvoltage=False,
    over_reference=False,
    producer=False,
    injecting=False,
    supplier_index=1,
    distributor_index=1,
    clock_degraded=False,
    standard_mode=False,
    euridis=Euridis.OFF,
    power_line=PowerLine.NEW_UNLOCKED,
    power_line_synchronised=False,
    today=None,
    tomorrow=None,
    notice=None,
    peak=None,
)
USUAL = NOTHING._replace(standard_mode=True, euridis=Euridis.ON_SECURED, power_line=PowerLine.NEW_LOCKED)


def test_no_bit_set_is_the_state_of_rest() -> None:
    assert Status.parse("00000000") == NOTHING


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("003A0001", USUAL._replace(contact_open=True)),
        ("003A0301", USUAL._replace(contact_open=True, producer=True, injecting=True)),
        (
            "000A4411",
            NOTHING._replace(
                contact_open=True,
                cover_open=True,
                supplier_index=2,
                distributor_index=2,
                standard_mode=True,
                euridis=Euridis.ON,
            ),
        ),
        ("463A0800", USUAL._replace(supplier_index=3, today=Colour.WHITE, tomorrow=Colour.BLUE, peak=1)),
        ("2D3A8000", USUAL._replace(distributor_index=3, today=Colour.BLUE, tomorrow=Colour.RED, notice=2)),
        (
            "833AD501",
            USUAL._replace(
                contact_open=True, producer=True, supplier_index=6, distributor_index=4, today=Colour.RED, peak=2
            ),
        ),
        ("003A0480", USUAL._replace(over_reference=True, supplier_index=2)),
    ],
)
def test_registers_of_real_meters_are_unpacked(text: str, status: Status) -> None:
    assert Status.parse(text) == status


@pytest.mark.parametrize(
    ("bit", "field", "value"),
    [
        (0, "contact_open", True),
        (1, "breaker", Breaker.OPEN_OVERPOWER),
        (2, "breaker", Breaker.OPEN_OVERVOLTAGE),
        (3, "breaker", Breaker.OPEN_ORDERED),
        (4, "cover_open", True),
        (6, "overvoltage", True),
        (7, "over_reference", True),
        (8, "producer", True),
        (9, "injecting", True),
        (10, "supplier_index", 2),
        (13, "supplier_index", 9),
        (14, "distributor_index", 2),
        (15, "distributor_index", 3),
        (16, "clock_degraded", True),
        (17, "standard_mode", True),
        (19, "euridis", Euridis.ON),
        (20, "euridis", Euridis.UNDEFINED),
        (21, "power_line", PowerLine.NEW_LOCKED),
        (22, "power_line", PowerLine.REGISTERED),
        (23, "power_line_synchronised", True),
        (24, "today", Colour.BLUE),
        (25, "today", Colour.WHITE),
        (26, "tomorrow", Colour.BLUE),
        (27, "tomorrow", Colour.WHITE),
        (28, "notice", 1),
        (29, "notice", 2),
        (30, "peak", 1),
        (31, "peak", 2),
    ],
)
def test_each_bit_changes_its_field_only(bit: int, field: str, value: object) -> None:
    assert Status.parse(f"{1 << bit:08X}") == NOTHING._replace(**{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("bit", [5, 18])
def test_unused_bits_change_nothing(bit: int) -> None:
    assert Status.parse(f"{1 << bit:08X}") == NOTHING


def test_undefined_supplier_registers_are_none() -> None:
    indexes = [Status.parse(f"{number << 10:08X}").supplier_index for number in range(16)]
    assert indexes == [*range(1, 11), *[None] * 6]


@pytest.mark.parametrize("text", ["", "003A000", "003A00010", "003A000G", " 03A0001", "0x3A0001"])
def test_what_is_no_register_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="status register"):
        Status.parse(text)


def test_relays_are_the_bits_of_a_decimal_number() -> None:
    assert [number for number, closed in enumerate(closed_relays("140"), 1) if closed] == [3, 4, 8]
    assert closed_relays("001") == (True, *[False] * 7)
    assert closed_relays("000") == (False,) * 8
    assert closed_relays("255") == (True,) * 8
    for text in ("256", "8C", "1", "0001"):
        with pytest.raises(ValueError, match="relay"):
            closed_relays(text)


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("00", set()),
        ("02", {1}),
        ("04", {2}),
        ("06", {1, 2}),
        ("08", {3}),
        ("0A", {1, 3}),
        ("0C", {2, 3}),
        ("0E", {1, 2, 3}),
    ],
)
def test_ppot_names_the_phases_without_voltage(text: str, phases: set[int]) -> None:
    assert absent_phases(text) == phases


def test_a_voltage_presence_is_two_hexadecimal_digits() -> None:
    for text in ("", "0", "000", "0G"):
        with pytest.raises(ValueError, match="voltage"):
            absent_phases(text)


@pytest.mark.parametrize(
    ("option", "programmes"),
    [
        ("BBR(", ("A", "P0")),
        ("BBR/", ("A", "P7")),
        ("BBR0", ("B", "P0")),
        ("BBR2", ("B", "P2")),
        ("BBR8", ("C", "P0")),
        ("BBR?", ("C", "P7")),
        ("BBR ", None),
        ("BBRa", None),
        ("BASE", None),
        ("HC..", None),
    ],
)
def test_the_last_character_of_a_tempo_option_names_two_programmes(
    option: str, programmes: tuple[str, str] | None
) -> None:
    assert load_programmes(option) == programmes
