"""What a meter has said over several frames: what holds, what passes, and what a lost label does not change."""

from pathlib import Path

import pytest

from linkytui.reading import Contract, Meter, Reading
from linkytui.tic import Colour, Frame, FrameReader, Group, Mode, encode_frame
from tests.tic.frames_by_hand import HISTORIC, LONG, SHORT, STANDARD, historic, read, standard


def observed(meter: Meter, *streams: bytes, start: float = 1000.0) -> list[Reading]:
    """The readings of the frames of a stream, one a second."""
    return [meter.observe(frame, start + number) for number, frame in enumerate(read(b"".join(streams)))]


def latest(meter: Meter) -> Reading:
    reading = meter.latest
    assert reading is not None
    return reading


def changed(groups: tuple[Group, ...], **data: str) -> tuple[Group, ...]:
    return tuple(group._replace(data=data.get(group.label, group.data)) for group in groups)


def without(groups: tuple[Group, ...], *labels: str) -> tuple[Group, ...]:
    return tuple(group for group in groups if group.label not in labels)


def after(groups: tuple[Group, ...], label: str, *more: Group) -> tuple[Group, ...]:
    place = [group.label for group in groups].index(label) + 1
    return (*groups[:place], *more, *groups[place:])


def test_nothing_is_known_before_the_first_frame() -> None:
    assert Meter().latest is None
    assert Meter().labels == {}


def test_the_latest_reading_is_that_of_a_whole_frame() -> None:
    for stream in (historic(), standard()):
        meter = Meter()
        (reading,) = observed(meter, stream)
        assert latest(meter) == reading


def test_a_lost_label_keeps_its_last_value_in_what_is_known_and_is_absent_from_the_frame() -> None:
    meter = Meter()
    bad = historic(*changed(HISTORIC, PAPP="03000")).replace(b"PAPP 03000", b"PAPP 0 000")
    _, second = observed(meter, historic(), bad)
    assert second.power is None
    assert latest(meter).power == 2070
    assert latest(meter).at == 1001.0
    assert meter.labels["PAPP"].at == 1000.0
    assert meter.labels["PAPP"].times == 1
    assert meter.labels["HCHC"].at == 1001.0
    assert meter.labels["HCHC"].times == 2
    assert meter.rejections == {"PAPP": 1}


def test_unreadable_labels_are_counted_under_an_empty_name() -> None:
    meter = Meter()
    observed(meter, historic().replace(b"PAPP 02", b"@APP 02") * 3)
    assert meter.rejections == {"": 3}


def test_a_frame_that_lost_its_contract_keeps_its_registers_names() -> None:
    meter = Meter()
    _, second = observed(meter, historic(), historic().replace(b"OPTARIF HC..", b"OPTARIF HC.."[:-1] + b"/"))
    assert second.contract is Contract.HPHC
    assert second.total == 16_834_707
    assert second.calendar is None
    names = standard().replace(b"NGTF\tH", b"NGTF\tG")
    meter = Meter()
    _, second = observed(meter, standard(), names)
    assert second.contract is Contract.HPHC
    assert tuple(second.registers) == ("HC", "HP")


def test_over_subscription_lasts_until_a_whole_frame_lacks_it() -> None:
    meter = Meter()
    over = historic(*after(HISTORIC, "IINST", Group("ADPS", "046")))
    damaged = historic().replace(b"HHPHC A ,", b"HHPHC A +")
    readings = observed(meter, over)
    assert readings[0].over_subscription is True
    (reading,) = observed(meter, damaged)
    assert reading.over_subscription is None
    assert latest(meter).over_subscription is True
    (reading,) = observed(meter, historic())
    assert reading.over_subscription is False
    assert latest(meter).over_subscription is False
    assert "ADPS" not in meter.labels


def test_a_frame_that_was_cut_takes_nothing_back() -> None:
    meter = Meter()
    observed(meter, historic(*after(HISTORIC, "IINST", Group("ADPS", "046"))))
    for frame in read(historic()[:-1] + b"\x04"):
        assert not frame.complete
        meter.observe(frame, 1002.0)
    assert latest(meter).over_subscription is True


def test_short_frames_change_the_currents_and_reset_nothing_else() -> None:
    meter = Meter()
    before, *short = observed(meter, historic(*LONG), historic(*SHORT) * 3)
    assert [reading.over_subscription for reading in short] == [True] * 3
    assert [reading.over_phases for reading in short] == [(2,)] * 3
    assert all(reading.power is None and reading.registers == {} for reading in short)
    now = latest(meter)
    assert now.currents == (3, 24, 1)
    assert (now.power, now.registers, now.total) == (before.power, before.registers, before.total)
    assert (now.contract, now.period, now.subscribed) == (Contract.BASE, "BASE", 12.0)


def test_the_long_frame_within_a_burst_does_not_end_the_alarm() -> None:
    meter = Meter()
    readings = observed(meter, historic(*SHORT) * 2, historic(*LONG), historic(*SHORT))
    assert [reading.over_subscription for reading in readings] == [True, True, None, True]
    observed(meter, historic(*LONG))
    assert latest(meter).over_subscription is True
    observed(meter, historic(*LONG))
    assert latest(meter).over_subscription is False


def test_the_calm_short_frames_of_a_bursts_last_minute_end_the_alarm() -> None:
    meter = Meter()
    over, calm = observed(meter, historic(*SHORT), historic(*SHORT[1:]))
    assert (over.over_subscription, calm.over_subscription) == (True, False)
    assert latest(meter).over_subscription is False
    assert latest(meter).over_phases == ()


def test_a_burst_that_eot_begins_keeps_what_was_known() -> None:
    meter = Meter()
    observed(meter, historic(*LONG), historic(*LONG)[:60] + b"\x04", historic(*SHORT))
    assert latest(meter).power == 740
    assert latest(meter).over_phases == (2,)


def test_the_notice_of_an_ejp_peak_passes() -> None:
    groups = changed(without(HISTORIC, "HCHC", "HCHP"), OPTARIF="EJP.", PTEC="HN..")
    groups = after(groups, "ISOUSC", Group("EJPHN", "000001000"), Group("EJPHPM", "000000200"))
    meter = Meter()
    observed(meter, historic(*after(groups, "EJPHPM", Group("PEJP", "30"))))
    assert latest(meter).peak is not None
    observed(meter, historic(*groups))
    assert latest(meter).peak is None


def test_a_message_sent_once_passes_and_the_load_curve_can_be_switched_off() -> None:
    meter = Meter()
    observed(meter, standard(*after(STANDARD, "MSG1", Group("MSG2", "RAPPEL          "))))
    assert latest(meter).message == "RAPPEL"
    observed(meter, standard(*after(STANDARD, "SMAXSN", Group("CCASN", "01650", "E260714073000"))))
    assert latest(meter).message is None
    assert "CCASN" in meter.labels
    observed(meter, standard())
    assert "CCASN" not in meter.labels


def test_an_unknown_label_is_known_once_it_came_three_times_running() -> None:
    meter = Meter()
    stranger = historic(*after(HISTORIC, "IMAX", Group("TENSION", "233")))
    observed(meter, stranger * 2, historic(), stranger * 2)
    assert "TENSION" not in meter.labels
    observed(meter, stranger)
    assert meter.labels["TENSION"].group == Group("TENSION", "233")
    assert meter.labels["TENSION"].times == 3


def test_strangers_do_not_fill_the_memory() -> None:
    meter = Meter()
    for number in range(1000):
        groups = tuple(Group(f"LABEL{number}X{other}", "0") for other in range(10))
        meter.observe(Frame(Mode.HISTORIC, (*HISTORIC, *groups), (), complete=True, offset=0), float(number))
    assert set(meter.labels) == {group.label for group in HISTORIC}


def test_a_meter_that_is_switched_starts_over() -> None:
    meter = Meter()
    observed(meter, historic())
    readings = observed(meter, standard() * 3, start=2000.0)
    assert [reading.mode for reading in readings] == [Mode.STANDARD] * 3
    assert set(meter.labels) == {group.label for group in STANDARD}
    assert latest(meter) == readings[-1]


def test_a_frame_in_another_mode_switches_nothing() -> None:
    meter = Meter()
    (first,) = observed(meter, historic())
    observed(meter, standard() * 2)
    assert (meter.mode, latest(meter)) == (Mode.HISTORIC, first)
    observed(meter, historic(), standard() * 2)
    assert meter.mode is Mode.HISTORIC


def test_a_frame_of_bad_groups_only_does_not_switch_anything() -> None:
    meter = Meter()
    observed(meter, historic())
    (bad,) = FrameReader("standard").feed(b"\x02\nADSC\t012361456789\tZ\r\x03")
    meter.observe(bad, 2000.0)
    assert latest(meter).power == 2070
    assert meter.rejections == {"ADSC": 1}


def test_another_contract_drops_the_registers_of_the_one_before() -> None:
    meter = Meter()
    observed(meter, historic())
    base = changed(without(HISTORIC, "HCHC"), OPTARIF="BASE", PTEC="TH..")
    base = tuple(group._replace(label="BASE") if group.label == "HCHP" else group for group in base)
    observed(meter, historic(*base) * 2)
    assert tuple(latest(meter).registers) == ("HC", "HP")
    observed(meter, historic(*base))
    assert latest(meter).registers == {"BASE": 8_300_012}
    assert latest(meter).total == 8_300_012


PRODUCER = after(STANDARD, "EASD01", Group("EAIT", "000000123"))
SLIPS = [
    changed(STANDARD, ADSC="012361456788"),
    changed(STANDARD, ADSC="012376456789"),  # of a three-phase meter
    changed(STANDARD, NGTF="H PLEINE/CREUSD "),
    changed(STANDARD, STGE="013A0401"),  # a Tempo day
    changed(STANDARD, PREF="06"),
    after(STANDARD, "IRMS1", Group("IRMS2", "009")),
    PRODUCER,
]


@pytest.mark.parametrize("slip", SLIPS)
def test_no_frame_that_is_damaged_but_passes_the_sum_switches_anything(slip: tuple[Group, ...]) -> None:
    meter = Meter()

    def state() -> tuple[object, ...]:
        now = latest(meter)
        return (
            now.meter_id,
            now.contract,
            now.phases,
            now.subscribed,
            tuple(now.registers),
            now.injected,
            now.currents,
        )

    observed(meter, standard())
    before = state()
    for stream in (standard(*slip), standard() * 50, standard(*slip) * 2, standard()):
        for reading in observed(meter, stream):
            assert tuple(reading.registers) == ("HC", "HP")
        assert state() == before


@pytest.mark.parametrize("slip", SLIPS)
def test_what_is_said_three_times_running_is_so(slip: tuple[Group, ...]) -> None:
    meter, fresh = Meter(), Meter()
    observed(meter, standard(), standard(*slip) * 3)
    observed(fresh, standard(*slip), start=1003.0)
    assert latest(meter) == latest(fresh)


def test_a_warning_needs_no_second_word() -> None:
    meter = Meter()
    observed(meter, historic(), historic(*after(HISTORIC, "IINST", Group("ADPS", "046"))))
    assert latest(meter).over_subscription is True


def test_what_a_cut_frame_did_not_tell_is_not_known() -> None:
    meter = Meter()
    (reading,) = observed(meter, historic()[:60])
    assert reading.over_subscription is None
    assert latest(meter).over_subscription is None
    (reading,) = observed(Meter(), standard(*without(STANDARD, "NGTF", "STGE"))[:-40])
    assert reading.contract is None


def test_labels_are_the_receivers_to_keep() -> None:
    meter = Meter()
    observed(meter, historic())
    kept = meter.labels
    kept.clear()
    assert meter.labels


@pytest.mark.parametrize("short_of", range(len(HISTORIC)))
def test_no_lost_label_harms_the_reading_of_the_others(short_of: int) -> None:
    groups = (*HISTORIC[:short_of], *HISTORIC[short_of + 1 :])
    (reading,) = observed(Meter(), encode_frame(groups, Mode.HISTORIC))
    assert (reading.power is None) is (HISTORIC[short_of].label == "PAPP")


def test_frames_of_every_kind_have_a_meaning(captures: Path) -> None:
    expected = {
        "historic-base-1frame.tic": (Contract.BASE, 1, 0, 3.0),
        "historic-base-3phase-6frames.tic": (Contract.BASE, 3, None, 12.0),
        "historic-base-3phase-noisy-no-etx.tic": (Contract.BASE, 3, None, 12.0),
        "historic-hphc-13frames-leading-nul.tic": (Contract.HPHC, 1, None, None),
        "historic-hphc-3min-123frames.tic": (Contract.HPHC, 1, None, None),
        "historic-hphc-6frames-13digit-adco.tic": (Contract.HPHC, None, None, None),
        "historic-tempo-no-stx-etx.tic": (Contract.TEMPO, 1, 120, 9.0),
        "standard-base-12frames.tic": (Contract.BASE, 1, None, None),
        "standard-hphc-1frame.tic": (Contract.HPHC, 1, None, None),
        "standard-producer-24frames.tic": (Contract.OTHER, 1, None, None),
    }
    for name, (contract, phases, power, subscribed) in expected.items():
        meter = Meter()
        for number, frame in enumerate(read((captures / name).read_bytes())):
            meter.observe(frame, float(number))
        now = latest(meter)
        assert now.contract is contract, name
        assert phases is None or now.phases == phases, name
        assert power is None or now.power == power, name
        assert subscribed is None or now.subscribed == subscribed, name
        assert now.power is not None, name
        assert now.registers, name
        assert now.period in now.registers, name


def test_a_tempo_day_before_a_red_one_is_read_to_its_end(specification: Path) -> None:
    meter = Meter()
    observed(meter, (specification / "frames" / "std_tri_tempo_red_announced.bin").read_bytes())
    now = latest(meter)
    assert (now.contract, now.phases) == (Contract.TEMPO, 3)
    assert (now.today, now.tomorrow) == (Colour.BLUE, Colour.RED)
    assert now.peak is not None
    assert now.peak.number == 2
    assert not now.peak.running
    assert now.peak.start is not None
    assert (now.peak.start.hour, now.peak.start.minute) == (6, 0)
    assert len(now.phase_powers) == len(now.currents) == len(now.voltages) == 3


@pytest.mark.parametrize(("power", "subscribed"), [(None, 9.0), (460, None), (None, None), (460, 0.0)])
def test_there_is_no_load_where_power_or_subscription_is_not_said(power: int | None, subscribed: float | None) -> None:
    assert Reading(at=0.0, mode=Mode.HISTORIC, power=power, subscribed=subscribed).load is None
