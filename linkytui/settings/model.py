"""Every setting: its type, its default and its meaning, declared once.

The structs below are what the program reads; `fields.fields()` lists the same declarations for the loader, for
`linkytui config` and for the settings screen.
"""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from msgspec import Struct, field

from linkytui.civil.cycle import Cycle
from linkytui.civil.off_peak import is_window
from linkytui.i18n import N_
from linkytui.settings.about import About, about


def _known_timezone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True


def _address_or_empty(text: str) -> bool:
    host, _, port = text.rpartition(":")
    return not text or (bool(host) and port.isdecimal() and 0 < int(port) < 65536)


_PATH: Final = re.compile(r"[/~].*").fullmatch
_DAY: Final = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])").fullmatch
_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*").fullmatch


class MeterSettings(Struct, frozen=True, kw_only=True):
    """[meter]: the line."""

    port: Annotated[
        str | None,
        about(
            N_(
                "Serial port, or an address that pyserial knows such as socket://host:port; found automatically "
                "if not set"
            ),
            restart=True,
        ),
    ] = None
    mode: Annotated[
        Literal["auto", "historic", "standard"],
        about(N_("Mode of the meter; auto detects it and follows changes"), restart=True),
    ] = "auto"
    power_kva: Annotated[
        float | None, about(N_("Subscribed power in kVA, if the meter does not report it"), low=1, high=250)
    ] = None


class ScreenSettings(Struct, frozen=True, kw_only=True):
    """[screen]: what people see."""

    language: Annotated[
        Literal["en", "fr"] | None, about(N_("Language of the screen and of messages; the system's if not set"))
    ] = None
    theme: Annotated[str, about(N_("Name of a colour theme; auto follows the terminal"))] = "auto"
    bell: Annotated[bool, about(N_("Ring the terminal's bell on an alert"))] = True
    ascii: Annotated[bool, about(N_("Use plain ASCII characters only"), restart=True)] = False


class HistorySettings(Struct, frozen=True, kw_only=True):
    """[history]: what is kept."""

    enabled: Annotated[bool, about(N_("Keep a history of the meter's readings"), restart=True)] = True
    folder: Annotated[
        str | None,
        about(
            N_("History folder; your data folder if not set"),
            form=N_("a full path such as /srv/linkytui"),
            check=_PATH,
            restart=True,
        ),
    ] = None
    flush_seconds: Annotated[
        float, about(N_("Seconds between two writes to disk; a power cut loses at most that much"), low=1, high=3600)
    ] = 10
    raw_days: Annotated[int, about(N_("How many days every frame is kept"), low=1, high=366)] = 7
    minute_days: Annotated[int, about(N_("How many days every minute is kept; hours are kept for ever"), low=1)] = 730
    timezone: Annotated[
        str,
        about(
            N_("Time zone in which days and months begin"),
            form=N_("the name of a time zone such as Europe/Paris"),
            check=_known_timezone,
            restart=True,
        ),
    ] = "Europe/Paris"


class RelaySettings(Struct, frozen=True, kw_only=True):
    """[relay]: the meter's bytes for other programs."""

    socket: Annotated[
        str | None,
        about(
            N_("Unix socket of the collector; in the runtime folder if not set"),
            form=N_("a full path such as /run/linkytui/linkytui.sock"),
            check=re.compile(r"[/~].*(?<!\.status)(?<!\.lock)(?<!/)").fullmatch,
            restart=True,
        ),
    ] = None
    tcp: Annotated[
        str,
        about(
            N_("Address at which other programs can read the meter's bytes; empty: none"),
            form=N_("host:port, such as 127.0.0.1:8094"),
            check=_address_or_empty,
            restart=True,
        ),
    ] = ""


class HttpSettings(Struct, frozen=True, kw_only=True):
    """[http]: what the collector tells other programs by HTTP."""

    listen: Annotated[
        str,
        about(
            N_("Address at which the collector answers GET /metrics (Prometheus) and GET /status; empty: none"),
            form=N_("host:port, such as 127.0.0.1:8095"),
            check=_address_or_empty,
            restart=True,
        ),
    ] = ""


def _pem(meaning: str) -> About:
    return about(meaning, form=N_("a full path such as /etc/linkytui/ca.pem"), check=_PATH)


def _price(meaning: str) -> About:
    return about(meaning, low=0)


_Price = Annotated[
    Decimal | None, _price(N_("Price of this register in EUR per kWh, taxes included; overrides price grids"))
]


class Prices(Struct, frozen=True, kw_only=True):
    """[tariff.prices]: prices set by hand, taxes included; they win over grids."""

    subscription: Annotated[
        Decimal | None, _price(N_("Subscription in EUR per month, taxes included; overrides price grids"))
    ] = None
    BASE: _Price = None
    HP: _Price = None
    HC: _Price = None
    HN: _Price = None
    PM: _Price = None
    HCJB: _Price = None
    HPJB: _Price = None
    HCJW: _Price = None
    HPJW: _Price = None
    HCJR: _Price = None
    HPJR: _Price = None
    EASF01: _Price = None
    EASF02: _Price = None
    EASF03: _Price = None
    EASF04: _Price = None
    EASF05: _Price = None
    EASF06: _Price = None
    EASF07: _Price = None
    EASF08: _Price = None
    EASF09: _Price = None
    EASF10: _Price = None

    @property
    def registers(self) -> dict[str, Decimal]:
        """EUR per kWh, taxes included, of each register whose price is set."""
        prices = ((name, getattr(self, name)) for name in self.__struct_fields__ if name != "subscription")
        return {name: price for name, price in prices if price is not None}


class OffPeakSeason(Struct, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """One table of `off_peak`: hours that hold for a part of the year."""

    first: Annotated[str, about(N_("First day of the season"), form=N_("a month and a day such as 04-01"), check=_DAY)]
    last: Annotated[str, about(N_("Last day of the season"), form=N_("a month and a day such as 10-31"), check=_DAY)]
    windows: Annotated[
        tuple[str, ...],
        about(N_("Off-peak hours of the season"), form=N_("a list of hours such as 22:30-06:30"), check=is_window),
    ]


_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CALENDAR_DAYS: Final[Mapping[str, tuple[int, ...]]] = {
    **{name: (number,) for number, name in enumerate(_WEEKDAYS)},
    "weekdays": (0, 1, 2, 3, 4),
    "weekend": (5, 6),
    "holidays": (7,),
}
"""Days of the week by the words of the settings, 0 for Monday, 7 for public holidays."""
LOCAL_HOURS: Final = "local"
"""Stands among hours for the off-peak hours of the address."""
CALENDAR_COLOURS: Final = ("blue", "white", "red")


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


class CalendarPeriod(Struct, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """One period of a calendar. All that it says must hold; one that says nothing is the rest."""

    name: Annotated[str, about(N_("Name of the period, as the grid names its price"))]
    register: Annotated[
        str | None,
        about(
            N_("Register of the meter that counts it"),
            form=N_("a register from EASF01 to EASF10"),
            check=re.compile(r"EASF(?:0[1-9]|10)").fullmatch,
        ),
    ] = None
    days: Annotated[
        tuple[str, ...],
        about(
            N_("Days of the week; a public holiday counts as holidays, too"),
            form=N_("a list of monday to sunday, weekdays, weekend and holidays"),
            check=CALENDAR_DAYS.__contains__,
        ),
    ] = ()
    dates: Annotated[
        tuple[str, ...],
        about(N_("Days that the supplier announced"), form=N_("a list of dates such as 2026-12-03"), check=_is_date),
    ] = ()
    first: Annotated[
        str | None, about(N_("First day of its season"), form=N_("a month and a day such as 11-01"), check=_DAY)
    ] = None
    last: Annotated[
        str | None, about(N_("Last day of its season"), form=N_("a month and a day such as 03-31"), check=_DAY)
    ] = None
    hours: Annotated[
        tuple[str, ...],
        about(
            N_("Its hours; local stands for your own off-peak hours, those of off_peak"),
            form=N_("a list of hours such as 22:30-06:30, or local"),
            check=lambda text: text == LOCAL_HOURS or is_window(text),
        ),
    ] = ()
    colours: Annotated[
        tuple[str, ...],
        about(
            N_("Colours of the Tempo day, which begins at 06:00"),
            form=N_("a list of blue, white and red"),
            check=CALENDAR_COLOURS.__contains__,
        ),
    ] = ()


class TariffCalendar(Struct, frozen=True, kw_only=True):
    """One table of `calendars`: when each period of an offer is. The first period that holds counts."""

    provider: Annotated[str | None, about(N_("Supplier whose offer it is; any if not set"))] = None
    offer: Annotated[str | None, about(N_("Offer, as the price grid names it; any if not set"))] = None
    periods: Annotated[
        tuple[CalendarPeriod, ...],
        about(N_("Its periods, in the order in which they count"), form=N_("a list of tables with a name")),
    ]


class TariffContract(Struct, frozen=True, kw_only=True, rename={"first": "from"}):
    """One table of `contracts`: what held from a day on. What it does not say stays as it was before."""

    first: Annotated[date, about(N_("First day on which it held"))]
    provider: Annotated[
        str | None, about(N_("Supplier; a change of supplier or offer ends all that was set before"))
    ] = None
    offer: Annotated[str | None, about(N_("Offer, as the price grid names it"))] = None
    option: Annotated[Literal["BASE", "HPHC", "TEMPO", "EJP", "OTHER"] | None, about(N_("Tariff option"))] = None
    power_kva: Annotated[float | None, about(N_("Subscribed power in kVA"), low=1, high=250)] = None
    prices: Prices = Prices()


class TariffSettings(Struct, frozen=True, kw_only=True):
    """[tariff]: what energy costs."""

    provider: Annotated[str | None, about(N_("Your supplier, as its price grid names it"))] = None
    offer: Annotated[str | None, about(N_("Your offer, as the price grid names it"))] = None
    option: Annotated[
        Literal["BASE", "HPHC", "TEMPO", "EJP", "OTHER"] | None,
        about(N_("Your tariff option, OTHER for a calendar of the supplier's own; taken from the meter if not set")),
    ] = None
    fetch: Annotated[bool, about(N_("Fetch price grids from the suppliers' sites"))] = True
    tempo_calendar: Annotated[
        bool, about(N_("Ask RTE's public calendar, or a free mirror, for Tempo's colours, every few hours"))
    ] = False
    files: Annotated[tuple[str, ...], about(N_("Price grids to read, PDF files"))] = ()
    injection_price: Annotated[Decimal | None, about(N_("Selling price of injected energy, in EUR per kWh"), low=0)] = (
        None
    )
    off_peak: Annotated[
        tuple[str | OffPeakSeason, ...],
        about(
            N_("Your off-peak hours, to compare offers when the meter counts a single register"),
            form=N_("a list of hours such as 22:30-06:30"),
            check=is_window,
        ),
    ] = ()
    calendars: Annotated[
        tuple[TariffCalendar, ...],
        about(
            N_("Calendars of suppliers' own, where a grid does not say when its periods are"),
            form=N_("a list of tables with periods"),
        ),
    ] = ()
    budget: Annotated[
        Decimal | None,
        about(N_("What a month may cost in EUR, for the bar on the dashboard and the budget alert"), low=0),
    ] = None
    contracts: Annotated[
        tuple[TariffContract, ...],
        about(
            N_("What you had and have, each from a day on; bills of the past use what held then"),
            form=N_("a list of tables with a first day (from)"),
        ),
    ] = ()
    prices: Prices = Prices()


class BillingSettings(Struct, frozen=True, kw_only=True):
    """[billing]: when the supplier sends an invoice, and what is paid meanwhile."""

    day: Annotated[
        int, about(N_("Day on which a billing period begins; the last one of shorter months"), low=1, high=31)
    ] = 1
    months: Annotated[int, about(N_("Months of a billing period"), low=1, high=12)] = 1
    first_month: Annotated[
        int, about(N_("Month in which a billing period begins, and the year of prepayments"), low=1, high=12)
    ] = 1
    subscription: Annotated[
        Literal["arrears", "advance"],
        about(N_("Whether an invoice asks the subscription of its own days (arrears) or of the next ones (advance)")),
    ] = "arrears"
    prepayment: Annotated[
        Decimal | None, about(N_("What is paid each month in EUR, to be settled once a year"), low=0)
    ] = None

    @property
    def cycle(self) -> Cycle:
        """From which day to which one the supplier counts."""
        return Cycle(self.day, self.months, self.first_month)


class InfluxSettings(Struct, frozen=True, kw_only=True):
    """[influxdb]: the database of linkypy's users and their Grafana dashboard."""

    enabled: Annotated[bool, about(N_("Send the meter's readings to InfluxDB"))] = False
    host: Annotated[str, about(N_("Name or address of the InfluxDB server"))] = "influxdb.local"
    port: Annotated[int, about(N_("Port of the InfluxDB server"), low=1, high=65535)] = 8086
    database: Annotated[str, about(N_("Name of the database"))] = "linky"
    username: Annotated[str, about(N_("User name; used only with a password"))] = "admin"
    password: Annotated[str | None, about(N_("Password to log in with"), secret=True)] = None
    tls: Annotated[bool, about(N_("Encrypt the connection (HTTPS)"))] = False
    verify: Annotated[bool, about(N_("Check the server's certificate"))] = True
    all_labels: Annotated[bool, about(N_("Also send every label of the meter, in measurements of their own"))] = False


class MqttSettings(Struct, frozen=True, kw_only=True):
    """[mqtt]: home automation."""

    enabled: Annotated[bool, about(N_("Publish the meter's readings over MQTT"))] = False
    host: Annotated[str, about(N_("Name or address of the MQTT broker"))] = "localhost"
    port: Annotated[
        int | None, about(N_("Port of the MQTT broker; 1883, or 8883 with TLS, if not set"), low=1, high=65535)
    ] = None
    username: Annotated[str | None, about(N_("User name"))] = None
    password: Annotated[str | None, about(N_("Password to log in with"), secret=True)] = None
    tls: Annotated[bool, about(N_("Encrypt the connection (TLS)"))] = False
    topic: Annotated[
        str,
        about(
            N_("Topic under which everything is published"),
            form=N_("a topic without # and +"),
            check=re.compile(r"[^#+\x00]+").fullmatch,
        ),
    ] = "teleinfo"
    discovery: Annotated[
        str,
        about(
            N_("Topic where Home Assistant looks for devices; empty: no discovery"),
            form=N_("a topic without # and +"),
            check=re.compile(r"[^#+\x00]*").fullmatch,
        ),
    ] = "homeassistant"
    interval: Annotated[
        float, about(N_("Seconds between two messages; 0 publishes each change at once"), low=0, high=86400)
    ] = 10


_LEVEL: Final = re.compile(r"[^/#+$\x00-\x1f\x7f][^/#+\x00-\x1f\x7f]{0,63}").fullmatch


class UpstreamSettings(Struct, frozen=True, kw_only=True):
    """[upstream]: a fleet's broker, where sinks take the samples to a database."""

    enabled: Annotated[bool, about(N_("Send all samples to a fleet's MQTT broker"))] = False
    host: Annotated[str, about(N_("Name or address of the fleet's MQTT broker"))] = "localhost"
    port: Annotated[
        int | None, about(N_("Port of the MQTT broker; 1883, or 8883 with TLS, if not set"), low=1, high=65535)
    ] = None
    username: Annotated[str | None, about(N_("User name"))] = None
    password: Annotated[str | None, about(N_("Password to log in with"), secret=True)] = None
    tls: Annotated[bool, about(N_("Encrypt the connection (TLS)"))] = False
    authority: Annotated[
        str | None,
        _pem(N_("Certificate of the authority that signed the broker's, a PEM file; the system's if not set")),
    ] = None
    certificate: Annotated[str | None, _pem(N_("Certificate of this site, a PEM file; none if not set"))] = None
    key: Annotated[str | None, _pem(N_("Private key of that certificate, a PEM file; in the same file if not set"))] = (
        None
    )
    topic: Annotated[
        str,
        about(
            N_("Topic under which the whole fleet is"),
            form=N_("a topic without # and +"),
            check=re.compile(r"[^#+$/\x00][^#+\x00]*(?<!/)").fullmatch,
        ),
    ] = "fleet"
    site: Annotated[
        str | None,
        about(
            N_("Name of this site; the user name, or this machine's, if not set"),
            form=N_("a text without /, # and +"),
            check=_LEVEL,
        ),
    ] = None
    meter: Annotated[
        str | None,
        about(N_("Name of this meter; its number if not set"), form=N_("a text without /, # and +"), check=_LEVEL),
    ] = None
    interval: Annotated[float, about(N_("Seconds between two batches of samples"), low=1, high=3600)] = 10
    format: Annotated[
        Literal["msgpack", "json"], about(N_("How batches are written: MessagePack is shorter, JSON is read by eye"))
    ] = "msgpack"


class CallbackSettings(Struct, frozen=True, kw_only=True):
    """[callbacks]: your own plugins."""

    plugins: Annotated[
        tuple[str, ...],
        about(
            N_("Classes to call for each frame, as dotted paths"),
            form=N_("a list of dotted paths such as your_package.MyPlugin"),
            check=_DOTTED,
        ),
    ] = ()
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Each `[callbacks.<name>]` table as it stands, by name, for the plugin of that name."""


AlertKind = Literal[
    "over_subscription",
    "power",
    "silent",
    "tempo_red",
    "ejp_notice",
    "budget",
    "backlog",
    "off_peak_starts",
    "hours_changed",
]


class AlertRule(Struct, frozen=True, kw_only=True):
    """One table of `rules`: when to say something."""

    kind: Annotated[AlertKind, about(N_("What the rule watches"))]
    threshold: Annotated[
        float | None, about(N_("Limit: VA for power, EUR for budget, seconds for silent and backlog"), low=0)
    ] = None
    duration: Annotated[float, about(N_("Seconds it must last before it counts"), low=0)] = 0
    interval: Annotated[float, about(N_("Minimum seconds between two incidents of this rule"), low=0)] = 300


class AlertSettings(Struct, frozen=True, kw_only=True):
    """[alerts]: what to say, and to whom."""

    rules: Annotated[
        tuple[AlertRule, ...], about(N_("What to watch: one table per rule"), form=N_("a list of tables with a kind"))
    ] = (
        AlertRule(kind="over_subscription"),
        AlertRule(kind="silent", threshold=60),
        AlertRule(kind="tempo_red"),
        AlertRule(kind="ejp_notice"),
        AlertRule(kind="hours_changed"),
    )
    notify: Annotated[
        tuple[str, ...], about(N_("Where to send alerts: addresses that apprise knows"), secret=True)
    ] = ()
    command: Annotated[
        tuple[str, ...],
        about(N_("Command to run on an alert, one word per item, without a shell; the text is added last")),
    ] = ()


class Settings(Struct, frozen=True, kw_only=True):
    """Everything that a person can set."""

    meter: MeterSettings = MeterSettings()
    screen: ScreenSettings = ScreenSettings()
    history: HistorySettings = HistorySettings()
    relay: RelaySettings = RelaySettings()
    http: HttpSettings = HttpSettings()
    tariff: TariffSettings = TariffSettings()
    billing: BillingSettings = BillingSettings()
    influxdb: InfluxSettings = InfluxSettings()
    mqtt: MqttSettings = MqttSettings()
    upstream: UpstreamSettings = UpstreamSettings()
    callbacks: CallbackSettings = CallbackSettings()
    alerts: AlertSettings = AlertSettings()
