"""What Prometheus scrapes: a report in its text format 0.0.4.

Written here and not by prometheus_client, which takes 160 ms and 2 MB to load and whose server has a thread for each
connection: of the format, a name, a type and a line per value are all that is needed. What is not known is left out,
never zero, and the power is there only while frames come: Prometheus would go on recording a value that nobody says.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from linkytui import __version__
from linkytui.civil.times import Timestamp
from linkytui.collector.status import STATES, state_word
from linkytui.line.relay.report import CallbackState, LinkReport, ReadingReport, Report
from linkytui.link import LinkState
from linkytui.outputs.callbacks.state import trouble_of

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_ESCAPED: Final = str.maketrans({"\\": r"\\", "\n": r"\n", '"': r"\""})


class Metric(NamedTuple):
    """One metric with its samples. The help is for whoever writes queries, in English as the names are."""

    name: str
    kind: Literal["gauge", "counter"]
    help: str  # without a line's end or a backslash
    samples: Iterable[tuple[Mapping[str, str], float | None]]
    """Labels and value; one whose value is not known is left out."""

    def lines(self) -> Iterator[str]:
        """As Prometheus reads it; nothing where no value is known."""
        samples = [f"{self.name}{_braced(labels)} {value!r}" for labels, value in self.samples if value is not None]
        if samples:
            yield f"# HELP {self.name} {self.help}"
            yield f"# TYPE {self.name} {self.kind}"
            yield from samples


def exposition(report: Report, now: Timestamp) -> str:
    """A report of the process that reads, as Prometheus reads it."""
    metrics = [
        _gauge("build_info", "The version of linkytui.", 1, version=__version__),
        *_line_metrics(report.link, now),
        *_reading_metrics(report.reading, live=report.link.link_state is LinkState.LIVE),
        *_outward_metrics(report, now),
        *_callback_metrics(report.callbacks),
    ]
    return "".join(f"{line}\n" for metric in metrics for line in metric.lines())


def _line_metrics(link: LinkReport, now: Timestamp) -> Iterator[Metric]:
    state = state_word(link.link_state)
    at = link.last_frame_at
    states = [({"state": word}, int(word == state)) for word in STATES]
    yield _gauge("link_up", "1 while the meter's frames come.", int(link.link_state is LinkState.LIVE))
    yield Metric("linkytui_link_state", "gauge", "1 for the state that the meter's line is in.", states)
    yield _gauge("last_frame_timestamp_seconds", "When the last frame came, since 1970.", at)
    age = None if at is None else round(max(0.0, now - at), 3)
    yield _gauge("last_frame_age_seconds", "How long ago the last frame came.", age)
    yield _counter("frames_total", "Frames since the start.", link.frames)
    yield _counter("groups_accepted_total", "Groups of frames that were right, since the start.", link.accepted)
    yield _counter("groups_rejected_total", "Groups with a wrong checksum or form, since the start.", link.rejected)


def _reading_metrics(reading: ReadingReport | None, *, live: bool) -> Iterator[Metric]:
    if reading is None:
        return
    kva = reading.subscribed
    yield _gauge("apparent_power_va", "Apparent power drawn now.", reading.power if live else None)
    yield _gauge("injected_power_va", "Apparent power given to the grid now.", reading.injected_power if live else None)
    yield _gauge("subscribed_power_va", "Subscribed power.", None if kva is None else round(kva * 1000))
    period, contract = reading.period or "", reading.contract or ""
    yield _gauge("tariff_info", "The running period and the contract.", 1, period=period, contract=contract)
    energies = [({"register": name}, wh) for name, wh in reading.registers.items()]
    yield Metric("linkytui_energy_wh_total", "counter", "Energy drawn, by the meter's registers.", energies)
    yield _counter("injected_energy_wh_total", "Energy given to the grid, by the meter.", reading.injected)


def _outward_metrics(report: Report, now: Timestamp) -> Iterator[Metric]:
    cost, backlog = report.cost, report.backlog
    month, estimate = (None, None) if cost is None else (cost.month_eur, cost.estimate_eur)
    yield _gauge("month_cost_euros", "What the month has cost, subscription included.", month)
    yield _gauge("month_cost_estimate_euros", "What the month will have cost.", estimate)
    kept = None if report.history is None else int(not report.history_trouble)
    yield _gauge("history_up", "1 while the history is written.", kept)
    if backlog is not None:
        age = 0.0 if backlog.oldest_at is None else round(max(0.0, now - backlog.oldest_at), 3)
        yield _gauge("backlog_samples", "Samples that InfluxDB has not got yet.", backlog.samples)
        yield _gauge("backlog_age_seconds", "How long the oldest of them has waited.", age)


def _callback_metrics(callbacks: Iterable[CallbackState]) -> Iterator[Metric]:
    states = [({"callback": each.name}, each) for each in callbacks]
    up = [(name, int(trouble_of(each) is None)) for name, each in states if each.status != "off"]
    yield Metric("linkytui_callback_up", "gauge", "1 while a callback does what it should.", up)
    for what, text, values in (
        ("delivered", "Frames that a callback took.", [(name, each.delivered) for name, each in states]),
        ("dropped", "Frames that a callback was too slow for.", [(name, each.dropped) for name, each in states]),
    ):
        yield Metric(f"linkytui_callback_{what}_frames_total", "counter", text, values)
    failures = [(name, each.failures) for name, each in states]
    yield Metric("linkytui_callback_failures_total", "counter", "Calls of a callback that failed.", failures)


def _gauge(name: str, text: str, value: float | None, **labels: str) -> Metric:
    return Metric(f"linkytui_{name}", "gauge", text, [(labels, value)])


def _counter(name: str, text: str, value: float | None) -> Metric:
    return Metric(f"linkytui_{name}", "counter", text, [({}, value)])


def _braced(labels: Mapping[str, str]) -> str:
    told = ",".join(f'{name}="{value.translate(_ESCAPED)}"' for name, value in labels.items())
    return f"{{{told}}}" if told else ""
