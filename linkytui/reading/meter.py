"""What a meter has said so far, over all its frames."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple

from linkytui.reading.contracts import Contract
from linkytui.reading.historic import read_historic
from linkytui.reading.model import Reading
from linkytui.reading.standard import read_standard
from linkytui.tic import LABELS, Frame, Group, Kind, Mode

_MAX_STRANGERS: Final = 64
"""Unknown labels that wait for their second coming; noise must not fill the memory."""

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
    at: float
    """Seconds since 1970."""
    times: int
    """How many times it was accepted."""


class Meter:
    """What one meter has said so far: keeps each label's last good value, and reads it all as one `Reading`.

    It holds no clock and no file: times come with the frames.
    """

    def __init__(self) -> None:
        self.rejections: dict[str, int] = {}
        """How often each label's group was rejected; unreadable labels count under an empty name."""
        self._groups: dict[str, Group] = {}
        self._seen_at: dict[str, float] = {}
        self._times: Counter[str] = Counter()
        self._strangers: set[str] = set()
        self._mode: Mode | None = None
        self._at = 0.0
        self._contract: Contract | None = None
        self._phases: int | None = None
        self._absence_known = self._calm_known = False  # a frame came that could tell it
        self._in_burst = False  # the frame before was a short one

    @property
    def labels(self) -> dict[str, Seen]:
        """Labels by name as last said, those of unknown meaning included once they came twice; a new dictionary."""
        return {label: Seen(group, self._seen_at[label], self._times[label]) for label, group in self._groups.items()}

    @property
    def latest(self) -> Reading | None:
        """The last known of everything; None before the first frame."""
        if self._mode is None:
            return None
        return read_groups(
            self._groups,
            self._mode,
            at=self._at,
            contract=self._contract,
            phases=self._phases,
            tells_absence=self._absence_known,
            tells_calm=self._calm_known,
        )

    def observe(self, frame: Frame, at: float) -> Reading:
        """Take a frame in and return what this frame alone says.

        Contract and phases are taken from earlier frames where this one lost them, so that a register keeps its name.

        Args:
            frame: groups that were checked.
            at: seconds since 1970 at which the frame's last byte came.
        """
        if self._mode is not frame.mode and frame.groups:
            self._start_over(frame.mode)
        self._at = at
        for item in frame.rejected:
            name = item.label or ""
            self.rejections[name] = self.rejections.get(name, 0) + 1
        said = {group.label: group for group in frame.groups}
        absence = frame.tells_absence
        calm = frame.unharmed if frame.short else absence and not self._in_burst
        self._in_burst = frame.short
        self._forget(said, absence=absence, calm=calm)
        self._keep(said, frame.mode, at)
        reading = read_groups(
            said,
            frame.mode,
            at=at,
            contract=self._contract,
            phases=self._phases,
            tells_absence=absence,
            tells_calm=calm,
        )
        if reading.contract is not self._contract and self._contract is not None:
            self._forget_registers(said, frame.mode)
        self._contract, self._phases = reading.contract, reading.phases
        self._absence_known = self._absence_known or absence
        self._calm_known = self._calm_known or calm
        return reading

    def _start_over(self, mode: Mode) -> None:
        """The meter speaks another mode: nothing of what it said in the one before can be kept up to date."""
        self._groups.clear()
        self._seen_at.clear()
        self._times.clear()
        self._strangers.clear()
        self._mode, self._contract, self._phases = mode, None, None
        self._absence_known = self._calm_known = self._in_burst = False

    def _keep(self, said: dict[str, Group], mode: Mode, at: float) -> None:
        if not said.keys() <= self._groups.keys():
            said = {label: group for label, group in said.items() if label in self._groups or self._meet(label, mode)}
        self._groups.update(said)
        self._seen_at.update(dict.fromkeys(said, at))
        self._times.update(said.keys())

    def _meet(self, label: str, mode: Mode) -> bool:
        """Whether a label that is not among the known ones yet becomes one."""
        if label in LABELS[mode]:
            return True
        if label in self._strangers:
            self._strangers.discard(label)
            self._times[label] = 1
            return True
        if len(self._strangers) < _MAX_STRANGERS:
            # One error in 64 passes the sum: a label that nobody knows must come twice.
            self._strangers.add(label)
        return False

    def _forget(self, said: dict[str, Group], *, absence: bool, calm: bool) -> None:
        """Take back what is no longer true."""
        gone = (_PASSING if absence else frozenset()) | (_WARNINGS_OF_PHASES if calm else frozenset())
        for label in gone & self._groups.keys() - said.keys():
            self._drop(label)

    def _forget_registers(self, said: dict[str, Group], mode: Mode) -> None:
        """The contract changed: the registers of the one before count no longer."""
        for label in list(self._groups.keys() - said.keys()):
            known = LABELS[mode].get(label)
            if known is not None and known.kind is Kind.INDEX:
                self._drop(label)

    def _drop(self, label: str) -> None:
        del self._groups[label], self._seen_at[label]
        self._times.pop(label, None)


def read_groups(
    groups: Mapping[str, Group],
    mode: Mode,
    *,
    at: float,
    contract: Contract | None = None,
    phases: int | None = None,
    tells_absence: bool = True,
    tells_calm: bool = True,
) -> Reading:
    """Give the groups of one frame, or the last known of each label, their meaning.

    Args:
        groups: checked groups by label.
        mode: the mode they came in.
        at: seconds since 1970.
        contract: what holds when the groups do not say the contract.
        phases: likewise, 1 or 3.
        tells_absence: a label that is not among them is known to be absent.
        tells_calm: likewise for the warnings of historic mode. The long frames within a burst of short ones hold no
            ADIR label, and short frames hold little else (Enedis-NOI-CPT_54E, 6.1.2).
    """
    if mode is Mode.HISTORIC:
        return read_historic(groups, at, contract=contract, phases=phases, tells_calm=tells_calm)
    return read_standard(groups, at, contract=contract, phases=phases, tells_absence=tells_absence)
