"""What the screen acts on: a meter that this process reads or another one, a recording, the demonstration."""

import threading
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec.structs import replace

from linkytui.errors import HistoryError
from linkytui.history import HistoryReader
from linkytui.history.schema import FILE_NAME
from linkytui.line.listener import Listener
from linkytui.line.relay.report import BacklogReport, CallbackState, CostReport, Report
from linkytui.line.relay.subscription import DROP_BACKLOG, SEND_AGAIN
from linkytui.reading import Contract
from linkytui.settings.keeper import SettingsKeeper
from linkytui.settings.load import Loaded, Option, load_settings
from linkytui.settings.model import MeterSettings, ScreenSettings, Settings, TariffSettings
from linkytui.tui.meter_session import MeterSession
from linkytui.tui.session import DemoSession, RecordingSession, Session
from tests.lines import PATIENCE
from tests.tui.screens.session import keeper_of
from tests.tui.screens.states import NOW

TOLD = Report(
    pid=4242,
    kind="collector",
    history="/var/lib/linkytui",
    settings="/etc/linkytui/config.toml",
    history_trouble="The disk is full.",
    callbacks=(CallbackState(name="mqtt", status="running"),),
    backlog=BacklogReport(samples=7, oldest_at=NOW - 30),
    cost=CostReport(month_eur=12.5, estimate_eur=44.0),
)
"""What a collector says."""


class Line:
    """Stands in for the line that processes share."""

    def __init__(self, report: Report | None = None) -> None:
        self.report = report
        self.listener = Listener()
        self.asked: list[bytes] = []
        self.done: list[str] = []
        self.anew = threading.Event()

    @property
    def reads(self) -> bool:
        return self.report is None

    def now(self) -> float:
        return NOW

    def ask_for(self, line: bytes) -> bool:
        self.asked.append(line)
        return self.report is not None

    def pause(self) -> None:
        self.done.append("pause")

    def resume(self) -> None:
        self.done.append("resume")
        self.anew.set()


class Duties(Listener):
    """Stands in for the duties of a process while it reads."""

    def __init__(self, *, here: bool) -> None:
        self.dropped = self.resent = False
        self.waited: list[float] = []
        self.used: list[Settings] = []
        callbacks = SimpleNamespace(
            states=tuple, drop_backlog=self.drop_backlog, send_again=self.send_again, backlog=lambda: (3, 1.5)
        )
        costs = SimpleNamespace(estimate=lambda: 55.0)
        self.duties = (
            SimpleNamespace(callbacks=callbacks, costs=costs, history_trouble="Another program writes it.")
            if here
            else None
        )

    def drop_backlog(self) -> None:
        self.dropped = True

    def send_again(self) -> None:
        self.resent = True

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)

    def use(self, settings: Settings) -> None:
        self.used.append(settings)


class Meter:
    """A session with its parts."""

    def __init__(self, report: Report | None = None, keeper: SettingsKeeper | None = None) -> None:
        self.line, self.duties = Line(report), Duties(here=report is None)
        self.grids: Any = Listener()
        keeper = keeper_of(Settings()) if keeper is None else keeper
        self.session = MeterSession(keeper, self.line, self.duties, self.grids)  # type: ignore[arg-type]


@pytest.fixture
def here() -> Meter:
    """This process reads."""
    return Meter()


@pytest.fixture
def elsewhere() -> Meter:
    """A collector reads."""
    return Meter(TOLD)


def test_whoever_reads_is_told_of(here: Meter, elsewhere: Meter) -> None:
    assert here.session.trouble == "Another program writes it."
    assert here.session.callbacks is not None
    assert here.session.callback_states() == ()
    assert elsewhere.session.trouble == "The disk is full."
    assert elsewhere.session.callbacks is None
    assert elsewhere.session.callback_states() == TOLD.callbacks


def test_alerts_judge_the_figures_of_the_process_that_reads(here: Meter, elsewhere: Meter) -> None:
    for meter, estimate, backlog in ((here, 55.0, (3, 1.5)), (elsewhere, 44.0, (7, 30.0))):
        (alerts,) = meter.session.alerts(lambda _alert: None)
        assert alerts._estimate() == estimate  # type: ignore[attr-defined]
        assert alerts._backlog() == backlog  # type: ignore[attr-defined]
        alerts.close()


def test_a_backlog_is_dropped_where_it_is(here: Meter, elsewhere: Meter) -> None:
    assert here.session.drop_backlog()
    assert here.duties.dropped
    assert here.line.asked == []
    assert elsewhere.session.drop_backlog()
    assert elsewhere.line.asked == [DROP_BACKLOG]
    elsewhere.line.report = None
    assert not elsewhere.session.drop_backlog()


def test_what_was_refused_is_sent_again_where_it_is(here: Meter, elsewhere: Meter) -> None:
    assert here.session.send_again()
    assert here.duties.resent
    assert here.line.asked == []
    assert elsewhere.session.send_again()
    assert elsewhere.line.asked == [SEND_AGAIN]
    elsewhere.line.report = None
    assert not elsewhere.session.send_again()


def test_the_history_is_the_one_that_is_written(elsewhere: Meter, here: Meter, tmp_path: Path) -> None:
    assert elsewhere.session.history.folder == Path("/var/lib/linkytui")
    assert here.session.history.folder.is_relative_to(tmp_path)


def test_another_port_is_opened_at_once_by_the_process_that_reads(here: Meter, elsewhere: Meter) -> None:
    other = Settings(meter=MeterSettings(port="/dev/ttyS9"), tariff=TariffSettings(budget=Decimal(80)))
    for meter in (here, elsewhere):
        (alerts,) = meter.session.alerts(lambda _alert: None)
        meter.session.use(other)
        assert meter.duties.used == [other]
        assert meter.grids.settings is other
        assert alerts._budget == Decimal(80)  # type: ignore[attr-defined]
        alerts.close()
    assert here.line.anew.wait(PATIENCE)
    assert here.line.done == ["pause", "resume"]
    assert elsewhere.line.done == []


def test_what_leaves_the_port_leaves_the_line_alone(here: Meter) -> None:
    here.session.use(Settings(screen=ScreenSettings(bell=False)))
    assert here.line.done == []


def test_another_process_may_read_while_this_one_is_suspended(here: Meter) -> None:
    here.session.suspend()
    assert here.line.done == ["pause"]
    assert here.duties.waited == [5.0]
    here.session.resume()
    assert here.line.done == ["pause", "resume"]


def test_the_settings_of_whoever_reads_may_stand_in_another_file(tmp_path: Path) -> None:
    mine, link = tmp_path / "config.toml", tmp_path / "link.toml"
    mine.touch()
    link.symlink_to(mine)
    keeper = keeper_of(Settings())
    keeper.loaded = Loaded(Settings(), keeper.loaded.origins, mine)
    for report, other in (
        (None, None),
        (TOLD, "/etc/linkytui/config.toml"),
        (replace(TOLD, settings=str(link)), None),
        (replace(TOLD, settings=None), None),
    ):
        assert Meter(report, keeper).session.other_file() == other


def test_the_guide_comes_where_nothing_is_set_and_nobody_else_reads(tmp_path: Path) -> None:
    def keeper(option: Option | None = None) -> SettingsKeeper:
        def load() -> Loaded:
            given = {"meter.port": option} if option else None
            return load_settings({}, None, given, system_file=tmp_path / "none.toml")

        return SettingsKeeper(load(), load)

    assert Meter(keeper=keeper()).session.guided
    assert not Meter(TOLD, keeper()).session.guided
    assert not Meter(keeper=keeper(Option("--port", "/dev/ttyS9"))).session.guided
    keeper().begin()
    assert not Meter(keeper=keeper()).session.guided


MINE = Settings(
    meter=MeterSettings(port="/dev/ttyS9", mode="historic"),
    screen=ScreenSettings(theme="linkytui-light"),
    tariff=TariffSettings(provider="Engie", offer="Tranquillité"),
)
SOURCE: Any = SimpleNamespace(now=lambda: 42.0, pace=60.0)


def test_a_recording_speaks_for_itself() -> None:
    session = RecordingSession(keeper_of(MINE), SOURCE)
    assert session.settings.meter.mode == "auto"
    assert (session.tag, session.player, session.now()) == ("recording", SOURCE, 42.0)
    assert not session.keeps_history


@pytest.mark.parametrize("contract", Contract)
def test_the_household_of_the_demonstration_has_nothing_of_the_person_but_the_look(
    contract: Contract, tmp_path: Path
) -> None:
    listener = Listener()
    session = DemoSession(keeper_of(MINE), SOURCE, contract, HistoryReader(tmp_path), listener)
    assert session.settings.meter == MeterSettings()
    assert session.settings.screen is MINE.screen
    assert not session.settings.tariff.fetch
    assert (session.settings.tariff.offer is None) is (contract is Contract.OTHER)
    assert (session.tag, session.pace, session.now()) == ("simulated", 60.0, 42.0)
    assert session.book == tmp_path / "prices"
    assert session.listeners == (listener,)


def test_on_what_is_only_looked_at_the_screen_s_settings_alone_are_changed() -> None:
    session = Session(keeper_of(MINE))
    changed = replace(MINE, meter=MeterSettings(), screen=ScreenSettings(bell=False))
    session.use(changed)
    assert session.settings == replace(MINE, screen=changed.screen)
    assert session.alerts(lambda _alert: None) == ()
    assert (session.trouble, session.callback_states(), session.drop_backlog()) == ("", (), False)
    assert not session.billed


def test_what_it_costs_is_worked_out_with_the_settings_of_now(tmp_path: Path) -> None:
    session = DemoSession(keeper_of(MINE), SOURCE, Contract.TEMPO, HistoryReader(tmp_path), Listener())
    session.settings = MINE
    account = session.account()
    assert account.settings is MINE
    assert account.reader is session.history
    (tmp_path / FILE_NAME).write_text("no history")
    with pytest.raises(HistoryError):
        account.month(account.plan(NOW), date(2025, 11, 1), now=NOW)
