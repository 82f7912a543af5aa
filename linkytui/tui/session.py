"""What the screen shows and acts on: a line that is looked at, a recording, the demonstration; for the person's own
meter see `meter_session`.
"""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from linkytui.civil.off_peak import OffPeak
from linkytui.i18n import _
from linkytui.reading import Contract
from linkytui.reading.outlook import Hours
from linkytui.settings.model import BillingSettings, HistorySettings, MeterSettings, Settings, TariffSettings

if TYPE_CHECKING:
    from textual.screen import Screen

    from linkytui.billing.account import Account
    from linkytui.history import HistoryReader
    from linkytui.line.listener import Listener
    from linkytui.line.playback import Player
    from linkytui.line.relay.report import CallbackState, Report
    from linkytui.line.sources.base import Source
    from linkytui.line.sources.capture import CaptureSource
    from linkytui.line.sources.ports import Port
    from linkytui.line.sources.simulated import SimulatedSource
    from linkytui.outputs.alerts.engine import Alert
    from linkytui.outputs.callbacks.configured import ConfiguredCallbacks
    from linkytui.reading.meter_hours import KnownHours
    from linkytui.settings.keeper import SettingsKeeper

_DEMO_HOURS: Final = {Contract.HPHC: ("22:30-06:30",), Contract.TEMPO: ("22:00-06:00",)}
"""What the person of the demonstration has set: a meter in historic mode does not tell its hours."""

_REGULATED: Final = ("EDF", "Tarif Bleu")


class Session:
    """A line that is looked at and no more: nothing is kept or sent, and only the screen's settings can be changed."""

    tag: str = ""  # what the first row says of the source, when it is not a meter
    pace: float = 1.0  # how fast the source's time goes at the start, when it cannot be changed
    player: "Player | None" = None  # the controls of a recording
    keeps_history: bool = False  # whether there is a past to ask about
    book: Path | None = None  # file of the price book; the usual one when None
    hint: str = ""  # what the person should know at the start; empty where there is nothing
    guided: bool = False  # whether this is the first start, on which a guide asks for what matters

    def __init__(
        self,
        keeper: "SettingsKeeper",
        source: "Source | None" = None,
        *,
        settings: Settings | None = None,
        listeners: "Iterable[Listener]" = (),
        now: Callable[[], float] = time.time,
    ) -> None:
        """Nothing is opened.

        `keeper`: holds the person's settings and writes them; `source`: where the bytes come from, None shows only what
        is posted; `settings`: those that hold here, where they are not the person's own; `listeners`: what else hears
        of the line; `now`: seconds since 1970, a recording's or the simulator's own.
        """
        self.now = now
        self.keeper = keeper
        self.source = source
        self.settings = keeper.loaded.settings if settings is None else settings  # those that hold
        self.listeners = tuple(listeners)

    def opening(self) -> "Screen[None] | None":
        """The screen to begin with, in the place of the dashboard."""
        return None

    @property
    def zone(self) -> ZoneInfo:
        """Whose days and hours are shown."""
        return ZoneInfo(self.settings.history.timezone)

    @property
    def billed(self) -> bool:
        """Whether that past is billed."""
        return self.keeps_history

    def synchronised(self) -> bool | None:
        """Whether this machine says that its clock is synchronised; None where the line has a time of its own.

        May take a second: for a thread that may wait.
        """
        return None

    def use(self, saved: Settings) -> None:
        """Put settings into effect that the person has saved. Called on the screen's thread, and must not wait."""
        self.settings = replace(self.settings, screen=saved.screen)

    def suspend(self) -> None:
        """The program is about to be suspended. May wait for a moment."""

    def resume(self) -> None:
        """The program goes on after a suspension."""

    # The past and what it costs -------------------------------------------------------------------------------------

    @cached_property
    def history(self) -> "HistoryReader":
        """Answers questions about the past. Only where a history is kept."""
        raise NotImplementedError

    def account(self) -> "Account":
        """Settings, prices and history as they are now. Reads the disk: for a thread that may wait."""
        # What is billed with is loaded with the first question, after the first paint.
        from linkytui.billing.account import Account
        from linkytui.tariffs.bookfile import known_prices

        return Account(self.settings, self.history, known_prices(self.book))

    def hours(self) -> Hours:
        """What is known of the hours without a look at the disk."""
        if not self.keeps_history:
            return Hours()  # a line that is looked at need not be the person's
        tariff = self.settings.tariff
        option = Contract(tariff.option) if tariff.option else None
        return Hours(settings=OffPeak.of(tariff.off_peak), option=option, zone=self.zone)

    def known_hours(self, now: float, *, learned: bool) -> "tuple[Hours, KnownHours]":
        """What the history says of the hours, and what was kept of the meter's word. Reads the disk."""
        # After the first paint, as what is billed with.
        from linkytui.billing.hours import hours_of, kept_hours

        return hours_of(self.account(), now, learned=learned), kept_hours(self.history)

    # Whoever reads the meter ----------------------------------------------------------------------------------------

    @property
    def callbacks(self) -> "ConfiguredCallbacks | None":
        """Those that run in this process; None while none do."""
        return None

    @property
    def report(self) -> "Report | None":
        """What the process that reads the meter for this one said last; None where this one reads."""
        return None

    @property
    def trouble(self) -> str:
        """What is wrong with the history, in one line; empty when all is well."""
        return ""

    def callback_states(self) -> "tuple[CallbackState, ...]":
        """How the callbacks fare, wherever they run."""
        if (callbacks := self.callbacks) is not None:
            return callbacks.states()
        return () if (report := self.report) is None else report.callbacks

    def drop_backlog(self) -> bool:
        """Have whoever runs the callbacks let go of what waits for InfluxDB; whether it could be asked. May wait."""
        if (callbacks := self.callbacks) is not None:
            callbacks.drop_backlog()
        return callbacks is not None

    def send_again(self) -> bool:
        """Have whoever runs the callbacks send at once what InfluxDB refused; whether it could be asked. May wait."""
        if (callbacks := self.callbacks) is not None:
            callbacks.send_again()
        return callbacks is not None

    def other_file(self) -> str | None:
        """The settings file of the process that reads the meter, where that is not the one that is changed here."""
        file = None if (report := self.report) is None else report.settings
        return None if file is None or os.path.realpath(file) == os.path.realpath(self.keeper.loaded.path) else file

    def alerts(self, tell: "Callable[[Alert], object]") -> "Sequence[Listener]":  # noqa: ARG002 -- where there are some
        """What watches for alerts while the line is read.

        `tell`: shows an alert on the screen, may be called by any thread.
        """
        return ()

    def ports(self) -> "Sequence[Port]":
        """The serial ports of this machine."""
        from linkytui.line.sources.ports import list_ports  # only the guide of the first start asks

        return list_ports()


class RecordingSession(Session):
    """A recording, with the controls of a player."""

    def __init__(self, keeper: "SettingsKeeper", source: "CaptureSource") -> None:
        """Args: keeper: holds the settings; source: the recording."""
        settings = keeper.loaded.settings
        # What the person's own meter speaks says nothing of the recorded one.
        settings = replace(settings, meter=replace(settings.meter, mode="auto"))
        super().__init__(keeper, source, settings=settings, now=source.now)
        self.tag = _("recording")
        self.player = source


class DemoSession(Session):
    """A simulated household, with a past and prices of its own that nothing of the person's touches."""

    keeps_history = True

    def __init__(
        self,
        keeper: "SettingsKeeper",
        source: "SimulatedSource",
        contract: Contract,
        history: "HistoryReader",
        listener: "Listener",
    ) -> None:
        """keeper: holds the person's settings.
        source: the simulated meter.
        contract: the household's.
        history: its past; its folder holds its price book, too.
        listener: goes on with that past.
        """
        # The household pays the regulated tariff, which knows no contract of the kind OTHER.
        provider, offer = (None, None) if contract is Contract.OTHER else _REGULATED
        # Neither the line nor the prices that the person set belong to it, and nothing is fetched for it.
        settings = replace(
            keeper.loaded.settings,
            meter=MeterSettings(),
            history=HistorySettings(),
            billing=BillingSettings(),
            tariff=TariffSettings(provider=provider, offer=offer, fetch=False, off_peak=_DEMO_HOURS.get(contract, ())),
        )
        super().__init__(keeper, source, settings=settings, listeners=(listener,), now=source.now)
        self.tag = _("simulated")
        self.pace = source.pace
        self.history = history
        self.book = history.folder / "prices"
