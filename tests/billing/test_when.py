"""The cheapest time to run something, against trying every minute."""

from decimal import Decimal
from fractions import Fraction
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from linkytui.billing.when import Priced, cheapest

MINUTE = 60


@st.composite
def prices(draw: st.DrawFn) -> list[Priced]:
    """Prices that change at whole minutes; often the same ones."""
    at = 1_800_000_000 + draw(st.integers(0, 3000)) * MINUTE
    pieces = []
    for _piece in range(draw(st.integers(1, 7))):
        end = at + draw(st.integers(1, 400)) * MINUTE
        price = Decimal(draw(st.sampled_from([1589, 2142, 1325, 7060, 0, 2142]))) / 10_000
        pieces.append(Priced(at, end, "HC", price))
        at = end
    return pieces


def costs(pieces: list[Priced], seconds: int, kw: int) -> list[tuple[Fraction, int]]:
    """What a run costs and when it begins, for each minute that it can begin at, counted minute by minute."""
    begin, end, minutes = int(pieces[0].start), int(pieces[-1].end), seconds // MINUTE
    prices = [
        int(piece.price * 10_000) for piece in pieces for _minute in range(int(piece.start), int(piece.end), MINUTE)
    ]
    total = list(accumulate(prices, initial=0))
    return [
        (Fraction((total[at + minutes] - total[at]) * kw, 600_000), begin + at * MINUTE)
        for at in range((end - begin - seconds) // MINUTE + 1)
    ]


@given(pieces=prices(), minutes=st.integers(1, 500), kw=st.integers(1, 9), cut=st.integers(0, 300))
def test_no_other_minute_is_cheaper(pieces: list[Priced], minutes: int, kw: int, cut: int) -> None:
    limit = int(pieces[-1].end) - cut * MINUTE
    seconds = minutes * MINUTE
    choice = cheapest(pieces, Decimal(kw * minutes), Decimal(kw * 60), limit)
    tried = [each for each in costs(pieces, seconds, kw) if each[1] + seconds <= limit]
    if not tried:
        assert choice is None
        return
    assert choice is not None
    lowest, first = min(tried)
    assert choice.best.exact == lowest * 60
    assert choice.best.start == first
    assert choice.best.end == first + seconds
    assert choice.now.exact == tried[0][0] * 60
    assert choice.one_price == (len({each for each, _start in tried}) == 1)
    assert choice.saved >= 0


def test_a_run_that_is_no_whole_number_of_seconds_ends_at_the_switch() -> None:
    pieces = [
        Priced(0, 3600, "HP", Decimal("0.3")),
        Priced(3600, 7200, "HC", Decimal("0.1")),
        Priced(7200, 9000, "HP", Decimal("0.2")),
    ]
    choice = cheapest(pieces, Decimal(7), Decimal(6), 9000)
    assert choice is not None
    assert (choice.best.start, choice.best.end) == (3600, 7800)
    assert choice.best.eur == Decimal("0.80")
    assert cheapest(pieces, Decimal(7), Decimal(6), 4000) is None
