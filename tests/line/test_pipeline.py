"""The loop from bytes to listeners: what it passes on, when it says what, and that nothing stops it."""

import itertools
import logging
import re
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkytui.line.listener import Arrival, Listener
from linkytui.line.pipeline import Pipeline
from linkytui.line.sources.serial_port import SerialSource
from linkytui.link import Link, LinkError, LinkState
from linkytui.tic import Group, Mode, encode_frame
from tests.lines import PATIENCE, FakeMeter, ScriptedSource, historic_frame, standard_frame, wait_until

GARBAGE = b"J$LJjQkz1EFZuRj*" * 2
SHORT_FRAME = encode_frame(
    [Group("ADIR2", "035"), Group("ADCO", "012345678901"), *(Group(f"IINST{n}", "035") for n in (1, 2, 3))],
    Mode.HISTORIC,
)


class Notes(Listener):
    """Writes down all that it hears."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.data = b""
        self.arrivals: list[Arrival] = []
        self.powers: list[int | None] = []
        self.times: list[float] = []
        self.links: list[Link] = []
        self.turns = 0

    @property
    def states(self) -> list[LinkState]:
        """The states in their order, each once."""
        states = [link.state for link in self.links]
        return [state for place, state in enumerate(states) if place == 0 or states[place - 1] is not state]

    def bytes_came(self, data: bytes, at: float) -> None:  # noqa: ARG002
        self.heard.append("bytes")
        self.data += data

    def frame_came(self, arrival: Arrival) -> None:
        self.heard.append("frame")
        self.arrivals.append(arrival)
        self.powers.append(arrival.reading.power)
        self.times.append(arrival.reading.at)

    def link_changed(self, link: Link) -> None:
        self.heard.append("link")
        self.links.append(link)

    def meter_reset(self) -> None:
        self.heard.append("reset")

    def turn_ended(self) -> None:
        self.turns += 1

    def close(self) -> None:
        self.heard.append("close")


Turn = bytes | float | Exception | Callable[[], bytes]


def play(turns: Iterable[Turn], *, baudrate: int | None = None, mode: str = "auto") -> tuple[Notes, Pipeline]:
    """Run a script to its end without waiting; what was heard."""
    source = ScriptedSource(turns, baudrate=baudrate)
    notes = Notes()
    pipeline = Pipeline(source, mode=mode, listeners=[notes], monotonic=source.clock)  # type: ignore[arg-type]
    while (wait := pipeline.step()) is not None:
        source.clock.now += wait
    return notes, pipeline


def seconds(count: int, data: bytes = b"") -> list[Turn]:
    """So many seconds, with the same bytes after each."""
    turns: list[Turn] = [1.0, data] if data else [1.0]
    return turns * count


def test_frames_become_readings_in_their_order() -> None:
    notes, pipeline = play([historic_frame(460), historic_frame(520) + historic_frame(580)])
    assert notes.powers == [460, 520, 580]
    assert notes.arrivals[-1].reading.registers == {"HC": 723392, "HP": 1049103}
    assert pipeline.meter.latest is not None
    assert pipeline.meter.latest.power == 580
    assert notes.heard[:3] == ["bytes", "frame", "link"]


def test_a_listener_gets_every_byte_as_it_came() -> None:
    data = b"\0\0" + historic_frame() + b"\xff\x81noise"
    notes, _ = play([data[:7], data[7:]])
    assert notes.data == data


def test_a_frame_is_dated_by_its_source() -> None:
    notes, pipeline = play([historic_frame(), 7.5, historic_frame()])
    assert notes.times[1] - notes.times[0] == 7.5
    assert pipeline.link.last_frame_at == notes.times[1]


def test_a_short_frame_arrives_too_and_keeps_what_is_known() -> None:
    three_phase = encode_frame(
        [Group("ADCO", "012345678901"), Group("OPTARIF", "BASE"), Group("BASE", "000000001"), Group("PAPP", "01000")]
        + [Group(f"IINST{n}", "002") for n in (1, 2, 3)],
        Mode.HISTORIC,
    )
    notes, pipeline = play([three_phase, SHORT_FRAME])
    assert notes.arrivals[1].reading.over_phases == (2,)
    assert notes.powers == [1000, None]
    assert pipeline.meter.latest is not None
    assert pipeline.meter.latest.power == 1000


def test_counters_add_up() -> None:
    bad = historic_frame().replace(b"PAPP 00460", b"PAPP 00461")
    notes, pipeline = play([historic_frame(), 2.0, bad])
    link = notes.links[-1]
    assert (link.frames, link.accepted, dict(link.rejected)) == (2, 21, {"checksum": 1})
    assert link.bytes_read == len(historic_frame()) + len(bad)
    assert link.error_rate == pytest.approx(1 / 22)
    assert pipeline.link == link


def test_the_frame_that_the_end_cuts_is_passed_on() -> None:
    notes, _ = play([historic_frame()[:100]])
    assert len(notes.arrivals) == 1
    assert not notes.arrivals[0].frame.complete
    assert notes.states[-1] is LinkState.ENDED


# States of the line


def test_a_line_waits_lives_grows_stale_and_falls_silent() -> None:
    notes, _ = play([b"", historic_frame(), *seconds(12), historic_frame()])
    assert notes.states == [LinkState.LIVE, LinkState.STALE, LinkState.SILENT, LinkState.LIVE, LinkState.ENDED]


def test_a_line_that_never_speaks_is_silent_after_ten_seconds() -> None:
    source = ScriptedSource(seconds(11))
    pipeline = Pipeline(source, monotonic=source.clock)
    states = []
    for _ in range(11):
        pipeline.step()
        states.append(pipeline.link.state)
    assert states == [LinkState.WAITING] * 10 + [LinkState.SILENT]


def test_garbage_is_noise() -> None:
    notes, _ = play(seconds(10, GARBAGE))
    assert LinkState.NOISE in notes.states
    assert not notes.arrivals


def test_the_states_follow_the_steady_clock_and_not_the_wall() -> None:
    source = ScriptedSource([historic_frame(), b"", b"", b"", historic_frame(), b""])
    notes = Notes()
    pipeline = Pipeline(source, listeners=[notes], monotonic=source.clock)
    for hour in (0, 3600, -7200, 3600, 86400, 0):
        source.wall.now += hour
        pipeline.step()
    assert notes.states == [LinkState.LIVE]


def test_counters_alone_are_told_once_a_second() -> None:
    source = ScriptedSource([turn for _ in range(100) for turn in (0.1, historic_frame())])
    notes = Notes()
    pipeline = Pipeline(source, listeners=[notes], monotonic=source.clock)
    while pipeline.step() is not None:
        pass
    assert 10 <= len(notes.links) <= 13


def test_nothing_new_is_told_of_a_line_that_does_not_change() -> None:
    notes, _ = play([historic_frame(), *seconds(4)])
    assert len([link for link in notes.links if link.state is LinkState.LIVE]) <= 2


@pytest.mark.parametrize(
    "state", [LinkState.NO_PORT, LinkState.UNPLUGGED, LinkState.NO_PERMISSION, LinkState.BUSY, LinkState.FAILED]
)
def test_trouble_is_told_in_words_and_passes(state: LinkState) -> None:
    notes, _ = play([LinkError(state, "why and what to do"), b"", historic_frame()])
    assert notes.states == [state, LinkState.WAITING, LinkState.LIVE, LinkState.ENDED]
    assert notes.links[0].detail == "why and what to do"
    assert notes.links[1].detail == ""


def test_a_port_that_is_gone_is_tried_every_second() -> None:
    source = ScriptedSource([LinkError(LinkState.UNPLUGGED, "gone") for _ in range(20)])
    pipeline = Pipeline(source, monotonic=source.clock)
    assert [pipeline.step() for _ in range(5)] == [1.0] * 5


def test_other_trouble_is_tried_less_and_less_often_until_it_passes() -> None:
    busy = LinkError(LinkState.BUSY, "busy")
    source = ScriptedSource([busy, busy, busy, busy, busy, b"", busy])
    pipeline = Pipeline(source, monotonic=source.clock)
    assert [pipeline.step() for _ in range(7)] == [1.0, 2.0, 4.0, 5.0, 5.0, 0.0, 1.0]


def test_what_came_before_an_unplug_does_not_mix_with_what_comes_after() -> None:
    frame = historic_frame(1230)
    notes, _ = play([frame[:60], LinkError(LinkState.UNPLUGGED, "gone"), frame[100:], historic_frame(4560)])
    assert notes.powers[-1] == 4560
    assert not any(arrival.frame.rejected for arrival in notes.arrivals)


def test_a_source_that_breaks_in_an_unforeseen_way_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.CRITICAL):
        notes, _ = play([ZeroDivisionError("unforeseen"), historic_frame()])
    assert notes.states == [LinkState.FAILED, LinkState.LIVE, LinkState.ENDED]
    assert notes.links[0].detail == "unforeseen"


# The speed


class WrongSpeedSource(ScriptedSource):
    """Gives good frames only to who listens at the meter's speed, and garbage to others; 100 reads a second."""

    def __init__(self, mode: Mode, baudrate: int = 1200) -> None:
        super().__init__([], baudrate=baudrate)
        self.mode = mode
        self._place = 0

    def read(self) -> bytes:
        speed, frame = (1200, historic_frame()) if self.mode is Mode.HISTORIC else (9600, standard_frame())
        self.clock.now += 0.05
        self.wall.now += 0.05
        count = speed // 200
        start, self._place = self._place, self._place + count
        line = frame * (2 + count // len(frame))
        data = line[start % len(frame) :][:count]
        return data if self.baudrate == speed else bytes(code ^ 0x55 | 1 for code in data)


def follow(pipeline: Pipeline, source: WrongSpeedSource, until: Callable[[Link], bool]) -> float:
    """Seconds until the link is as wanted."""
    start = source.clock.now
    while not until(pipeline.link):
        assert source.clock.now - start < 60
        pipeline.step()
    return source.clock.now - start


@pytest.mark.parametrize("first", [1200, 9600])
@pytest.mark.parametrize("mode", list(Mode))
def test_either_speed_is_found_within_six_seconds(mode: Mode, first: int) -> None:
    source = WrongSpeedSource(mode, first)
    pipeline = Pipeline(source, monotonic=source.clock)
    taken = follow(pipeline, source, lambda link: link.state is LinkState.LIVE)
    assert taken < 6
    assert pipeline.link.mode is mode
    assert pipeline.link.mode_changed_at is None


@given(offset=st.integers(0, 400), mode=st.sampled_from(list(Mode)))
def test_the_speed_is_found_wherever_the_stream_begins(offset: int, mode: Mode) -> None:
    source = WrongSpeedSource(mode)
    source._place = offset
    pipeline = Pipeline(source, monotonic=source.clock)
    assert follow(pipeline, source, lambda link: link.state is LinkState.LIVE) < 6


def test_a_meter_that_is_switched_is_followed_and_the_change_is_told() -> None:
    source = WrongSpeedSource(Mode.HISTORIC)
    notes = Notes()
    pipeline = Pipeline(source, listeners=[notes], monotonic=source.clock)
    follow(pipeline, source, lambda link: link.frames > 5)
    source.mode = Mode.STANDARD
    before = source.wall.now
    taken = follow(pipeline, source, lambda link: link.mode is Mode.STANDARD)
    assert taken < 10
    assert before < (pipeline.link.mode_changed_at or 0) <= source.wall.now
    assert pipeline.link.baudrate == 9600
    assert LinkState.NOISE not in notes.states
    assert "reset" not in notes.heard
    source.mode = Mode.HISTORIC
    follow(pipeline, source, lambda link: link.mode is Mode.HISTORIC)
    assert source.asked == [9600, 1200]


def test_a_speed_that_works_is_kept() -> None:
    source = WrongSpeedSource(Mode.HISTORIC)
    pipeline = Pipeline(source, monotonic=source.clock)
    follow(pipeline, source, lambda link: link.frames > 40)
    assert source.asked == []


def test_after_an_unplug_the_last_speed_comes_first() -> None:
    source = ScriptedSource([standard_frame(), LinkError(LinkState.UNPLUGGED, "gone"), b"x"], baudrate=9600)
    pipeline = Pipeline(source, monotonic=source.clock)
    while pipeline.step() is not None:
        pass
    assert source.asked == []


@pytest.mark.parametrize(("mode", "speed"), [("historic", 1200), ("standard", 9600)])
def test_a_mode_that_is_set_fixes_the_speed(mode: str, speed: int) -> None:
    notes, pipeline = play(seconds(20, GARBAGE), baudrate=4800, mode=mode)
    assert pipeline.source.baudrate == speed
    assert LinkState.NOISE in notes.states


def test_noise_may_be_the_mode_that_was_not_set() -> None:
    def told(mode: str) -> str:
        notes, _pipeline = play(seconds(10, standard_frame()), mode=mode)
        return next((link.detail for link in notes.links if link.state is LinkState.NOISE), "")

    assert "mode = historic" in told("historic")
    assert "auto" in told("historic")
    assert told("standard") == told("auto") == ""


def test_a_mode_that_is_set_refuses_the_other() -> None:
    notes, _ = play([historic_frame()], mode="standard")
    assert all(not arrival.frame.groups for arrival in notes.arrivals)


def test_a_line_without_speed_is_never_asked_to_change_it() -> None:
    _, pipeline = play(seconds(20, GARBAGE))
    assert isinstance(pipeline.source, ScriptedSource)
    assert pipeline.source.asked == []


# Another meter, another moment


OTHER = "210000000000"


def test_another_meter_starts_anew_once_it_said_its_number_three_times_running() -> None:
    notes, pipeline = play([historic_frame(100), *(historic_frame(power, OTHER) for power in (200, 300, 400))])
    assert notes.powers == [100, 200, 300, 400]
    assert notes.heard.count("reset") == 1
    assert notes.heard.index("reset") == len(notes.heard) - 1 - notes.heard[::-1].index("frame") - 1
    assert pipeline.meter.labels["PAPP"].times == 1
    assert pipeline.meter.latest is not None
    assert (pipeline.meter.latest.power, pipeline.meter.latest.meter_id) == (400, OTHER)


def test_a_number_damaged_in_the_same_way_twice_is_no_other_meter() -> None:
    good, damaged = historic_frame(), historic_frame(1, "012345678910")
    notes, pipeline = play([good, damaged, *[good] * 1000, damaged, good, damaged, damaged, good])
    assert "reset" not in notes.heard
    assert pipeline.meter.latest is not None
    assert pipeline.meter.latest.meter_id == "012345678901"


def test_frames_that_say_no_number_do_not_break_a_run() -> None:
    silent = historic_frame().replace(b"ADCO 0", b"ADCO 9")
    notes, _ = play([historic_frame(), *(frame for _ in range(3) for frame in (silent, historic_frame(1, OTHER)))])
    assert notes.heard.count("reset") == 1


def test_a_first_number_that_was_damaged_is_put_right_by_three_others() -> None:
    notes, pipeline = play([historic_frame(meter_id="012345678909"), historic_frame(), historic_frame()])
    assert "reset" not in notes.heard
    notes, pipeline = play([historic_frame(meter_id="012345678909"), *[historic_frame()] * 3])
    assert notes.heard.count("reset") == 1
    assert pipeline.meter.labels["ADCO"].group.data == "012345678901"


def test_of_two_meters_in_turns_the_first_one_stays_and_is_not_mixed_with_the_other() -> None:
    notes, pipeline = play([frame for _ in range(50) for frame in (historic_frame(100), historic_frame(900, OTHER))])
    assert "reset" not in notes.heard
    assert pipeline.meter.labels["PAPP"].group.data == "00100"
    assert [arrival.foreign for arrival in notes.arrivals] == [False, True] * 50


@given(st.lists(st.sampled_from(["012345678901", OTHER, "012345678909", None]), max_size=40))
def test_a_number_counts_only_after_three_in_a_row(numbers: list[str | None]) -> None:
    """A word by word account of the rule: the believed number, and how often another was said since."""
    frames = [historic_frame(meter_id=number or "x" * 12) for number in numbers]
    notes, pipeline = play(frames)
    believed: str | None = None
    run: list[str] = []
    resets = 0
    for number in filter(None, numbers):
        run = [*run, number] if run and run[-1] == number else [number]
        if believed is None or (number != believed and len(run) == 3):
            resets += believed is not None
            believed = number
    assert notes.heard.count("reset") == resets
    assert pipeline.meter.meter_id == believed


def test_the_same_meter_in_another_mode_is_no_other_meter() -> None:
    notes, pipeline = play([historic_frame(), *[standard_frame()] * 3])
    assert "reset" not in notes.heard
    assert pipeline.link.mode is Mode.STANDARD


def test_a_frame_or_two_in_another_mode_are_no_switch() -> None:
    notes, pipeline = play([historic_frame(100), standard_frame(), standard_frame(), historic_frame(200)])
    assert {link.mode for link in notes.links} == {Mode.HISTORIC}
    assert pipeline.meter.labels["PAPP"].times == 2


def test_a_jump_in_a_recording_starts_anew() -> None:
    frame = historic_frame(777)

    def jump() -> bytes:
        source.jumps += 1
        return frame[30:]

    source = ScriptedSource([historic_frame(100), frame[:100], jump, frame])
    notes = Notes()
    pipeline = Pipeline(source, listeners=[notes], monotonic=source.clock)
    while pipeline.step() is not None:
        pass
    assert notes.heard.count("reset") == 1
    assert notes.powers == [100, 777, 777]
    assert not any(arrival.frame.rejected for arrival in notes.arrivals)
    assert pipeline.meter.labels["PAPP"].times == 2


def test_a_recording_can_go_on_after_its_end() -> None:
    source = ScriptedSource([historic_frame()])
    notes = Notes()
    pipeline = Pipeline(source, listeners=[notes], monotonic=source.clock)
    assert pipeline.step() == 0.0
    assert pipeline.step() is None
    assert pipeline.step() is None
    source._turns = iter([historic_frame(900)])
    source.jumps += 1
    assert pipeline.step() == 0.0
    assert notes.powers == [460, 900]
    assert notes.states == [LinkState.LIVE, LinkState.ENDED, LinkState.LIVE]


def test_a_recording_held_still_is_not_silent() -> None:
    source = ScriptedSource([historic_frame(), *seconds(60), b"", *seconds(4)])
    notes = Notes()
    pipeline = Pipeline(source, listeners=[notes], monotonic=source.clock)
    pipeline.step()
    source.speed = 0.0
    for _ in range(60):
        pipeline.step()
    source.speed = 1.0
    for _ in range(5):
        pipeline.step()
    assert notes.states == [LinkState.LIVE]


def test_at_half_speed_the_silence_takes_twice_as_long() -> None:
    source = ScriptedSource([historic_frame(), *seconds(9), *seconds(2)])
    source.speed = 0.5
    notes = Notes()
    pipeline = Pipeline(source, listeners=[notes], monotonic=source.clock)
    for _ in range(10):
        pipeline.step()
    assert notes.states == [LinkState.LIVE]
    pipeline.step()
    assert notes.states == [LinkState.LIVE, LinkState.STALE]


# Listeners and the end


class Broken(Listener):
    """Fails whenever it can."""

    def bytes_came(self, data: bytes, at: float) -> None:  # noqa: ARG002
        raise OSError("disk full")

    def frame_came(self, arrival: Arrival) -> None:  # noqa: ARG002
        raise ValueError("not my day")

    def close(self) -> None:
        raise RuntimeError("even now")


def test_a_listener_that_fails_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    source = ScriptedSource([historic_frame()] * 10)
    notes = Notes()
    pipeline = Pipeline(source, listeners=[Broken(), notes], monotonic=source.clock)
    while pipeline.step() is not None:
        pass
    pipeline.close()
    assert len(notes.arrivals) == 10
    assert notes.heard[-1] == "close"
    assert pipeline.listeners.failures == {"Broken": 21}
    assert len([record for record in caplog.records if "Broken" in record.message]) == 1


def test_each_turn_is_ended_whatever_came_of_it() -> None:
    notes, _ = play([historic_frame(), b"", LinkError(LinkState.BUSY, "busy"), b""])
    assert notes.turns == 5


def test_running_ends_with_the_recording() -> None:
    source = ScriptedSource([historic_frame(), historic_frame()])
    notes = Notes()
    Pipeline(source, listeners=[notes]).run(threading.Event())
    assert len(notes.arrivals) == 2
    assert "close" not in notes.heard


def test_a_request_to_stop_is_answered_while_waiting_to_try_again() -> None:
    source = ScriptedSource([LinkError(LinkState.FAILED, "no")] * 1000)
    pipeline = Pipeline(source)
    pipeline._retry = 3600.0
    stop = threading.Event()
    thread = threading.Thread(target=pipeline.run, args=(stop,), daemon=True)
    thread.start()
    wait_until(lambda: pipeline.link.state is LinkState.FAILED)
    stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_no_bytes_whatever_stop_it(chunks: list[bytes]) -> None:
    notes, pipeline = play([*chunks, historic_frame(1234)], baudrate=1200)
    assert notes.data == b"".join(chunks) + historic_frame(1234)
    assert not pipeline.listeners.failures
    assert notes.states[-1] is LinkState.ENDED


# The real thing


def test_a_capture_on_a_real_port_gives_its_values(captures: Path, tmp_path: Path) -> None:
    data = (captures / "historic-hphc-13frames-leading-nul.tic").read_bytes()
    notes = Notes()
    with FakeMeter(tmp_path / "usb-meter") as meter:
        pipeline = Pipeline(SerialSource(meter.port), listeners=[notes])
        stop = threading.Event()
        thread = threading.Thread(target=pipeline.run, args=(stop,), daemon=True)
        thread.start()
        wait_until(lambda: meter.heard and notes.turns)
        meter.say(data)
        wait_until(lambda: len(notes.arrivals) >= 14)
        stop.set()
        thread.join(PATIENCE)
        pipeline.close()
    assert notes.data == data
    assert notes.powers == [int(power) for power in re.findall(rb"\nPAPP (\d{5}) ", data)]
    off_peak, peak = (int(re.findall(rb"\n%b (\d{9}) " % label, data)[-1]) for label in (b"HCHC", b"HCHP"))
    assert notes.arrivals[-1].reading.registers == {"HC": off_peak, "HP": peak}


def test_a_meter_at_the_pace_of_the_line_is_live_and_survives_a_replug(tmp_path: Path) -> None:
    notes = Notes()
    with FakeMeter(tmp_path / "usb-meter") as meter:
        pipeline = Pipeline(SerialSource(meter.port), listeners=[notes])
        stop = threading.Event()
        thread = threading.Thread(target=pipeline.run, args=(stop,), daemon=True)
        thread.start()
        meter.talk(historic_frame(1230), baudrate=1200)
        wait_until(lambda: 1230 in notes.powers)
        meter.unplug()
        wait_until(lambda: pipeline.link.state is LinkState.UNPLUGGED)
        meter.plug()
        meter.talk(historic_frame(4560), baudrate=1200)
        wait_until(lambda: 4560 in notes.powers)
        stop.set()
        pipeline.close()
        thread.join(PATIENCE)
    first, last = notes.states.index(LinkState.LIVE), len(notes.states) - 1
    assert notes.states[first : last + 1] == [LinkState.LIVE, LinkState.UNPLUGGED, LinkState.WAITING, LinkState.LIVE]


class RestingSource(ScriptedSource):
    """Notes for how long it may rest."""

    def __init__(self, frames: list[bytes], *, whole: bool = False) -> None:
        pieces = frames if whole else [frame[at : at + 2] for frame in frames for at in range(0, len(frame), 2)]
        super().__init__(itertools.chain.from_iterable((0.016, piece) for piece in pieces))
        self.rests: list[float] = []

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)


@pytest.mark.parametrize(
    ("frames", "whole", "rests"),
    [
        ([historic_frame()] * 12, False, True),
        ([historic_frame()] * 12, True, False),
        ([historic_frame()] * 3, False, False),
        ([bytes(range(4, 200))] * 12, False, False),
    ],
)
def test_a_source_may_rest_where_its_frames_come_in_pieces_and_are_good(
    frames: list[bytes], whole: bool, rests: bool
) -> None:
    source = RestingSource(frames, whole=whole)
    pipeline = Pipeline(source, monotonic=source.clock)
    pipeline.run(threading.Event())
    assert bool(source.rests) is rests
    assert all(0 < rest <= 0.4 for rest in source.rests)
