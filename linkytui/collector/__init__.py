"""What goes on without a screen: reading, history, callbacks, alerts and relay, as a service or beside a screen."""

from linkytui.collector.collector import Collector
from linkytui.collector.costs import GridKeeper, cost_of
from linkytui.collector.duties import Duties, WhileReading
from linkytui.collector.log import set_up_log
from linkytui.collector.notify import Notifier
from linkytui.collector.watch import SettingsWatch

__all__ = [
    "Collector",
    "Duties",
    "GridKeeper",
    "Notifier",
    "SettingsWatch",
    "WhileReading",
    "cost_of",
    "set_up_log",
]
