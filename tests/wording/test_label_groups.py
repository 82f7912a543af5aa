"""Groups of labels: each has its place, in both modes."""

import pytest

from linkytui.i18n import use_language
from linkytui.tic import Mode
from linkytui.tic.labels import LABELS
from linkytui.wording.label_groups import LabelGroup, group_name, group_of


@pytest.mark.parametrize("mode", Mode)
def test_what_tells_of_the_status_is_little(mode: Mode) -> None:
    status = {label for label in LABELS[mode] if group_of(label) is LabelGroup.STATUS}
    assert status <= {"MOTDETAT", "PPOT", "STGE", "RELAIS", "MSG1", "MSG2"}


@pytest.mark.parametrize("mode", Mode)
def test_every_group_of_a_mode_has_labels(mode: Mode) -> None:
    groups = {group_of(label) for label in LABELS[mode]}
    assert set(LabelGroup) - groups <= ({LabelGroup.VOLTAGE} if mode is Mode.HISTORIC else set())


@pytest.mark.parametrize(
    ("label", "group"),
    [
        ("BBRHCJB", LabelGroup.ENERGY),
        ("EASF10", LabelGroup.ENERGY),
        ("IINST2", LabelGroup.POWER),
        ("IMAX", LabelGroup.PEAKS),
        ("SMAXSN1-1", LabelGroup.PEAKS),
        ("PJOURF+1", LabelGroup.CONTRACT),
        ("UMOY3", LabelGroup.VOLTAGE),
        ("UNHEARD", LabelGroup.STATUS),
    ],
)
def test_a_label_is_where_people_look_for_it(label: str, group: LabelGroup) -> None:
    assert group_of(label) is group


def test_every_group_has_a_heading_in_both_languages() -> None:
    english = [group_name(group) for group in LabelGroup]
    use_language("fr")
    assert len({*english}) == len(LabelGroup) == len({group_name(group) for group in LabelGroup})
