"""What is under way to a sink: sent once, again without a receipt, and never lost by what a broker says."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from linkytui.outputs.callbacks.upstream.window import AT_ONCE, FIRST_WAIT, LAST_WAIT, UnderWay, Window

OK, NOBODY, FORBIDDEN = 0x00, 0x10, 0x87


def batch(place: int) -> UnderWay:
    return UnderWay(name=f"b{place}", topic="t", payload=b"", cursor=place * 10, samples=10)


def filled(count: int = 3) -> Window:
    window = Window()
    for place in range(1, count + 1):
        window.add(batch(place))
    return window


def send(window: Window, now: float, first: int = 1) -> dict[str, int]:
    """Send what is due; the numbers by name."""
    numbers = {}
    for number, each in enumerate(list(window.due(now)), first):
        window.sent(each, number, now)
        numbers[each.name] = number
    return numbers


def test_the_cursor_follows_receipts_from_the_front_only() -> None:
    window = filled()
    for number in send(window, 0).values():
        window.answered(number, OK, 0)
    assert window.done() is None
    assert window.receive(["b2", "b3"]) == 20
    assert window.done() is None
    assert window.receive(["b1", "b2", "unknown"]) == 10
    assert window.done() == 30
    assert window.end is None


def test_a_batch_without_a_receipt_is_sent_again_after_longer_and_longer_waits() -> None:
    window, now, waits = filled(1), 0.0, []
    for number in range(1, 8):
        assert send(window, now, number) == {"b1": number}
        window.answered(number, OK, now)
        began = now
        while not list(window.due(now)):
            now += 1
        waits.append(now - began)
    assert waits == [FIRST_WAIT, 120, 240, 480, LAST_WAIT, LAST_WAIT, LAST_WAIT]
    assert window.late


def test_what_the_network_has_is_not_sent_twice() -> None:
    window = filled(1)
    send(window, 0)
    assert list(window.due(10_000)) == []


def test_while_nobody_listens_one_batch_asks_and_the_others_wait() -> None:
    window = filled()
    for number in send(window, 0).values():
        window.answered(number, NOBODY, 0)
    assert window.nobody
    assert not window.room
    asked, now = [], 0.0
    for number in range(10, 14):
        while not (due := list(window.due(now))):
            now += 1
        assert [each.name for each in due] == ["b1"]
        window.sent(due[0], number, now)
        window.answered(number, NOBODY, now)
        asked.append(now)
    assert [after - before for before, after in pairwise(asked)] == [10, 20, 40]
    while not (due := list(window.due(now))):
        now += 1
    window.sent(due[0], 20, now)
    window.answered(20, OK, now)
    assert not window.nobody
    assert sorted(send(window, now, 30)) == ["b2", "b3"]


def test_a_refusal_is_known_by_its_reason_until_something_is_taken() -> None:
    window = filled(1)
    send(window, 0)
    window.answered(1, FORBIDDEN, 0)
    assert window.reason == FORBIDDEN
    window.clear()
    assert window.reason is None
    assert window.room


def test_receipts_that_come_while_the_broker_refuses_free_the_window() -> None:
    window = filled(1)
    send(window, 0)
    window.answered(1, NOBODY, 0)
    window.receive(["b1"])
    assert window.done() == 10
    assert list(window.due(1_000)) == []
    assert window.room


@given(st.lists(st.tuples(st.sampled_from(["answer", "nobody", "receive", "wait", "add"]), st.integers(0, 20))))
def test_whatever_happens_every_batch_is_received_before_the_cursor_passes_it(events: list[tuple[str, int]]) -> None:
    window, now, number, made, received, cursor = Window(), 0.0, 0, 0, set[str](), 0
    numbers: list[int] = []

    def deliver() -> None:
        nonlocal number
        for each in list(window.due(now)):
            number += 1
            window.sent(each, number, now)
            numbers.append(number)

    for kind, which in events:
        if kind == "add" and window.room:
            made += 1
            window.add(batch(made))
        elif kind == "wait":
            now += which * 30
        elif kind in ("answer", "nobody") and numbers:
            window.answered(numbers.pop(which % len(numbers)), OK if kind == "answer" else NOBODY, now)
        elif kind == "receive":
            window.receive([f"b{which}"])
            received |= {f"b{which}"} if which <= made else set()
        deliver()
        if (done := window.done()) is not None:
            assert done > cursor
            cursor = done
            assert {f"b{place}" for place in range(1, cursor // 10 + 1)} <= received
    # In the end all goes out, whatever was said before.
    for _ in range(100):
        now += LAST_WAIT
        deliver()
        for each in numbers:
            window.answered(each, OK, now)
        numbers.clear()
    window.receive([f"b{place}" for place in range(1, made + 1)])
    window.done()
    assert window.end is None
    assert AT_ONCE
