"""Writes linkytui's dashboard for Grafana, in French and in English: python contrib/grafana/make_dashboards.py

The queries are InfluxQL, on what docs/influxdb.md lists. Every panel asks the data source of the variable `meter`: one
database holds one meter.
"""

# ruff: noqa: S608 -- the queries are put together from the words of this file

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from linkytui.i18n import Language, use_language
from linkytui.link import Link, LinkState
from linkytui.reading.contracts import REGISTERS, Contract
from linkytui.wording.terms import contract_name, register_name, state_name

FOLDER: Final = Path(__file__).parent / "dashboards"
SOURCE: Final = {"type": "influxdb", "uid": "${meter}"}
PARIS: Final = "tz('Europe/Paris')"
OFFER: Final = "\"provider\" = '$provider' AND \"offer_name\" = '$offer' AND \"offer_type\" = '$type'"

BLUE, WHITE, RED, ORANGE, GREEN = "#3274d9", "#d8d9da", "#e02f44", "#ff9830", "#56a64b"
COLOURS: Final = {"blue": BLUE, "white": WHITE, "red": RED}
ALL_REGISTERS: Final = tuple(name for names in REGISTERS.values() for name in names)

FRENCH: Final = {
    "Linky meter: power, energy, cost, Tempo and the line, as linkytui writes them.": "Compteur Linky : puissance, "
    "énergie, coût, Tempo et liaison, tels que linkytui les écrit.",
    "Meter": "Compteur",
    "Supplier": "Fournisseur",
    "Offer": "Offre",
    "Option": "Option",
    "Now": "En ce moment",
    "Power": "Puissance",
    "Of the subscribed power": "De la puissance souscrite",
    "Mean today": "Moyenne du jour",
    "Highest today": "Maximum du jour",
    "Cost of the month so far": "Coût du mois à ce jour",
    "Estimate for the month": "Estimation du mois",
    "Today": "Aujourd’hui",
    "Energy today": "Énergie du jour",
    "Energy by hour": "Énergie par heure",
    "Peak": "Heures pleines",
    "Off-peak": "Heures creuses",
    "Days": "Jours",
    "Energy by day": "Énergie par jour",
    "Energy by month": "Énergie par mois",
    "Power drawn at all times": "Talon (puissance de fond)",
    "Mean power by hour": "Puissance moyenne par heure",
    "Cost": "Coût",
    "Bill by month": "Facture par mois",
    "The month's bill as it grows": "La facture du mois, jour après jour",
    "Offers compared": "Offres comparées",
    "Month": "Mois",
    "Year": "Année",
    "Bill": "Facture",
    "Tempo": "Tempo",
    "Colour of today": "Couleur du jour",
    "Colour of tomorrow": "Couleur de demain",
    "Energy by tariff": "Énergie par poste tarifaire",
    "Line": "Liaison",
    "State": "État",
    "Frames a minute": "Trames par minute",
    "Rejected groups": "Groupes rejetés",
    "Last frame": "Dernière trame",
    "Checksum": "Somme de contrôle",
    "Format": "Format",
    "Structure": "Structure",
    "Blue": "Bleu",
    "White": "Blanc",
    "Red": "Rouge",
    "unknown": "inconnue",
    "Number": "Numéro",
    "Subscribed power": "Puissance souscrite",
    "Contract": "Contrat",
    "Running tariff": "Tarif en cours",
    "Values of the meter": "Valeurs du compteur",
}
"""What people read on the dashboard."""


class Dashboard:
    """One dashboard in one language; panels are put one after the other, row by row of 24 columns."""

    def __init__(self, language: Language) -> None:
        use_language(language)  # what the program calls things, it calls so here as well
        self._french = language == "fr"
        self.panels: list[dict[str, Any]] = []
        self._x = self._y = self._height = 0

    def text(self, english: str) -> str:
        """What people read, in the dashboard's language."""
        return FRENCH[english] if self._french else english

    def row(self, title: str) -> None:
        """A heading; the panels that follow stand under it."""
        self._break()
        self.panels.append(
            {"type": "row", "title": self.text(title), "collapsed": False, "panels": [], "gridPos": self._place(24, 1)}
        )

    def panel(
        self,
        kind: str,
        title: str,
        size: tuple[int, int],
        queries: dict[str, str],
        *,
        unit: str = "none",
        since: str | None = None,
        defaults: dict[str, Any] | None = None,
        table: bool = False,
        **more: Any,
    ) -> None:
        """One panel.

        Args:
            kind: Grafana's name of the visualization.
            title: in English.
            size: columns of 24, and rows.
            queries: InfluxQL by name of the series, in English.
            unit: Grafana's name of the unit.
            since: a span of its own in the place of the dashboard's, in Grafana's form.
            defaults: more of the fields' configuration.
            table: the answer is rows, not series.
            more: options, transformations, overrides.
        """
        field = {"unit": unit, "color": {"mode": "palette-classic"}, **(defaults or {})}
        self.panels.append(
            {
                "type": kind,
                "title": self.text(title),
                "datasource": SOURCE,
                "gridPos": self._place(*size),
                "fieldConfig": {"defaults": field, "overrides": more.pop("overrides", [])},
                "options": more.pop("options", {}),
                "targets": [
                    {
                        "refId": chr(ord("A") + number),
                        "datasource": SOURCE,
                        "rawQuery": True,
                        "query": query,
                        "alias": self.text(name),
                        "resultFormat": "table" if table else "time_series",
                    }
                    for number, (name, query) in enumerate(queries.items())
                ],
                **({"timeFrom": since, "hideTimeOverride": True} if since else {}),
                **more,
            }
        )

    def stat(self, title: str, width: int, query: str, **more: Any) -> None:
        """One value, large."""
        options = {
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": more.pop("fields", ""), "values": False},
            "colorMode": "value",
            "graphMode": "none",
            "textMode": "value",
        }
        self.panel("stat", title, (width, 4), {title: query}, options=options, **more)

    def _break(self) -> None:
        if self._x:
            self._x, self._y, self._height = 0, self._y + self._height, 0

    def _place(self, width: int, height: int) -> dict[str, int]:
        if self._x + width > 24:
            self._break()
        place = {"x": self._x, "y": self._y, "w": width, "h": height}
        self._x, self._height = self._x + width, max(self._height, height)
        if self._x == 24:
            self._break()
        return place


def in_words(words: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """The database's values as a text and its colour."""
    options = {value: {"text": text, "color": colour} for value, (text, colour) in words.items()}
    return {"mappings": [{"type": "value", "options": options}], "color": {"mode": "fixed", "fixedColor": "text"}}


def colours(board: Dashboard) -> dict[str, Any]:
    """Tempo's colours as words in their colour."""
    words = {name: (board.text(name.title()), code) for name, code in COLOURS.items()}
    return in_words(words | {"unknown": (board.text("unknown"), "text")})


def states() -> dict[str, Any]:
    """The states of the line, in green, in orange what may pass by itself, in red what asks for a hand."""
    tones = {LinkState.LIVE: GREEN, LinkState.WAITING: ORANGE, LinkState.STALE: ORANGE, LinkState.ENDED: "text"}
    return in_words(
        {state.value: (sentence(state_name(Link(state=state))), tones.get(state, RED)) for state in LinkState}
    )


def contracts() -> dict[str, Any]:
    """The contracts as bills call them."""
    return in_words({contract.value: (contract_name(contract), "text") for contract in Contract})


def tariffs() -> dict[str, Any]:
    """What counts now."""
    return in_words({name: (register_name(name), "text") for name in ALL_REGISTERS})


def sentence(words: str) -> str:
    """With a capital, as a value that stands alone."""
    return words[:1].upper() + words[1:]


def named(column: str, name: str) -> dict[str, Any]:
    """An override that calls a column by a name."""
    return {"matcher": {"id": "byName", "options": column}, "properties": [{"id": "displayName", "value": name}]}


def last(field: str, measurement: str) -> str:
    """The newest value of a field."""
    return f'SELECT last("{field}") FROM {measurement} WHERE time > now() - 1h'


def energy(span: str, where: str = "$timeFilter") -> dict[str, str]:
    """kWh in each span, of peak and off-peak hours: differences of the registers."""
    return {
        name: f'SELECT non_negative_difference(last("{field}")) / 1000 FROM "linky_mean" WHERE {where} '
        f"GROUP BY time({span}) fill(none) {PARIS}"
        for name, field in (("Peak", "HCHP"), ("Off-peak", "HCHC"))
    }


BARS: Final = {"custom": {"drawStyle": "bars", "fillOpacity": 80, "lineWidth": 0, "stacking": {"mode": "normal"}}}
LINE: Final = {"custom": {"fillOpacity": 15, "lineWidth": 1, "showPoints": "never"}}


def fill(board: Dashboard) -> None:
    """Put every panel in its place."""
    _now(board)
    _energy(board)
    _cost(board)
    _tempo(board)
    _line(board)
    _meter(board)


def _now(board: Dashboard) -> None:
    board.row("Now")
    board.stat("Power", 5, last("PAPP", "linky_rp.linky"), unit="voltamp", since="5m")
    board.panel(
        "gauge",
        "Of the subscribed power",
        (5, 4),
        {
            "Of the subscribed power": 'SELECT last("power") / last("subscribed") * 100 FROM linky_rp.linky_state '
            "WHERE time > now() - 1h"
        },
        unit="percent",
        since="1h",
        defaults={
            "min": 0,
            "max": 100,
            "color": {"mode": "thresholds"},
            "thresholds": {
                "mode": "absolute",
                "steps": [
                    {"color": GREEN, "value": None},
                    {"color": ORANGE, "value": 80},
                    {"color": RED, "value": 100},
                ],
            },
        },
        options={"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}},
    )
    today = "WHERE $timeFilter"
    board.stat("Mean today", 3, f'SELECT mean("PAPP") FROM linky_rp.linky {today}', unit="voltamp", since="now/d")
    board.stat("Highest today", 3, f'SELECT max("PAPP") FROM linky_rp.linky {today}', unit="voltamp", since="now/d")
    board.stat(
        "Cost of the month so far",
        4,
        f'SELECT last("CURRENT_COST") FROM "prices_mean" WHERE {OFFER}',
        unit="currencyEUR",
        since="1d",
    )
    board.stat(
        "Estimate for the month",
        4,
        f'SELECT last("ESTIMATED_COST") FROM "prices_mean" WHERE {OFFER}',
        unit="currencyEUR",
        since="1d",
    )
    board.panel(
        "timeseries",
        "Power",
        (24, 8),
        {"Power": 'SELECT max("PAPP") FROM linky_rp.linky WHERE $timeFilter GROUP BY time($__interval) fill(none)'},
        unit="voltamp",
        since="3h",
        defaults=LINE,
    )


def _energy(board: Dashboard) -> None:
    board.row("Today")
    board.stat(
        "Energy today",
        5,
        'SELECT (last("HCHP") - first("HCHP") + last("HCHC") - first("HCHC")) / 1000 FROM linky_rp.linky '
        "WHERE $timeFilter",
        unit="kwatth",
        since="now/d",
        defaults={"decimals": 2},
    )
    board.panel("timeseries", "Energy by hour", (19, 7), energy("1h"), unit="kwatth", since="2d", defaults=BARS)
    board.row("Days")
    board.panel("timeseries", "Energy by day", (24, 8), energy("1d"), unit="kwatth", defaults=BARS)
    board.panel(
        "barchart",
        "Energy by month",
        (12, 8),
        energy("1d"),
        unit="kwatth",
        defaults={"custom": {"fillOpacity": 80}},
        options={"stacking": "normal", "xField": "Time"},
        transformations=[
            {"id": "joinByField", "options": {"byField": "Time", "mode": "outer"}},
            {
                "id": "formatTime",
                "options": {"timeField": "Time", "outputFormat": "YYYY-MM", "timezone": "Europe/Paris"},
            },
            {
                "id": "groupBy",
                "options": {
                    "fields": {
                        "Time": {"aggregations": [], "operation": "groupby"},
                        **{
                            board.text(name): {"aggregations": ["sum"], "operation": "aggregate"}
                            for name in ("Peak", "Off-peak")
                        },
                    }
                },
            },
        ],
    )
    board.panel(
        "timeseries",
        "Mean power by hour",
        (8, 8),
        {"Power": 'SELECT mean("PAPP") FROM "linky_mean" WHERE $timeFilter GROUP BY time($__interval) fill(none)'},
        unit="voltamp",
        defaults=LINE,
        interval="1h",
    )
    board.stat(
        "Power drawn at all times",
        4,
        'SELECT percentile("PAPP", 5) FROM "linky_mean" WHERE $timeFilter',
        unit="voltamp",
        since="30d",
    )


def _cost(board: Dashboard) -> None:
    board.row("Cost")
    board.panel(
        "timeseries",
        "The month's bill as it grows",
        (8, 8),
        {
            "Bill": f'SELECT last("CURRENT_COST") FROM "prices_mean" WHERE {OFFER} AND $timeFilter '
            "GROUP BY time(1h) fill(none)"
        },
        unit="currencyEUR",
        since="now/M",
        defaults=LINE,
    )
    board.panel(
        "table",
        "Bill by month",
        (8, 8),
        {
            "Bill": f'SELECT last("ESTIMATED_COST") AS "{board.text("Bill")}" FROM "prices_mean" WHERE {OFFER} '
            'AND "year_number" != \'\' AND $timeFilter GROUP BY "year_number", "month_number" ORDER BY time DESC'
        },
        unit="currencyEUR",
        table=True,
        since="730d",
        overrides=[
            named("year_number", board.text("Year")),
            named("month_number", board.text("Month")),
            {"matcher": {"id": "byName", "options": "Time"}, "properties": [{"id": "custom.hidden", "value": True}]},
        ],
    )
    board.panel(
        "bargauge",
        "Offers compared",
        (8, 8),
        {
            "Offers compared": 'SELECT last("ESTIMATED_COST") FROM "prices_mean" WHERE time > now() - 2h '
            'GROUP BY "provider", "offer_name", "offer_type"'
        },
        unit="currencyEUR",
        since="2h",
        options={
            "orientation": "horizontal",
            "displayMode": "basic",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        },
    )
    # The series are named by their tags.
    board.panels[-1]["targets"][0]["alias"] = "$tag_provider $tag_offer_name $tag_offer_type"


def _tempo(board: Dashboard) -> None:
    board.row("Tempo")
    for title, field in (("Colour of today", "today"), ("Colour of tomorrow", "tomorrow")):
        query = f'SELECT last("{field}") FROM linky_rp.linky_state WHERE time > now() - 1d'
        board.stat(title, 4, query, since="1d", fields="/.*/", defaults=colours(board))
    board.panel(
        "timeseries",
        "Energy by tariff",
        (16, 8),
        {
            "Energy by tariff": f"SELECT spread(/^wh_/) FROM linky_rp.linky_state WHERE $timeFilter "
            f"GROUP BY time(1d) fill(none) {PARIS}"
        },
        unit="watth",
        since="7d",
        defaults=BARS,
        overrides=[named(f"spread_wh_{name.lower()}", register_name(name)) for name in ALL_REGISTERS],
    )
    board.panels[-1]["targets"][0]["alias"] = "$col"


def _line(board: Dashboard) -> None:
    board.row("Line")
    board.stat("State", 4, last("state", "linky_rp.linky_link"), since="1h", fields="/.*/", defaults=states())
    board.stat(
        "Last frame",
        4,
        'SELECT last("PAPP") FROM linky_rp.linky',
        unit="dateTimeFromNow",
        since="7d",
        fields="/^Time$/",
    )
    board.panel(
        "timeseries",
        "Frames a minute",
        (8, 6),
        {
            "Frames a minute": 'SELECT non_negative_derivative(last("frames"), 1m) FROM linky_rp.linky_link '
            "WHERE $timeFilter GROUP BY time($__interval) fill(none)"
        },
        since="1d",
        defaults=LINE,
        interval="1m",
    )
    board.panel(
        "timeseries",
        "Rejected groups",
        (8, 6),
        {
            name: f'SELECT non_negative_difference(last("rejected_{field}")) FROM linky_rp.linky_link '
            "WHERE $timeFilter GROUP BY time($__interval) fill(none)"
            for name, field in (("Checksum", "checksum"), ("Format", "format"), ("Structure", "structure"))
        },
        since="1d",
        defaults=BARS,
        interval="5m",
    )


def _meter(board: Dashboard) -> None:
    board.row("Meter")
    board.stat("Number", 4, last("meter", "linky_rp.linky_state"), since="1h", fields="/.*/")
    board.stat("Contract", 4, last("contract", "linky_rp.linky_state"), since="1h", fields="/.*/", defaults=contracts())
    board.stat(
        "Running tariff", 4, last("period", "linky_rp.linky_state"), since="1h", fields="/.*/", defaults=tariffs()
    )
    board.stat("Subscribed power", 4, last("subscribed", "linky_rp.linky_state"), unit="voltamp", since="1h")
    board.panel(
        "table",
        "Values of the meter",
        (8, 8),
        {"Values of the meter": "SELECT last(*) FROM linky_rp.linky_tic WHERE time > now() - 1h"},
        since="1h",
        table=True,
        transformations=[{"id": "transpose", "options": {}}],
    )


def variable(board: Dashboard, name: str, label: str, query: str) -> dict[str, Any]:
    """A choice that comes from the database."""
    return {
        "name": name,
        "label": board.text(label),
        "type": "query",
        "datasource": SOURCE,
        "query": query,
        "definition": query,
        "refresh": 2,
        "sort": 1,
        "hide": 0,
        "includeAll": False,
        "multi": False,
        "options": [],
    }


def dashboard(language: Language) -> dict[str, Any]:
    """The whole dashboard, as Grafana reads it."""
    board = Dashboard(language)
    fill(board)
    for number, panel in enumerate(board.panels, 1):
        panel["id"] = number
    tags = "SHOW TAG VALUES FROM linky_rp.prices WITH KEY = "
    of_provider, of_offer = "\"provider\" = '$provider'", "\"offer_name\" = '$offer'"
    return {
        "uid": "linkytui" if language == "fr" else f"linkytui-{language}",
        "title": "linkytui" if language == "fr" else f"linkytui ({language})",
        "description": board.text("Linky meter: power, energy, cost, Tempo and the line, as linkytui writes them."),
        "tags": ["linky", "linkytui"],
        "schemaVersion": 39,
        "version": 1,
        "editable": True,
        "timezone": "Europe/Paris",
        "weekStart": "monday",
        "refresh": "10s",
        "time": {"from": "now-30d", "to": "now"},
        "annotations": {"list": []},
        "links": [],
        "templating": {
            "list": [
                {
                    "name": "meter",
                    "label": board.text("Meter"),
                    "type": "datasource",
                    "query": "influxdb",
                    "regex": "/linky/i",
                    "current": {"text": "influxdb-linky", "value": "P0611B27635070C5B"},
                    "hide": 0,
                    "includeAll": False,
                    "multi": False,
                    "options": [],
                },
                variable(board, "provider", "Supplier", f'{tags}"provider"'),
                variable(board, "offer", "Offer", f'{tags}"offer_name" WHERE {of_provider}'),
                variable(board, "type", "Option", f'{tags}"offer_type" WHERE {of_provider} AND {of_offer}'),
            ]
        },
        "panels": board.panels,
    }


def written(language: Language) -> str:
    """The dashboard's file."""
    return json.dumps(dashboard(language), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Write both files anew."""
    files: tuple[tuple[Language, str], ...] = (("fr", "linkytui.json"), ("en", "linkytui-en.json"))
    for language, name in files:
        (FOLDER / name).write_text(written(language), encoding="utf-8")
        sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
