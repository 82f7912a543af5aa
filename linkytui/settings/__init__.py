"""What a person can set: one file, environment variables and options, typed and checked; a value knows its origin."""

from linkytui.settings.fields import Field, fields
from linkytui.settings.load import Loaded, Option, Origin, load_settings
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
from linkytui.settings.save import save_value

__all__ = [
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
    "TariffSettings",
    "fields",
    "load_settings",
    "save_value",
]
