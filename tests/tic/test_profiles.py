"""Day profiles: eleven blocks whose hours are decimal on some meters and hexadecimal on others."""

from datetime import time

import pytest

from linkytui.tic import Contact, DayProfile


def profile(*blocks: str) -> str:
    return " ".join([*blocks, *["NONUTILE"] * (11 - len(blocks))])


@pytest.mark.parametrize(
    ("blocks", "meter", "base", "starts", "guessed"),
    [
        ("00008002 0210C001 08108002 1440C001 16408002", None, "decimal", "00:00 02:10 08:10 14:40 16:40", False),
        ("00004001 06004002 22004001", "04", "decimal", "00:00 06:00 22:00", False),
        ("00008002 0256C001 07568002 1156C001 14568002", None, "decimal", "00:00 02:56 07:56 11:56 14:56", False),
        ("00008002 0050C001 06508002 1220C001 14208002", None, "decimal", "00:00 00:50 06:50 12:20 14:20", False),
        ("00008002 0100C001 06008002 1230C001 15308002", "03", "decimal", "00:00 01:00 06:00 12:30 15:30", True),
        ("00008002 0100C001 06008002 1230C001 15308002", None, "decimal", "00:00 01:00 06:00 12:30 15:30", True),
        ("00008002 0100C001 06008002 1230C001 15308002", "02", "hexadecimal", "00:00 01:00 06:00 18:48 21:48", True),
        ("00004001 06004002 16004001", None, "hexadecimal", "00:00 06:00 22:00", False),
        ("00004001 06004002 16004001", "04", "hexadecimal", "00:00 06:00 22:00", False),
        ("0000C001 07008002 1700C001", None, "hexadecimal", "00:00 07:00 23:00", False),
        ("00008002 0200C001 08008002 0F00C001 11008002", None, "hexadecimal", "00:00 02:00 08:00 15:00 17:00", False),
        ("00008002 0038C001 07388002 0D1A8001 0E1A8002", None, "hexadecimal", "00:00 00:56 07:56 13:26 14:26", False),
        ("0000C001 053A8002 153AC001", None, "hexadecimal", "00:00 05:58 21:58", False),
        ("0000C001 061E8002 161EC001", None, "hexadecimal", "00:00 06:30 22:30", False),
        ("00008001", None, "decimal", "00:00", False),
        ("0000C001 06008002 0900C001", None, "decimal", "00:00 06:00 09:00", False),
    ],
)
def test_profiles_of_real_meters_are_read_in_the_base_they_are_written_in(
    blocks: str, meter: str | None, base: str, starts: str, guessed: bool
) -> None:
    day = DayProfile.parse(profile(*blocks.split()), meter_id=f"{meter}2361456789" if meter else None)
    assert day.base == base
    assert [slot.start for slot in day.slots] == [time.fromisoformat(start) for start in starts.split()]
    assert day.guessed is guessed


def test_a_slot_says_what_counts_and_what_the_contacts_do() -> None:
    day = DayProfile.parse(profile("00008002", "0210C001", "08104003", "09000000", "1000C7FA", "1100000F"))
    assert [slot.index for slot in day.slots] == [2, 1, 3, None, 10, None]
    assert [slot.contact for slot in day.slots] == [
        Contact.OPEN,
        Contact.CLOSED,
        Contact.TEMPO,
        Contact.UNCHANGED,
        Contact.CLOSED,
        Contact.UNCHANGED,
    ]
    assert day.slots[4].virtual == (True,) * 7
    assert day.slots[0].virtual == (False,) * 7
    assert DayProfile.parse(profile("00000411")).slots[0].virtual == (True, False, False, False, False, False, True)


def test_a_day_without_slots_is_a_day() -> None:
    assert DayProfile.parse(profile()).slots == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NONUTILE",
        profile("00008002")[:-1],
        profile("00008002").replace(" ", "  ", 1),
        profile("0000800G"),
        profile("18008002", "FF008002"),  # no hour in either base
        profile("08008002", "08008001"),  # the starts do not go forward
    ],
)
def test_what_is_no_profile_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="profile"):
        DayProfile.parse(text)
