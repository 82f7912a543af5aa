"""What a person can set: one file, environment variables and options, typed and checked; a value knows its origin."""

from linkytui.settings.fields import MASK, Field, as_plain, fields
from linkytui.settings.keeper import SettingsKeeper
from linkytui.settings.load import Loaded, Option, Origin, check_file, load_settings
from linkytui.settings.model import (
    AlertRule,
    AlertSettings,
    CallbackSettings,
    HistorySettings,
    InfluxSettings,
    MeterSettings,
    MqttSettings,
    OffPeakSeason,
    Prices,
    RelaySettings,
    ScreenSettings,
    Settings,
    TariffSettings,
)
from linkytui.settings.save import save_value, write_private
from linkytui.settings.template import template

__all__ = [
    "MASK",
    "AlertRule",
    "AlertSettings",
    "CallbackSettings",
    "Field",
    "HistorySettings",
    "InfluxSettings",
    "Loaded",
    "MeterSettings",
    "MqttSettings",
    "OffPeakSeason",
    "Option",
    "Origin",
    "Prices",
    "RelaySettings",
    "ScreenSettings",
    "Settings",
    "SettingsKeeper",
    "TariffSettings",
    "as_plain",
    "check_file",
    "fields",
    "load_settings",
    "save_value",
    "template",
    "write_private",
]
