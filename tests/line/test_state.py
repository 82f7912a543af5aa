"""The state of an open line, told from times alone."""

from linkytui.line.state import LineWatch
from linkytui.link import LinkState


def opened() -> LineWatch:
    watch = LineWatch()
    watch.opened(100.0)
    return watch


def test_a_line_just_opened_waits() -> None:
    assert opened().state(100.0) is LinkState.WAITING
    assert opened().state(109.9) is LinkState.WAITING


def test_a_line_without_a_byte_is_silent() -> None:
    assert opened().state(110.0) is LinkState.SILENT


def test_a_good_frame_makes_it_live_for_five_seconds() -> None:
    watch = opened()
    watch.bytes_came(101.0)
    watch.good_frame(101.0)
    assert watch.state(105.9) is LinkState.LIVE
    assert watch.state(106.0) is LinkState.STALE
    assert watch.state(110.9) is LinkState.STALE
    assert watch.state(111.0) is LinkState.SILENT


def test_bytes_without_a_good_group_are_noise_after_a_while() -> None:
    watch = opened()
    for second in range(101, 107):
        watch.bytes_came(float(second))
        assert watch.state(float(second)) is LinkState.WAITING
    watch.bytes_came(107.0)
    assert watch.state(107.0) is LinkState.NOISE


def test_frames_that_turn_bad_are_stale_and_then_noise() -> None:
    watch = opened()
    watch.bytes_came(101.0)
    watch.good_frame(101.0)
    states = []
    for second in range(102, 110):
        watch.bytes_came(float(second))
        states.append(watch.state(float(second)))
    assert states == [LinkState.LIVE] * 4 + [LinkState.STALE] * 2 + [LinkState.NOISE] * 2


def test_a_good_frame_ends_the_noise() -> None:
    watch = opened()
    for second in range(101, 120):
        watch.bytes_came(float(second))
    watch.good_frame(119.0)
    assert watch.state(119.0) is LinkState.LIVE


def test_a_byte_after_a_silence_is_no_noise_yet() -> None:
    watch = opened()
    watch.bytes_came(101.0)
    assert watch.state(160.0) is LinkState.SILENT
    watch.bytes_came(160.0)
    assert watch.state(160.0) is LinkState.WAITING
    watch.bytes_came(230.0)
    assert watch.state(230.0) is LinkState.WAITING


def test_a_line_opened_again_waits_for_its_first_frame() -> None:
    watch = opened()
    watch.bytes_came(101.0)
    watch.good_frame(101.0)
    watch.opened(102.0)
    assert watch.state(102.0) is LinkState.WAITING
