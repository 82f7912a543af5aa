"""Dates of the meter."""

from datetime import UTC, datetime

import pytest

from linkytui.tic import PARIS, Horodate


@pytest.mark.parametrize(
    ("text", "utc", "degraded"),
    [
        ("H081225223518", "2008-12-25T21:35:18", False),
        ("E090714074553", "2009-07-14T05:45:53", False),
        ("h081225223518", "2008-12-25T21:35:18", True),
        ("e090714074553", "2009-07-14T05:45:53", True),
        (" 261202060000", "2026-12-02T05:00:00", False),  # no season: that of the civil calendar
        (" 260702060000", "2026-07-02T04:00:00", False),
        ("E261025023000", "2026-10-25T00:30:00", False),  # the hour that October repeats, first time
        ("H261025023000", "2026-10-25T01:30:00", False),  # and second time
        ("H990101000000", "2098-12-31T23:00:00", False),
        ("E240229120000", "2024-02-29T10:00:00", False),
    ],
)
def test_a_horodate_names_a_moment(text: str, utc: str, degraded: bool) -> None:
    horodate = Horodate.parse(text)
    assert horodate.text == text
    assert horodate.when is not None
    assert horodate.when.astimezone(UTC) == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert horodate.degraded is degraded


def test_a_clock_that_was_never_set_names_no_moment() -> None:
    for season in "EHeh ":
        assert Horodate.parse(season + "0" * 12).when is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "E09071407455",
        "E0907140745531",
        "X090714074553",
        "HA00102030405",
        "H010101016001",
        "H010101240000",
        "H010001010101",
        "H011301010101",
        "H010100010101",
        "H010132010101",
        "H230229010101",
        "E٠٩٠٧١٤٠٧٤٥٥٣",
        "E090714 74553",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the calendar's own words
        Horodate.parse(text)


def test_dates_are_in_french_legal_time() -> None:
    assert str(PARIS) == "Europe/Paris"
