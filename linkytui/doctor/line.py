"""Checks of the line and of what the meter says: port, signal, labels, contract, clock."""

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from linkytui.doctor.check import Check, Verdict
from linkytui.doctor.listening import Heard
from linkytui.i18n import _, listed, number, titled
from linkytui.link import LinkState
from linkytui.reading.contracts import Contract
from linkytui.reading.expected import expected_labels, missing_labels
from linkytui.settings.model import Settings
from linkytui.tic.labels import Mode
from linkytui.wording.terms import contract_name, duration, mode_name, percent, state_advice

GOOD_SHARE: Final = 0.01  # of the groups that may be rejected before the line deserves attention
BAD_SHARE: Final = 0.1  # above which it is wrong

CLOCK_SECONDS: Final = 60.0  # by which two clocks may differ: a meter is set by the power line, now and then

_NAMED: Final = 3  # labels that are named at most

_ENOUGH: Final = 3  # whole frames after which a label counts as missing


def line_checks(heard: Heard, settings: Settings, *, synchronised: bool) -> Iterator[Check]:
    """What listening tells. `synchronised`: whether a time server keeps this machine's clock right."""
    yield _port(heard)
    if _closed(heard):
        return
    yield _signal(heard)
    if heard.latest is None:
        return
    yield _quality(heard)
    yield _labels(heard)
    yield _contract(heard, settings)
    yield _clock(heard, synchronised=synchronised)


def _port(heard: Heard) -> Check:
    """Whether bytes can come at all, and who reads them."""
    link, report = heard.link, heard.report
    if _closed(heard):
        title, advice = state_advice(link)
        return Check("port", _("Port"), Verdict.WRONG, _sentence(title), advice)
    if report is None:
        found = _("{port} can be opened; no other linkytui reads it").format(port=link.source)
    elif report.pid == os.getpid():
        found = _("this screen reads {port}").format(port=report.link.source)
    elif report.kind == "collector":
        found = _("the collector (process {pid}) reads {port}").format(pid=report.pid, port=report.link.source)
    else:
        found = _("another screen (process {pid}) reads {port}").format(pid=report.pid, port=report.link.source)
    return Check("port", _("Port"), Verdict.OK, found)


def _signal(heard: Heard) -> Check:
    """Whether frames come, and in which mode."""
    link, title = heard.link, _("Signal")
    if heard.latest is not None:
        rhythm = (
            _("a frame every {seconds} s").format(seconds=number(heard.seconds / heard.whole, 1)) if heard.whole else ""
        )
        words = [mode_name(heard.latest.mode), f"{link.baudrate} baud" if link.baudrate else "", rhythm]
        found = ", ".join(filter(None, words))
        if link.state in (LinkState.LIVE, LinkState.ENDED):
            return Check("signal", title, Verdict.OK, found)
        return Check(
            "signal", title, Verdict.WRONG, listed(found, _sentence(state_advice(link)[0])), state_advice(link)[1]
        )
    state, advice = state_advice(link)
    if link.state is LinkState.WAITING:
        state = _("no frame in {time}").format(time=duration(heard.seconds))
        advice = _("Listen for longer with --seconds; check the wires on I1 and I2.")
    bytes_read = _("{count} bytes came").format(count=number(link.bytes_read))
    return Check("signal", title, Verdict.WRONG, listed(_sentence(state), bytes_read), advice)


def _quality(heard: Heard) -> Check:
    """How much of what comes is damaged, by label."""
    share = heard.error_rate or 0.0
    bad, groups = heard.rejected.total(), heard.rejected.total() + heard.accepted.total()
    found = _("{bad} of {groups} groups rejected in {time}").format(
        bad=number(bad), groups=number(groups), time=duration(heard.seconds)
    )
    if bad:
        nameless = _("unreadable")
        worst = ", ".join(f"{label or nameless} {count}" for label, count in heard.rejected.most_common(_NAMED))
        found = titled(f"{found} ({percent(share, 1)})", worst)
    if share <= GOOD_SHARE:
        return Check("quality", _("Link quality"), Verdict.OK, found)
    remedy = _(
        "Keep the cable short and away from mains wiring, tighten the wires on I1 and I2, and turn the dongle's "
        "potentiometer if it has one."
    )
    return Check("quality", _("Link quality"), Verdict.WRONG if share > BAD_SHARE else Verdict.ATTENTION, found, remedy)


def _labels(heard: Heard) -> Check:
    """What this contract should send and does not."""
    latest, title = heard.latest, _("Labels")
    assert latest is not None  # noqa: S101 -- asked before
    found = _("{count} different ones").format(count=len(heard.labels))
    if heard.whole < _ENOUGH:
        remedy = _("Listen for longer with --seconds to know whether any is missing.")
        return Check("labels", title, Verdict.OK, found, remedy)
    missing = missing_labels(heard.labels.keys(), expected_labels(latest.mode, latest.contract, latest.phases))
    if not missing:
        return Check("labels", title, Verdict.OK, _("{found}; none is missing").format(found=found))
    if set(missing) <= heard.rejected.keys():
        remedy = _("They come damaged each time: mend the line first.")
    else:
        remedy = _("Report it with a recording: linkytui record --anonymise.")
    text = _("{found}; missing: {labels}").format(found=found, labels=", ".join(missing))
    return Check("labels", title, Verdict.ATTENTION, text, remedy)


def _contract(heard: Heard, settings: Settings) -> Check:
    """What the meter says of the contract beside what the settings say."""
    latest, title = heard.latest, _("Contract")
    assert latest is not None  # noqa: S101 -- asked before
    power = f"{number(latest.subscribed, 0)} kVA" if latest.subscribed else ""
    found = ", ".join(filter(None, (contract_name(latest.contract), power)))
    tariff = settings.tariff
    wanted = Contract(tariff.option) if tariff.option else None
    if latest.contract is not None and wanted not in (None, latest.contract):
        text = _("the meter says {meter}, the settings say {settings}").format(
            meter=contract_name(latest.contract), settings=contract_name(wanted)
        )
        if latest.mode is Mode.HISTORIC and latest.contract is Contract.BASE:
            return Check("contract", title, Verdict.ATTENTION, text, ask_for_standard_mode())
        remedy = _("Correct option in [tariff], unless the supplier is about to switch the meter.")
        return Check("contract", title, Verdict.ATTENTION, text, remedy)
    if latest.mode is Mode.HISTORIC and latest.contract is Contract.BASE and tariff.off_peak:
        text = _("the meter counts one register, the settings have off-peak hours")
        return Check("contract", title, Verdict.ATTENTION, text, ask_for_standard_mode())
    if latest.subscribed and settings.meter.power_kva not in (None, latest.subscribed):
        text = _("the meter says {meter} kVA, the settings say {settings} kVA").format(
            meter=number(latest.subscribed, 0), settings=number(settings.meter.power_kva or 0, 0)
        )
        return Check("contract", title, Verdict.ATTENTION, text, _("Remove power_kva from [meter]: the meter knows."))
    return Check("contract", title, Verdict.OK, found)


def ask_for_standard_mode() -> str:
    """What to tell the supplier. The sentence itself is French: so are they."""
    return _("Newer offers need the standard mode. Ask your supplier, in writing: {sentence}").format(
        sentence=(
            "« Je souhaite que la sortie télé-information client (TIC) de mon compteur Linky passe en mode standard. »"
        )
    )


def _clock(heard: Heard, *, synchronised: bool) -> Check:
    """The meter's clock beside this machine's."""
    latest, title = heard.latest, _("Clock")
    assert latest is not None  # noqa: S101 -- asked before
    kept = _("no time server has set this machine's clock")
    if synchronised:
        kept = _("a time server keeps this machine's clock right")
    set_it = _("Switch time synchronisation on: sudo timedatectl set-ntp true.")
    ahead = heard.clock_ahead
    if ahead is None:
        if not synchronised:
            return Check("clock", title, Verdict.ATTENTION, kept, set_it)
        return Check("clock", title, Verdict.OK, kept)
    meter = datetime.fromtimestamp(latest.at + ahead).astimezone()
    if abs(ahead) < CLOCK_SECONDS and not latest.clock_degraded:
        text = _("the meter and this machine agree to {time}; {kept}").format(
            time=duration(max(1.0, abs(ahead))), kept=kept
        )
        return Check("clock", title, Verdict.OK, text)
    way = (
        _("the meter says {when}, {time} ahead of this machine")
        if ahead > 0
        else _("the meter says {when}, {time} behind this machine")
    )
    text = way.format(when=f"{meter:%Y-%m-%d %H:%M:%S}", time=duration(abs(ahead)))
    if latest.clock_degraded:
        text = listed(text, _("it doubts its own clock"))
    if synchronised:
        remedy = _("Nothing: this machine's clock counts. Enedis sets the meter's over the power line.")
        return Check("clock", title, Verdict.ATTENTION, listed(text, kept), remedy)
    return Check("clock", title, Verdict.WRONG, listed(text, kept), set_it)


def _closed(heard: Heard) -> bool:
    """Whether no byte can come; a recording that is over was read."""
    return heard.link.state.down and heard.link.state is not LinkState.ENDED


def _sentence(title: str) -> str:
    """A title as a part of a sentence."""
    return title[:1].lower() + title[1:]
