"""What the doctor says of the line and of what the meter sends, on lines of every kind."""

import random
import threading
from collections.abc import Callable, Iterable

import pytest

from linkytui.doctor.check import Check, Verdict, discreet
from linkytui.doctor.line import line_checks
from linkytui.doctor.listening import listen
from linkytui.i18n import use_language
from linkytui.link import LinkError, LinkState
from linkytui.reading.contracts import Contract
from linkytui.settings.model import MeterSettings, Settings, TariffSettings
from linkytui.simulator.meter import SimulatedMeter
from linkytui.tic import Group, Mode, encode_frame
from tests.lines import Clock, ScriptedSource, historic_frame

Turn = bytes | float | Exception | Callable[[], bytes]


def base_frame(*without: str) -> bytes:
    groups = [
        Group("ADCO", "012345678901"),
        Group("OPTARIF", "BASE"),
        Group("ISOUSC", "45"),
        Group("BASE", "001234567"),
        Group("PTEC", "TH.."),
        Group("IINST", "002"),
        Group("IMAX", "090"),
        Group("PAPP", "00460"),
        Group("HHPHC", "A"),
        Group("MOTDETAT", "000000"),
    ]
    return encode_frame([group for group in groups if group.label not in without], Mode.HISTORIC)


class Patience(threading.Event):
    """Waits on a clock of the test's own."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.now += timeout or 0.0
        return False


def talk(*frames: bytes, every: float = 1.5) -> list[Turn]:
    return [turn for frame in frames for turn in (frame, every)]


def examined(
    turns: Iterable[Turn], settings: Settings | None = None, *, synchronised: bool = True, seconds: float = 20
) -> dict[str, Check]:
    """The checks of a line by their names."""
    settings = settings or Settings()
    source = ScriptedSource(turns, baudrate=1200)
    heard = listen(source, settings, seconds, monotonic=source.clock, stop=Patience(source.clock))
    assert source.closed == 1
    return {check.name: check for check in line_checks(heard, settings, synchronised=synchronised)}


def test_a_right_line_has_nothing_to_mend() -> None:
    checks = examined(talk(*(historic_frame(power) for power in range(0, 1400, 100))))
    assert list(checks) == ["port", "signal", "quality", "labels", "contract", "clock"]
    assert {check.verdict for check in checks.values()} == {Verdict.OK}
    assert "historic mode, 1200 baud" in checks["signal"].found
    assert "0 of 143 groups" in checks["quality"].found or "0 of 154 groups" in checks["quality"].found


def test_it_listens_for_as_long_as_it_is_told() -> None:
    source = ScriptedSource(talk(*[historic_frame()] * 100), baudrate=1200)
    heard = listen(source, Settings(), 30, monotonic=source.clock)
    assert 30 <= heard.seconds < 33
    assert heard.whole in (19, 20, 21)


@pytest.mark.parametrize("state", [each for each in LinkState if each.down and each is not LinkState.ENDED])
def test_what_keeps_the_port_from_being_read_is_said_with_the_remedy_and_nothing_else(state: LinkState) -> None:
    checks = examined([LinkError(state, "Do this.")] * 30)
    assert list(checks) == ["port"]
    assert checks["port"].verdict is Verdict.WRONG
    assert checks["port"].found
    assert checks["port"].remedy


def test_a_silent_line_and_a_noisy_one_are_told_apart() -> None:
    silent = examined([1.0] * 21)
    assert silent["signal"].verdict is Verdict.WRONG
    assert "silent" in silent["signal"].found
    assert "I1" in silent["signal"].remedy
    chance = random.Random(7)  # noqa: S311 -- noise
    noisy = examined([turn for _ in range(40) for turn in (chance.randbytes(40), 0.5)])
    assert noisy["signal"].verdict is Verdict.WRONG
    assert "cannot be read" in noisy["signal"].found
    assert "1,600 bytes came" in noisy["signal"].found
    assert "quality" not in noisy


def test_a_damaged_line_names_the_labels_that_suffer() -> None:
    frame = historic_frame()
    bad = frame.replace(b"PAPP 00460", b"PAPP 00461")
    checks = examined(talk(*[frame, frame, frame, bad] * 3))
    assert checks["quality"].verdict is Verdict.ATTENTION
    assert "PAPP 3" in checks["quality"].found
    worse = examined(talk(*[frame, frame, frame, *[bad.replace(b"HCHC 0", b"HCHC 1")] * 9]))
    assert worse["quality"].verdict is Verdict.WRONG


@pytest.mark.parametrize("label", ["PAPP", "IMAX", "PTEC", "ISOUSC", "MOTDETAT"])
def test_a_label_that_should_come_and_does_not_is_named(label: str) -> None:
    checks = examined(talk(*[base_frame(label)] * 6))
    assert checks["labels"].verdict is Verdict.ATTENTION
    assert label in checks["labels"].found.partition("missing")[2]


def test_two_frames_are_too_few_to_miss_a_label() -> None:
    checks = examined(talk(*[base_frame("PAPP")] * 2))
    assert checks["labels"].verdict is Verdict.OK
    assert "--seconds" in checks["labels"].remedy


@pytest.mark.parametrize("contract", [Contract.BASE, Contract.HPHC, Contract.TEMPO])
@pytest.mark.parametrize("mode", list(Mode))
def test_simulated_meters_miss_no_label(mode: Mode, contract: Contract) -> None:
    now = 1_780_000_000.0
    meter = SimulatedMeter(contract, mode, start=now)
    frames = [meter.frame(now + 2 * number) for number in range(9)]
    checks = examined(talk(*frames, every=2.0))
    assert checks["labels"].verdict is Verdict.OK, checks["labels"]
    assert "none is missing" in checks["labels"].found


def test_a_base_meter_beside_other_settings_gets_the_sentence_for_the_supplier() -> None:
    for tariff in (
        TariffSettings(option="HPHC"),
        TariffSettings(option="TEMPO"),
        TariffSettings(off_peak=("22:30-06:30",)),
    ):
        checks = examined(talk(*[base_frame()] * 6), Settings(tariff=tariff))
        assert checks["contract"].verdict is Verdict.ATTENTION
        assert "passe en mode standard" in checks["contract"].remedy
    checks = examined(talk(*[base_frame()] * 6), Settings(tariff=TariffSettings(option="BASE")))
    assert checks["contract"].verdict is Verdict.OK


def test_a_power_that_is_set_and_not_the_meters_is_told() -> None:
    checks = examined(talk(*[base_frame()] * 6), Settings(meter=MeterSettings(power_kva=12)))
    assert checks["contract"].found == "the meter says 9 kVA, the settings say 12 kVA"


@pytest.mark.parametrize(
    ("ahead", "synchronised", "verdict"),
    [
        (5, True, Verdict.OK),
        (5, False, Verdict.OK),
        (1200, True, Verdict.ATTENTION),
        (1200, False, Verdict.WRONG),
        (-12600, False, Verdict.WRONG),
    ],
)
def test_both_clocks_and_who_is_right(ahead: float, synchronised: bool, verdict: Verdict) -> None:
    wall = 1_780_000_000.0
    meter = SimulatedMeter(Contract.BASE, Mode.STANDARD, start=wall + ahead)
    source_frames = [meter.frame(wall + ahead + 2 * number) for number in range(6)]
    clock = examined(talk(*source_frames, every=2.0), synchronised=synchronised)["clock"]
    assert clock.verdict is verdict
    assert ("ahead" in clock.found) == (ahead > 60)
    assert ("behind" in clock.found) == (ahead < -60)
    assert bool(clock.remedy) == (verdict is not Verdict.OK)


def test_no_number_of_a_meter_and_no_name_of_a_user_leaves_the_house(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/jeanne")
    text = "041864123456 and 24112345678901 at 1764500000 in /home/jeanne/meter: 123456789 Wh"
    assert discreet(text) == "041864… and … at 1764500000 in ~/meter: 123456789 Wh"


def test_it_is_said_in_french() -> None:
    use_language("fr")
    checks = examined(talk(*[historic_frame()] * 9))
    assert checks["signal"].found.startswith("mode historique")
    assert checks["clock"].title == "Horloge"
