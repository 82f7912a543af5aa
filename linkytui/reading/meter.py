"""The meter's last known values over all its frames."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from linkytui.civil.times import Timestamp
from linkytui.reading import historic, standard
from linkytui.reading.contracts import Contract
from linkytui.reading.fields import phases_of, words_of
from linkytui.reading.judge import Judge
from linkytui.reading.model import Reading
from linkytui.reading.steady import TIMES, Steady
from linkytui.tic.frames import Frame
from linkytui.tic.groups import Group
from linkytui.tic.labels import FIRST_LABELS, KNOWN_LABELS, Kind, Mode

_MAX_STRANGERS: Final = 64  # new labels that wait until they are believed; noise must not fill the memory

_LASTING: Final = frozenset({"ISOUSC", "PREF", "PCOUP"})
"""What prices and alarms go by, and what changes once in years: one value too many must not switch them."""

_WARNINGS_OF_PHASES: Final = frozenset({"ADIR1", "ADIR2", "ADIR3"})
_PASSING: Final = (
    frozenset({"ADPS", "PEJP", "PPOINTE", "MSG2"})
    | {f"{edge}PM{peak}" for edge in "DF" for peak in (1, 2, 3)}
    | {f"CCA{way}N{point}" for way in "SI" for point in ("", "-1")}
)
"""Sent only while they are true, so a frame that can tell absence takes them back."""


class Seen(NamedTuple):
    """A label as the meter last said it."""

    group: Group
    at: Timestamp
    times: int  # how many times it was accepted
    doubted: Group | None = None  # what it said since, and what cannot be true


class Meter:
    """What one meter has said so far: keeps each label's last good value, and reads it all as one `Reading`.

    One error in 64 passes a group's checksum, so what would change all the rest (the number, the mode, the contract,
    the phases, the subscribed power, a label that was never there) counts only when it is said three times running.
    It holds no clock and no file: times come with the frames.
    """

    def __init__(self, *, judged: bool = False) -> None:
        """Know nothing yet. `judged`: keep and pass on only what can be true, as `Judge` has it."""
        self._judged = judged
        self._number: Steady[str] = Steady()
        self._mode: Steady[Mode] = Steady()
        self.rejections: dict[str, int] = {}
        """How often each label's group was rejected; unreadable labels count under an empty name."""
        self._start_over()

    def _start_over(self) -> None:
        """Another meter, or another mode: nothing of what was said before can be kept up to date."""
        self._groups: dict[str, Group] = {}
        self._seen_at: dict[str, float] = {}
        self._times: Counter[str] = Counter()
        self._strangers: Counter[str] = Counter()
        self._lasting: defaultdict[str, Steady[Group]] = defaultdict(Steady)
        self._at = 0.0
        self._contract: Steady[Contract] = Steady()
        self._phases: Steady[int] = Steady()
        self._calendar: Steady[str] = (
            Steady()
        )  # the name of a supplier's own calendar, which any damaged name looks like
        self._own = 0  # how often such a name was believed
        self._judge = Judge() if self._judged else None
        self._doubted: dict[str, Group] = {}
        self._absence_known = self._calm_known = False  # a frame came that could tell it
        self._in_burst = False  # the frame before was a short one

    @property
    def meter_id(self) -> str | None:
        """Its serial number; None before it said one."""
        return self._number.value

    @property
    def mode(self) -> Mode | None:
        """The mode that it speaks; None before the first frame."""
        return self._mode.value

    @property
    def labels(self) -> dict[str, Seen]:
        """Labels by name as last said, each once it is believed to be one; a new dictionary."""
        return {
            label: Seen(group, self._seen_at[label], self._times[label], self._doubted.get(label))
            for label, group in self._groups.items()
        }

    @property
    def latest(self) -> Reading | None:
        """The last known of everything; None before the first frame."""
        mode = self._mode.value
        if mode is None:
            return None
        return _read(
            self._groups, mode, self._at, self._contract.value, self._phases.value, tells_calm=self._calm_known
        )

    def observe(self, frame: Frame, at: Timestamp) -> Reading:
        """Take a frame in, whose last byte came at a moment, and return what this frame alone says.

        Contract and phases are taken from earlier frames where this one lost them, so that a register keeps its name.
        A frame of another meter, or in another mode, is not taken in before that is believed.
        """
        return self.admit(frame, at)[1]

    def admit(self, frame: Frame, at: Timestamp) -> tuple[Frame, Reading]:
        """As `observe`; returns also the frame, without what is not believed where the meter is judged."""
        mine = self._is_mine(frame)
        absence = frame.tells_absence
        calm = frame.unharmed if frame.short else absence and not self._in_burst
        sure = not frame.rejected
        if mine and self._judge is not None:
            frame = self._sift(frame, at, self._judge)
        for item in frame.rejected:
            name = item.label or ""
            self.rejections[name] = self.rejections.get(name, 0) + 1
        said = {group.label: group for group in frame.groups}
        if not mine:
            contract = contract_of(said, frame.mode, tells_absence=False) or self._contract.value
            return frame, _read(said, frame.mode, at, contract, phases_of(said) or self._phases.value, tells_calm=calm)
        if self.meter_id is None:
            said = {label: group for label, group in said.items() if label not in FIRST_LABELS}
        self._at = at
        self._in_burst = frame.short
        self._forget(said, absence=absence, calm=calm)
        before = self._contract.value
        contract = self._settle_contract(said, frame.mode, absence=absence and before is None, sure=sure)
        phases = self._phases.settle(phases_of(said))
        said = self._keep(said, frame.mode, at, absence=absence, sure=sure)
        if contract is not before and before is not None:
            self._forget_registers(said, frame.mode)
        self._absence_known = self._absence_known or absence
        self._calm_known = self._calm_known or calm
        return frame, _read(said, frame.mode, at, contract, phases, tells_calm=calm)

    def _sift(self, frame: Frame, at: Timestamp, judge: Judge) -> Frame:
        """The frame as the judge leaves it; what it took out is kept to be shown, marked."""
        phases = self._phases.value or phases_of({group.label: group for group in frame.groups})
        judged = judge.hear(frame, at, phases)
        if judged is not frame or self._doubted:
            left = {group.label for group in judged.groups}
            for group in frame.groups:
                if group.label not in left:
                    self._doubted[group.label] = group
                else:
                    self._doubted.pop(group.label, None)
        return judged

    def _settle_contract(self, said: dict[str, Group], mode: Mode, *, absence: bool, sure: bool) -> Contract | None:
        contract = contract_of(said, mode, tells_absence=absence)
        if contract is Contract.OTHER and (name := words_of(said, "NGTF")) is not None:
            if not self._calendar.hear(name, sure=sure):
                return self._contract.value
            self._own += 1
        elif contract is not None and self._contract.value is Contract.OTHER and 0 < self._own < TIMES:
            self._contract = Steady()  # the name was damaged, and the first that was heard
        return self._contract.settle(contract)

    def _is_mine(self, frame: Frame) -> bool:
        """Whether a frame says this meter's number and speaks its mode, as far as it says anything."""
        if not frame.groups:
            return True
        number = next((group.data for group in frame.groups if group.label in FIRST_LABELS), None)
        if (number is None or self._number.says(number)) and self._mode.says(frame.mode):
            return True
        before = self.meter_id, self.mode
        self._number.settle(number, sure=not frame.rejected)
        self._mode.hear(frame.mode)
        if before[0] not in (None, self.meter_id):
            self.rejections.clear()
            self._start_over()
        elif before[1] not in (None, self.mode):
            self._start_over()
        return (number in (None, self.meter_id) or self.meter_id is None) and frame.mode is self.mode

    def _keep(
        self, said: dict[str, Group], mode: Mode, at: Timestamp, *, absence: bool, sure: bool
    ) -> dict[str, Group]:
        """Take in what is believed of a frame; returns it."""
        doubtful = {label for label in said.keys() - self._groups.keys() if not self._meet(label, mode)}
        doubtful |= {label for label in _LASTING & said.keys() if not self._lasting[label].hear(said[label], sure=sure)}
        if doubtful:
            said = {label: group for label, group in said.items() if label not in doubtful}
        if absence and self._strangers:
            self._strangers = Counter({label: times for label, times in self._strangers.items() if label in doubtful})
        self._groups.update(said)
        self._seen_at.update(dict.fromkeys(said, at))
        self._times.update(said.keys())
        return said

    def _meet(self, label: str, mode: Mode) -> bool:
        """Whether a label that is not among the known ones yet becomes one."""
        if label in KNOWN_LABELS[mode] and (
            not self._absence_known or label in _PASSING or label in _WARNINGS_OF_PHASES
        ):
            return True
        if label in self._strangers or len(self._strangers) < _MAX_STRANGERS:
            self._strangers[label] += 1
        if self._strangers[label] < TIMES:
            return False
        self._times[label] = self._strangers.pop(label) - 1
        return True

    def _forget(self, said: dict[str, Group], *, absence: bool, calm: bool) -> None:
        """Take back what is no longer true."""
        gone = (_PASSING if absence else frozenset()) | (_WARNINGS_OF_PHASES if calm else frozenset())
        for label in gone & self._groups.keys() - said.keys():
            self._drop(label)

    def _forget_registers(self, said: dict[str, Group], mode: Mode) -> None:
        """The contract changed: the registers of the one before count no longer."""
        for label in list(self._groups.keys() - said.keys()):
            known = KNOWN_LABELS[mode].get(label)
            if known is not None and known.kind is Kind.INDEX:
                self._drop(label)

    def _drop(self, label: str) -> None:
        del self._groups[label], self._seen_at[label]
        self._times.pop(label, None)


def read_groups(
    groups: Mapping[str, Group],
    mode: Mode,
    *,
    at: Timestamp,
    contract: Contract | None = None,
    phases: int | None = None,
    tells_absence: bool = True,
    tells_calm: bool = True,
) -> Reading:
    """Give the groups of one frame, or the last known of each label, their meaning.

    `contract` and `phases` (1 or 3) hold where the groups do not say them. With `tells_absence` a label that is not
    among them is known to be absent; with `tells_calm` the warnings of historic mode are, too: the long frames within a
    burst of short ones hold no ADIR label, and short frames hold little else (Enedis-NOI-CPT_54E, 6.1.2).
    """
    contract = contract_of(groups, mode, tells_absence=tells_absence and contract is None) or contract
    return _read(groups, mode, at, contract, phases_of(groups) or phases, tells_calm=tells_calm)


def contract_of(groups: Mapping[str, Group], mode: Mode, *, tells_absence: bool) -> Contract | None:
    """The contract that the groups say, or what follows from none being said where that can be told."""
    if mode is Mode.HISTORIC:
        return historic.contract_of(groups)
    # Without a name, no calendar is programmed into the meter.
    return standard.contract_of(groups) or (Contract.OTHER if tells_absence else None)


def _read(
    groups: Mapping[str, Group],
    mode: Mode,
    at: Timestamp,
    contract: Contract | None,
    phases: int | None,
    *,
    tells_calm: bool,
) -> Reading:
    if mode is Mode.HISTORIC:
        return historic.read_historic(groups, at, contract=contract, phases=phases, tells_calm=tells_calm)
    return standard.read_standard(groups, at, contract=contract, phases=phases)
