"""The reading thread: what it posts, how it spares a slow screen, and that it always ends."""

import threading
from pathlib import Path
from typing import TypeVar

import pytest
from textual.app import App
from textual.message import Message

from linkytui.line.listener import Listener
from linkytui.line.pipeline import Pipeline
from linkytui.line.sources.base import EndOfSource, Source
from linkytui.line.sources.serial_port import SerialSource
from linkytui.link import LinkError, LinkState
from linkytui.tui.messages import FramesArrived, GroupsRejected, LinkChanged, MeterReset, PowerSample
from linkytui.tui.worker import ScreenPoster, Worker
from tests.lines import PATIENCE, Clock, FakeMeter, ScriptedSource, historic_frame, until, wait_until

M = TypeVar("M", bound=Message)


class Screen:
    """Takes messages. It deals with them at once, or when told."""

    def __init__(self, *, slow: bool = False) -> None:
        self.slow = slow
        self.messages: list[Message] = []

    def post(self, message: Message) -> bool:
        self.messages.append(message)
        if isinstance(message, FramesArrived) and not self.slow:
            message.receipt()
        return True

    def of(self, kind: type[M]) -> list[M]:
        """The messages of one kind."""
        return [message for message in self.messages if isinstance(message, kind)]

    @property
    def samples(self) -> list[PowerSample]:
        """All samples that came, in their order."""
        return [sample for message in self.of(FramesArrived) for sample in message.samples]


def turns(pipeline: Pipeline, count: int) -> None:
    """Turn the pipeline so many times."""
    for _ in range(count):
        pipeline.step()


def test_a_frame_is_posted_with_all_that_a_screen_needs() -> None:
    screen = Screen()
    source = ScriptedSource([historic_frame(1230)])
    turns(Pipeline(source, listeners=[ScreenPoster(screen.post)], monotonic=source.clock), 1)
    (message,) = screen.of(FramesArrived)
    assert message.latest.power == 1230
    assert message.samples == (PowerSample(source.wall.now, 1230, "HP"),)
    assert message.labels["PAPP"].group.data == "01230"
    (link,) = screen.of(LinkChanged)
    assert link.link.state is LinkState.LIVE


def test_frames_of_one_read_go_together() -> None:
    screen = Screen()
    source = ScriptedSource([historic_frame(100) + historic_frame(200) + historic_frame(300)])
    turns(Pipeline(source, listeners=[ScreenPoster(screen.post)], monotonic=source.clock), 1)
    (message,) = screen.of(FramesArrived)
    assert [sample.power for sample in message.samples] == [100, 200, 300]
    assert message.latest.power == 300


def test_a_slow_screen_has_one_message_under_way() -> None:
    screen = Screen(slow=True)
    source = ScriptedSource([turn for power in range(100) for turn in (1.5, historic_frame(power))])
    turns(Pipeline(source, listeners=[ScreenPoster(screen.post)], monotonic=source.clock), 200)
    assert len(screen.of(FramesArrived)) == 1


def test_what_collected_goes_with_the_next_message() -> None:
    screen = Screen(slow=True)
    powers = list(range(0, 5000, 7))
    source = ScriptedSource([*(turn for power in powers for turn in (1.5, historic_frame(power))), b"", 1.0])
    pipeline = Pipeline(source, listeners=[ScreenPoster(screen.post, monotonic=source.clock)], monotonic=source.clock)
    turns(pipeline, 2 * len(powers))
    screen.of(FramesArrived)[0].receipt()
    turns(pipeline, 1)
    first, second = screen.of(FramesArrived)
    assert [sample.power for sample in (*first.samples, *second.samples)] == powers
    assert second.latest.power == powers[-1]
    second.receipt()
    turns(pipeline, 1)
    assert len(screen.of(FramesArrived)) == 2


def test_a_screen_that_is_gone_costs_no_more_than_a_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkytui.tui.worker._KEPT_SAMPLES", 500)
    poster = ScreenPoster(lambda _message: False)
    source = ScriptedSource(historic_frame() * 100 for _ in range(7))
    turns(Pipeline(source, listeners=[poster], monotonic=source.clock), 7)
    assert len(poster._samples) == 500


def test_a_fast_meter_gives_the_screen_25_messages_a_second() -> None:
    screen = Screen()
    source = ScriptedSource([turn for power in range(1000) for turn in (0.001, historic_frame(power))])
    pipeline = Pipeline(source, listeners=[ScreenPoster(screen.post, monotonic=source.clock)], monotonic=source.clock)
    turns(pipeline, 2000)
    assert 20 <= len(screen.of(FramesArrived)) <= 26
    source.clock.now += 1
    turns(pipeline, 1)
    assert [sample.power for sample in screen.samples] == list(range(1000))


def test_a_quiet_moment_brings_what_had_to_wait() -> None:
    screen = Screen()
    source = ScriptedSource([historic_frame(100), historic_frame(200), 1.0, b""])
    pipeline = Pipeline(source, listeners=[ScreenPoster(screen.post, monotonic=source.clock)], monotonic=source.clock)
    turns(pipeline, 2)
    assert [sample.power for sample in screen.samples] == [100]
    turns(pipeline, 1)
    assert [sample.power for sample in screen.samples] == [100, 200]


def test_a_damaged_number_reaches_neither_the_strip_nor_the_watts() -> None:
    screen = Screen()
    good, damaged = historic_frame(100), historic_frame(9000, "012345678910")
    script = [good, damaged, *[good] * 1000, damaged, damaged, good]
    source = ScriptedSource([turn for frame in script for turn in (1.5, frame)])
    poster = ScreenPoster(screen.post, monotonic=source.clock)
    turns(Pipeline(source, listeners=[poster], monotonic=source.clock), 2 * len(script))
    assert screen.of(MeterReset) == []
    assert {sample.power for sample in screen.samples} == {100}
    assert len(screen.samples) == 1002
    assert {message.latest.meter_id for message in screen.of(FramesArrived)} == {"012345678901"}


def test_rejections_are_posted_as_totals() -> None:
    screen = Screen()
    bad = historic_frame().replace(b"PAPP 00460", b"PAPP 00461")
    source = ScriptedSource([historic_frame(), bad, bad])
    turns(Pipeline(source, listeners=[ScreenPoster(screen.post, monotonic=ticking())], monotonic=source.clock), 3)
    assert [message.by_label for message in screen.of(GroupsRejected)] == [{"PAPP": 1}, {"PAPP": 2}]


def test_a_frame_without_power_is_no_sample_but_is_posted() -> None:
    screen = Screen()
    frame = historic_frame().replace(b"PAPP 00460", b"PAPP 00461")
    source = ScriptedSource([frame])
    turns(Pipeline(source, listeners=[ScreenPoster(screen.post)], monotonic=source.clock), 1)
    (message,) = screen.of(FramesArrived)
    assert message.samples == ()
    assert message.latest.calendar == "HC.."


def test_a_sample_keeps_the_period_when_its_own_frame_lost_it() -> None:
    screen = Screen()
    without_period = historic_frame(500).replace(b"PTEC HP..", b"PTEC H?..")
    source = ScriptedSource([historic_frame(400) + without_period])
    turns(Pipeline(source, listeners=[ScreenPoster(screen.post)], monotonic=source.clock), 1)
    assert [(sample.power, sample.period) for sample in screen.samples] == [(400, "HP"), (500, "HP")]


def test_a_jump_is_posted_and_what_waited_before_it_is_dropped() -> None:
    screen = Screen(slow=True)

    def jump() -> bytes:
        source.jumps += 1
        return historic_frame(999)

    source = ScriptedSource([historic_frame(1), historic_frame(2), jump, b""])
    pipeline = Pipeline(source, listeners=[ScreenPoster(screen.post, monotonic=ticking())], monotonic=source.clock)
    turns(pipeline, 3)
    assert len(screen.of(MeterReset)) == 1
    screen.of(FramesArrived)[0].receipt()
    turns(pipeline, 1)
    assert [sample.power for sample in screen.samples] == [1, 999]


def ticking() -> Clock:
    """A clock on which a second passes at each look."""

    class Ticking(Clock):
        def __call__(self) -> float:
            self.now += 1
            return self.now

    return Ticking()


# The thread


class Endless(Source):
    """Waits for bytes that never come, as a port without a time-out does, until it is closed."""

    name = "endless"
    baudrate = None

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.reading = threading.Event()

    def read(self) -> bytes:
        self.reading.set()
        self.closed.wait()
        raise EndOfSource

    def now(self) -> float:
        return 0.0

    def listen_at(self, baudrate: int) -> None: ...

    def close(self) -> None:
        self.closed.set()


class Deaf(Endless):
    """Does not even hear that it is closed."""

    def read(self) -> bytes:
        self.reading.set()
        threading.Event().wait(2 * PATIENCE)
        return b""


class Diary(Listener):
    """Notes that it was closed, and on which thread it heard of frames."""

    def __init__(self) -> None:
        self.closed = 0
        self.threads: set[str] = set()

    def turn_ended(self) -> None:
        self.threads.add(threading.current_thread().name)

    def close(self) -> None:
        self.closed += 1


@pytest.mark.parametrize("make", [Endless, Deaf])
def test_stopping_does_not_depend_on_the_next_byte(make: type[Endless]) -> None:
    source, diary = make(), Diary()
    worker = Worker(Pipeline(source, listeners=[diary]))
    worker.start()
    assert source.reading.wait(PATIENCE)
    worker.stop()
    worker.stop()
    assert source.closed.is_set()
    assert diary.closed == 1


def test_a_worker_that_never_started_can_be_stopped() -> None:
    diary = Diary()
    Worker(Pipeline(Endless(), listeners=[diary])).stop()
    assert diary.closed == 1


def test_the_thread_does_not_keep_the_program_alive() -> None:
    source = Endless()
    worker = Worker(Pipeline(source))
    worker.start()
    assert source.reading.wait(PATIENCE)
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "meter")
    worker.stop()


def test_a_recording_that_ended_can_be_gone_back_in() -> None:
    screen = Screen()
    source = ScriptedSource([historic_frame(100)])
    worker = Worker(Pipeline(source), screen.post)
    worker.start()
    wait_until(lambda: any(message.link.state is LinkState.ENDED for message in screen.of(LinkChanged)))
    source.jumps += 1
    source._turns = iter([historic_frame(200)])
    wait_until(lambda: 200 in [sample.power for sample in screen.samples])
    worker.stop()
    assert [sample.power for sample in screen.samples] == [100, 200]


def test_it_reads_on_its_own_thread_and_goes_on_after_trouble() -> None:
    screen, diary = Screen(), Diary()
    source = ScriptedSource([historic_frame(100), LinkError(LinkState.UNPLUGGED, "gone"), historic_frame(200)])
    worker = Worker(Pipeline(source, listeners=[diary]), screen.post)
    worker.start()
    wait_until(lambda: 200 in [sample.power for sample in screen.samples])
    worker.stop()
    assert diary.threads == {"meter"}


def test_a_port_on_a_silent_line_is_left_quickly(tmp_path: Path) -> None:
    with FakeMeter(tmp_path / "usb-meter") as meter:
        worker = Worker(Pipeline(SerialSource(meter.port)), Screen().post)
        worker.start()
        wait_until(lambda: meter.heard)
        worker.stop()
        assert not meter.heard


class TinyApp(App[None]):
    """A screen with nothing on it, that is slow with frames."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.worker = Worker(Pipeline(source), self.post_message)
        self.powers: list[int] = []
        self.busy = threading.Event()

    def on_mount(self) -> None:
        self.worker.start()

    def on_unmount(self) -> None:
        self.worker.stop()

    def on_frames_arrived(self, message: FramesArrived) -> None:
        self.powers += [sample.power for sample in message.samples]
        self.busy.wait(0.02)
        message.receipt()


async def test_a_slow_application_sees_every_sample_of_a_fast_meter() -> None:
    powers = list(range(2000))
    app = TinyApp(ScriptedSource([historic_frame(power) for power in powers]))
    async with app.run_test() as pilot:
        await until(pilot, lambda: len(app.powers) == len(powers))
    assert app.powers == powers
