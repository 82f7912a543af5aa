"""Builds the callbacks named in the settings, also while the program runs."""

import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import msgspec

from linkytui.civil.times import Timestamp
from linkytui.i18n import _
from linkytui.line.relay.report import CallbackState, Delivery
from linkytui.outputs.callbacks.base import Callback
from linkytui.outputs.callbacks.loading import load, replaced_by, short_name
from linkytui.outputs.callbacks.runner import CallbackRunner
from linkytui.outputs.callbacks.samples import SampleLog
from linkytui.outputs.callbacks.state import INFLUXDB, MQTT, UPSTREAM
from linkytui.settings.model import Settings

if TYPE_CHECKING:
    from linkytui.outputs.callbacks.influxdb.callback import InfluxDBCallback
    from linkytui.outputs.callbacks.influxdb.points import PriceFeed
    from linkytui.outputs.callbacks.mqtt.callback import MqttCallback
    from linkytui.outputs.callbacks.mqtt.figures import FiguresFeed
    from linkytui.outputs.callbacks.upstream.callback import UpstreamCallback
    from linkytui.outputs.callbacks.upstream.live import Today

_BUILT_IN: Final = "linkytui.outputs.callbacks.built_in"
"""Loaded by its name, as plugins are: it brings HTTP and TLS, which only who has one of its callbacks on needs."""

_REFUSED: Final = "influxdb-refused.db"  # beside the history


class ConfiguredCallbacks:
    """Knows how to make every callback of the settings, and puts a change of the settings into effect at once.

    Where linkypy's own callbacks stand among the plugins, InfluxDB is on: it does what they did.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        samples: SampleLog | None,
        prices: "PriceFeed | None" = None,
        figures: "FiguresFeed | None" = None,
        today: "Callable[[Timestamp], Today] | None" = None,
        clock: Callable[[], Timestamp] = time.time,
        folder: Path | None = None,
    ) -> None:
        """Start what is on.

        `samples`: the history, from which InfluxDB gets what it missed, None where there is none; `prices`: what the
        month costs, None writes no prices; `figures`: the account, for MQTT; `folder`: where what InfluxDB refuses is
        kept, None keeps it in memory.
        """
        self.runner = CallbackRunner(clock=clock)  # to be given to the pipeline as a listener
        self._samples = samples
        self._prices = prices
        self._figures = figures
        self._today = today
        self._clock = clock
        self._folder = folder
        self._settings: Settings | None = None
        self._influx: tuple[object, ...] = ()
        self.use(settings)

    def use(self, settings: Settings) -> None:
        """Put other settings into effect: what did not change goes on undisturbed."""
        before, self._settings = self._settings, settings
        stands_in = tuple(short_name(name) for name in settings.callbacks.plugins if replaced_by(name))
        influx = settings.influxdb, settings.history.timezone, stands_in
        if influx != self._influx:
            self._influx = influx
            self.runner.add(
                INFLUXDB,
                partial(self._make, INFLUXDB, settings),
                enabled=settings.influxdb.enabled or bool(stands_in),
                note=_("replaces {names}").format(names=", ".join(stands_in)) if stands_in else None,
            )
        if before is None or settings.mqtt != before.mqtt:
            self.runner.add(MQTT, partial(self._make, MQTT, settings), enabled=settings.mqtt.enabled)
        if before is None or settings.upstream != before.upstream:
            self.runner.remove(UPSTREAM)
            if settings.upstream.enabled:  # of a household that has no fleet it would be but a word more to read
                import_module(_BUILT_IN).upstream_of(settings.upstream)  # what is wrong with it is told at once
                self.runner.add(UPSTREAM, partial(self._make, UPSTREAM, settings))
        if before is None or settings.callbacks != before.callbacks:
            self._use_plugins(settings, before)

    def states(self) -> tuple[CallbackState, ...]:
        """How each callback fares now, in the order of the settings."""
        return tuple(self._with_service(state) for state in self.runner.states())

    @property
    def delivery(self) -> Delivery | None:
        """How the delivery to InfluxDB fares; None while it is off."""
        influxdb = self._influxdb
        return None if influxdb is None else influxdb.delivery

    def backlog(self) -> tuple[int, float]:
        """Samples that InfluxDB has not got, and the seconds for which the oldest has waited: what alerts ask for."""
        delivery = self.delivery
        if delivery is None or delivery.oldest_at is None:
            return 0, 0.0
        return delivery.waiting, max(0.0, self._clock() - delivery.oldest_at)

    def drop_backlog(self) -> None:
        """Let go of what waits for InfluxDB."""
        if (influxdb := self._influxdb) is not None:
            influxdb.drop_backlog()

    def send_again(self) -> None:
        """Have sent what InfluxDB refused, or could not take, without waiting for its time."""
        if (influxdb := self._influxdb) is not None:
            influxdb.send_again()

    def _with_service(self, state: CallbackState) -> CallbackState:
        """Add what InfluxDB or MQTT knows beside the runner."""
        callback = self.runner.callback(state.name)
        # It is None until it is made, and no other callback can have one of these names.
        if callback is not None and state.name in (INFLUXDB, UPSTREAM):
            sender = cast("InfluxDBCallback | UpstreamCallback", callback)
            return msgspec.structs.replace(state, delivery=sender.delivery)
        if callback is not None and state.name == MQTT:
            return msgspec.structs.replace(state, publication=cast("MqttCallback", callback).publication)
        return state

    @property
    def _influxdb(self) -> "InfluxDBCallback | None":
        return cast("InfluxDBCallback | None", self.runner.callback(INFLUXDB))

    def _use_plugins(self, settings: Settings, before: Settings | None) -> None:
        """Each plugin under its short name; under its whole path where two have the same."""
        for name in _names(before) if before is not None else ():
            self.runner.remove(name)
        for name, plugin in _names(settings).items():
            tables = settings.callbacks.tables
            self.runner.add(name, partial(load, plugin, tables.get(plugin, tables.get(short_name(plugin), {}))))

    def _make(self, name: str, settings: Settings) -> Callback:
        built_in = import_module(_BUILT_IN)
        refused = None if self._folder is None else self._folder / _REFUSED
        givers = built_in.Givers(self._samples, self._prices, self._figures, self._today, self._clock, refused)
        return cast("Callback", built_in.make(name, settings, givers))


def _names(settings: Settings) -> dict[str, str]:
    """The plugins of the settings by the name under which they run; linkypy's own are not among them."""
    plugins = [name for name in dict.fromkeys(settings.callbacks.plugins) if replaced_by(name) is None]
    short = [short_name(name) for name in plugins]
    taken = {INFLUXDB, MQTT, UPSTREAM}
    names = {}
    for name, word in zip(plugins, short, strict=True):
        alone = short.count(word) == 1 and word not in taken
        # One that is called like InfluxDB or MQTT must not take its place.
        names[word if alone else f"{name} (plugin)" if name in taken else name] = name
    return names
