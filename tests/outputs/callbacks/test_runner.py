"""Nothing that a callback does harms the reading or the other callbacks."""

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from linkytui.line.relay.report import CallbackState
from linkytui.link import Link
from linkytui.outputs.callbacks.base import Callback, CallbackError
from linkytui.outputs.callbacks.runner import CallbackRunner
from linkytui.outputs.callbacks.state import CallbackStatus, describe
from linkytui.outputs.callbacks.worker import Pace
from linkytui.reading import Reading
from linkytui.tic import Frame
from tests.lines import PATIENCE, wait_until
from tests.outputs.callbacks.frames import START, Household

QUICK = Pace(queue_length=8, tolerated=3, first_pause=0.02, hung_after=0.05, close_timeout=0.5)


class Counting(Callback):
    """Counts what it hears."""

    def __init__(self) -> None:
        self.powers: list[int | None] = []
        self.links: list[Link] = []
        self.closed = threading.Event()

    def reading(self, reading: Reading, _frame: Frame) -> None:
        self.powers.append(reading.power)

    def link(self, link: Link) -> None:
        self.links.append(link)

    def close(self) -> None:
        self.closed.set()


class Stuck(Callback):
    """Does not return until it is let go."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.let_go = threading.Event()
        self.heard = 0

    def reading(self, _reading: Reading, _frame: Frame) -> None:
        self.entered.set()
        self.let_go.wait(PATIENCE)
        self.heard += 1


class Raising(Callback):
    """Raises on each frame until told not to."""

    def __init__(self, error: type[BaseException] = ValueError) -> None:
        self.error: type[BaseException] | None = error
        self.calls = 0

    def reading(self, _reading: Reading, _frame: Frame) -> None:
        self.calls += 1
        if self.error:
            raise self.error(f"call {self.calls}")


@pytest.fixture
def runner() -> Iterator[CallbackRunner]:
    """A runner that loses patience quickly."""
    runner = CallbackRunner(clock=lambda: START, pace=QUICK)
    yield runner
    runner.close()


def state_of(runner: CallbackRunner, name: str) -> CallbackState:
    return next(state for state in runner.states() if state.name == name)


def test_every_frame_reaches_every_callback(runner: CallbackRunner) -> None:
    first, second = Counting(), Counting()
    runner.add("first", lambda: first)
    runner.add("second", lambda: second)
    household = Household()
    for count in range(5):
        runner.frame_came(household.arrival())
        wait_until(lambda: len(first.powers) == len(second.powers) == count + 1)  # noqa: B023
    runner.link_changed(Link(frames=5))
    wait_until(lambda: first.links and second.links)
    assert first.powers == [460] * 5
    state = state_of(runner, "first")
    assert (state.status, state.delivered, state.dropped, state.last_at) == (CallbackStatus.RUNNING, 5, 0, START)
    assert describe(state) == "running"


def test_one_that_hangs_costs_only_its_own_oldest_frames(
    runner: CallbackRunner, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, other = Stuck(), Counting()
    runner.add("stuck", lambda: stuck)
    runner.add("other", lambda: other)
    household = Household()
    runner.frame_came(household.arrival())
    assert stuck.entered.wait(PATIENCE)
    for count in range(2, 22):
        runner.frame_came(household.arrival())
        wait_until(lambda: len(other.powers) == count)  # noqa: B023
    wait_until(lambda: state_of(runner, "stuck").status is CallbackStatus.HUNG)
    state = state_of(runner, "stuck")
    assert state.busy_for > QUICK.hung_after
    assert state.dropped == 20 - QUICK.queue_length
    assert "hung for" in describe(state)
    runner.frame_came(household.arrival())
    runner.frame_came(household.arrival())
    assert len([record for record in caplog.records if "stuck hangs" in record.message]) == 1
    stuck.let_go.set()
    wait_until(lambda: stuck.heard == 1 + QUICK.queue_length)
    wait_until(lambda: state_of(runner, "stuck").status is CallbackStatus.RUNNING)


def test_one_that_raises_is_logged_once_and_paused(runner: CallbackRunner, caplog: pytest.LogCaptureFixture) -> None:
    raising = Raising()
    runner.add("raising", lambda: raising)
    household = Household()
    for count in range(1, QUICK.tolerated + 1):
        runner.frame_came(household.arrival())
        wait_until(lambda: raising.calls >= count)  # noqa: B023
    wait_until(lambda: state_of(runner, "raising").failures == QUICK.tolerated)
    assert len([record for record in caplog.records if "raising" in record.message]) == 1
    assert state_of(runner, "raising").last_error == "ValueError: call 3"
    raising.error = None
    runner.frame_came(household.arrival())
    wait_until(lambda: state_of(runner, "raising").delivered == 1)
    assert state_of(runner, "raising").status is CallbackStatus.RUNNING


def test_a_pause_is_shown_with_the_time_that_is_left() -> None:
    runner = CallbackRunner(pace=Pace(tolerated=1, first_pause=500, close_timeout=0.5))
    raising = Raising()
    runner.add("raising", lambda: raising)
    runner.frame_came(Household().arrival())
    wait_until(lambda: state_of(runner, "raising").status is CallbackStatus.PAUSED)
    assert 0 < state_of(runner, "raising").paused_for <= 500
    assert describe(state_of(runner, "raising")).startswith("paused for")
    runner.close()


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit, MemoryError])
def test_what_is_no_ordinary_exception_is_contained_too(runner: CallbackRunner, error: type[BaseException]) -> None:
    raising = Raising(error)
    runner.add("raising", lambda: raising)
    runner.frame_came(Household().arrival())
    wait_until(lambda: state_of(runner, "raising").failures == 1)
    raising.error = None
    runner.frame_came(Household().arrival())
    wait_until(lambda: state_of(runner, "raising").delivered == 1)


def test_one_that_cannot_be_loaded_is_said_to_be_so(runner: CallbackRunner, caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> Callback:
        raise CallbackError("Callback x cannot be loaded: ImportError: no module y")

    runner.add("broken", fails)
    wait_until(lambda: state_of(runner, "broken").status is CallbackStatus.FAILED)
    runner.frame_came(Household().arrival())
    state = state_of(runner, "broken")
    assert state.last_error == "Callback x cannot be loaded: ImportError: no module y"
    assert state.dropped == 0
    assert describe(state) == "cannot be loaded"


def test_one_that_cannot_be_opened_is_tried_again(runner: CallbackRunner) -> None:
    class Late(Counting):
        tries = 0

        def open(self) -> None:
            self.tries += 1
            if self.tries < 6:
                raise ConnectionError("not yet")

    late = Late()
    runner.add("late", lambda: late)
    runner.frame_came(Household().arrival())
    wait_until(lambda: late.powers == [460])
    assert late.tries == 6


def test_switching_off_and_on_acts_at_once(runner: CallbackRunner) -> None:
    made: list[Counting] = []

    def make() -> Counting:
        made.append(Counting())
        return made[-1]

    runner.add("counting", make, enabled=False, note="replaces linkypy's")
    assert state_of(runner, "counting").status is CallbackStatus.OFF
    assert state_of(runner, "counting").note == "replaces linkypy's"
    runner.frame_came(Household().arrival())
    runner.enable("counting", on=True)
    wait_until(lambda: made)
    runner.frame_came(Household().arrival())
    wait_until(lambda: made[0].powers == [460])
    assert runner.callback("counting") is made[0]
    runner.enable("counting", on=False)
    assert made[0].closed.wait(PATIENCE)
    assert runner.callback("counting") is None
    runner.enable("counting", on=True)
    wait_until(lambda: len(made) == 2)
    runner.remove("counting")
    assert runner.states() == ()


def test_one_that_hangs_can_be_replaced(runner: CallbackRunner) -> None:
    stuck = Stuck()
    runner.add("same name", lambda: stuck)
    runner.frame_came(Household().arrival())
    assert stuck.entered.wait(PATIENCE)
    fresh = Counting()
    runner.add("same name", lambda: fresh)
    runner.frame_came(Household().arrival())
    wait_until(lambda: fresh.powers == [460])
    stuck.let_go.set()


def test_closing_lets_the_queue_run_out() -> None:
    runner = CallbackRunner(pace=replace(QUICK, close_timeout=PATIENCE))
    slow, counting = Stuck(), Counting()
    runner.add("slow", lambda: slow)
    runner.add("counting", lambda: counting)
    wait_until(lambda: all(state.status is CallbackStatus.RUNNING for state in runner.states()))
    household = Household()
    for _ in range(QUICK.queue_length):
        runner.frame_came(household.arrival())
    assert slow.entered.wait(PATIENCE)
    slow.let_go.set()
    runner.close()
    assert slow.heard == QUICK.queue_length
    assert counting.powers == [460] * QUICK.queue_length
    assert counting.closed.is_set()


def test_closing_waits_for_no_one_that_hangs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    runner = CallbackRunner(pace=QUICK)
    stuck = Stuck()
    runner.add("stuck", lambda: stuck)
    runner.frame_came(Household().arrival())
    assert stuck.entered.wait(PATIENCE)
    runner.close()
    assert "left behind" in caplog.text
    stuck.let_go.set()


def test_idle_is_called_when_nothing_waits_and_as_often_as_it_asks(runner: CallbackRunner) -> None:
    class Idling(Counting):
        idled = 0

        def idle(self) -> float | None:
            self.idled += 1
            return 0.001 if self.idled < 5 else None

    idling = Idling()
    runner.add("idling", lambda: idling)
    wait_until(lambda: idling.idled == 5)
    runner.frame_came(Household().arrival())
    wait_until(lambda: idling.idled == 6)
