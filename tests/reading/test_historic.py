"""What historic frames mean: contracts, phases, warnings."""

from dataclasses import replace

import pytest

from linkytui.reading import REGISTERS, Contract, Maximum, Peak, Reading, read_groups
from linkytui.tic import Colour, Group, Mode

AT = 1_790_000_000.0
NUMBER = "012361456789"
NUMBER_3 = "012376456789"


def read(**labels: str) -> Reading:
    """The reading of a frame with these labels."""
    return read_groups({label: Group(label, data) for label, data in labels.items()}, Mode.HISTORIC, at=AT)


def test_a_base_frame_says_all_this_and_nothing_else() -> None:
    reading = read(
        ADCO=NUMBER,
        OPTARIF="BASE",
        ISOUSC="30",
        BASE="012345678",
        PTEC="TH..",
        IINST="003",
        IMAX="090",
        PAPP="00690",
        HHPHC="A",
        MOTDETAT="000000",
    )
    assert reading == Reading(
        at=AT,
        mode=Mode.HISTORIC,
        meter_id=NUMBER,
        contract=Contract.BASE,
        calendar="BASE",
        period="BASE",
        registers={"BASE": 12_345_678},
        total=12_345_678,
        power=690,
        currents=(3,),
        phases=1,
        subscribed=6.0,
        over_subscription=False,
    )
    assert reading.load == pytest.approx(0.115)


@pytest.mark.parametrize(
    ("option", "contract", "labels", "periods"),
    [
        ("BASE", Contract.BASE, ["BASE"], {"TH..": "BASE"}),
        ("HC..", Contract.HPHC, ["HCHC", "HCHP"], {"HC..": "HC", "HP..": "HP"}),
        ("EJP.", Contract.EJP, ["EJPHN", "EJPHPM"], {"HN..": "HN", "PM..": "PM"}),
        (
            "BBR(",
            Contract.TEMPO,
            ["BBRHCJB", "BBRHPJB", "BBRHCJW", "BBRHPJW", "BBRHCJR", "BBRHPJR"],
            {name: name for name in REGISTERS[Contract.TEMPO]},
        ),
    ],
)
def test_each_contract_has_its_registers_and_periods(
    option: str, contract: Contract, labels: list[str], periods: dict[str, str]
) -> None:
    indexes = {label: f"{1000 + number:09}" for number, label in enumerate(labels)}
    for code, period in periods.items():
        reading = read(OPTARIF=option, PTEC=code, **indexes)
        assert reading.contract is contract
        assert reading.period == period
        assert reading.period in reading.registers
        assert list(reading.registers.items()) == [
            (name, 1000 + number) for number, name in enumerate(REGISTERS[contract])
        ]
        assert reading.total == sum(reading.registers.values())


def test_a_missing_register_leaves_the_total_unsaid() -> None:
    reading = read(OPTARIF="HC..", HCHC="000001000")
    assert reading.registers == {"HC": 1000}
    assert reading.total is None


@pytest.mark.parametrize(
    ("code", "today"), [("HCJB", Colour.BLUE), ("HPJB", Colour.BLUE), ("HPJW", Colour.WHITE), ("HCJR", Colour.RED)]
)
def test_tempo_says_the_colour_of_the_day(code: str, today: Colour) -> None:
    assert read(OPTARIF="BBR(", PTEC=code).today is today


@pytest.mark.parametrize(
    ("code", "tomorrow"), [("----", None), ("BLEU", Colour.BLUE), ("BLAN", Colour.WHITE), ("ROUG", Colour.RED)]
)
def test_tempo_announces_the_colour_of_tomorrow(code: str, tomorrow: Colour | None) -> None:
    assert read(OPTARIF="BBR(", DEMAIN=code).tomorrow is tomorrow


def test_other_contracts_have_no_colours() -> None:
    reading = read(OPTARIF="HC..", PTEC="HP..")
    assert (reading.today, reading.tomorrow) == (None, None)


def test_ejp_gives_notice_of_its_peak_and_says_that_it_runs() -> None:
    assert read(OPTARIF="EJP.", PTEC="HN..").peak is None
    assert read(OPTARIF="EJP.", PTEC="HN..", PEJP="30").peak == Peak(None, running=False)
    assert read(OPTARIF="EJP.", PTEC="PM..").peak == Peak(None, running=True)
    assert read(OPTARIF="EJP.", PTEC="PM..", PEJP="30").peak == Peak(None, running=True)


def test_a_three_phase_frame_has_three_currents_and_subscribes_per_phase() -> None:
    reading = read(ADCO=NUMBER_3, ISOUSC="20", IINST1="000", IINST2="002", IINST3="010", PMAX="02680", PPOT="0A")
    assert reading.phases == 3
    assert reading.currents == (0, 2, 10)
    assert reading.subscribed == 12.0
    assert reading.maximum_yesterday == Maximum(2680, None)
    assert reading.absent_phases == {1, 3}


def test_a_lost_current_is_a_gap_and_no_zero() -> None:
    assert read(IINST1="001", IINST3="003").currents == (1, None, 3)


def test_the_type_of_the_meter_tells_its_phases_where_the_currents_are_lost() -> None:
    assert read(ADCO=NUMBER_3, ISOUSC="20").phases == 3
    assert read(ADCO=NUMBER, ISOUSC="20").phases is None
    assert read(ADCO=NUMBER_3, IINST="002").phases == 1  # what the frame shows wins over what its number says


def test_adps_says_that_too_much_is_drawn() -> None:
    reading = read(ADPS="034", IINST="034", ISOUSC="30", PAPP="07820")
    assert reading.over_subscription is True
    assert reading.over_phases == ()
    assert reading.load is not None
    assert reading.load > 1


def test_adir_says_so_and_on_which_phases() -> None:
    reading = read(ADIR1="026", ADIR3="031", ADCO=NUMBER_3, IINST1="026", IINST2="004", IINST3="031")
    assert reading.over_subscription is True
    assert reading.over_phases == (1, 3)


def test_absent_is_not_zero() -> None:
    reading = read(ADCO=NUMBER)
    assert reading == replace(Reading(at=AT, mode=Mode.HISTORIC, meter_id=NUMBER), over_subscription=False)
    assert reading.power is None
    assert reading.load is None
    assert reading.injected is None
    assert read(PAPP="00000").power == 0


def test_a_frame_that_tells_no_absence_leaves_the_alarm_open() -> None:
    groups = {"PAPP": Group("PAPP", "00690")}
    assert read_groups(groups, Mode.HISTORIC, at=AT, tells_calm=False).over_subscription is None


def test_contract_and_phases_of_earlier_frames_hold_where_this_one_lost_them() -> None:
    groups = {label: Group(label, data) for label, data in {"HCHC": "000001000", "HCHP": "000002000"}.items()}
    reading = read_groups(groups, Mode.HISTORIC, at=AT, contract=Contract.HPHC, phases=3)
    assert (reading.contract, reading.phases, reading.total) == (Contract.HPHC, 3, 3000)
