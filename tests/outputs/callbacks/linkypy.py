"""What linkypy would have left in a database, and every query that its dashboard asks of it."""

# ruff: noqa: S608 -- the queries are the dashboard's, put together from constants

from datetime import datetime
from zoneinfo import ZoneInfo

from influxdb import InfluxDBClient

from linkytui.outputs.callbacks.influxdb.points import OfferCost
from linkytui.reading import Reading

PARIS = ZoneInfo("Europe/Paris")

LINKY_MEAN = (
    'SELECT mean("PAPP") as PAPP, last("HCHC") AS HCHC, last("HCHP") AS HCHP INTO "linky_mean" '
    "FROM linky_rp.linky GROUP BY time(1h)"
)
PRICES_MEAN = (
    'SELECT last("CURRENT_COST") as CURRENT_COST, last("ESTIMATED_COST") AS ESTIMATED_COST INTO prices_mean '
    "FROM linky_rp.prices GROUP BY time(1h), provider, offer_name, offer_type, month_name, month_number, year_number"
)


def make_database(client: InfluxDBClient, database: str) -> None:
    """The database, the retention policy and the continuous queries, by linkypy's statements."""
    client.create_database(database)
    client.create_retention_policy("linky_rp", "1w", 1, database=database, default=False)
    client.create_continuous_query("linky_mean_cq", LINKY_MEAN, database, "EVERY 1m FOR 1h")
    client.create_continuous_query("prices_mean_cq", PRICES_MEAN, database, "EVERY 1m FOR 1h")


def _tags(at: float) -> dict[str, object]:
    local = datetime.fromtimestamp(at, PARIS)
    return {"month_number": local.month, "year_number": local.year, "month_name": local.strftime("%B").title()}


def write(client: InfluxDBClient, database: str, readings: list[Reading], costs: dict[float, list[OfferCost]]) -> None:
    """The points of a day, and the hourly means that the continuous queries make of them."""
    points = [
        {
            "measurement": "linky",
            "tags": _tags(reading.at),
            "time": int(reading.at),
            "fields": {"HCHC": reading.registers["HC"], "HCHP": reading.registers["HP"], "PAPP": reading.power},
        }
        for reading in readings
    ]
    points += [
        {
            "measurement": "prices",
            "tags": {
                "provider": cost.provider,
                "offer_name": cost.offer_name,
                "offer_type": cost.offer_type,
                "power": cost.power,
                "subscription_price": cost.subscription_price,
                "hp_kwh_price": cost.hp_kwh_price,
                "hc_kwh_price": cost.hc_kwh_price,
                **_tags(at),
            },
            "time": int(at),
            "fields": {"CURRENT_COST": cost.current_cost, "ESTIMATED_COST": cost.estimated_cost},
        }
        for at, several in costs.items()
        for cost in several
    ]
    client.write_points(points, time_precision="s", retention_policy="linky_rp", database=database, batch_size=5000)
    for statement in (LINKY_MEAN, PRICES_MEAN):
        client.query(statement.replace("GROUP BY", "WHERE time > now() - 8d GROUP BY"), database=database)


_OFFER = "provider='EDF' AND offer_name='bleu' AND offer_type='HPHC'"
_YEAR = "time > now() - 365d"

QUERIES = {
    "variable: providers": 'SHOW TAG VALUES FROM linky_rp.prices WITH KEY="provider"',
    "variable: offers": "SHOW TAG VALUES FROM linky_rp.prices WITH KEY=\"offer_name\" WHERE provider='EDF'",
    "variable: types": (
        "SHOW TAG VALUES FROM linky_rp.prices WITH KEY=\"offer_type\" WHERE provider='EDF' AND offer_name='bleu'"
    ),
    "22 time of the last price": "SELECT time, last(ESTIMATED_COST) FROM linky_rp.prices",
    "15 bill now": f"SELECT last(CURRENT_COST) FROM prices_mean WHERE {_OFFER}",
    "30 trend": (
        f"SELECT last(ESTIMATED_COST) - first(ESTIMATED_COST) FROM prices_mean WHERE time > now() - 1d and {_OFFER}"
    ),
    "16 bill at the month's end": f"SELECT last(ESTIMATED_COST) FROM prices_mean WHERE {_OFFER}",
    "7 peak hours": "SELECT last(HCHP) / 1000 FROM linky_rp.linky",
    "6 off-peak hours": "SELECT last(HCHC) / 1000 FROM linky_rp.linky",
    "18 power now": "SELECT last(PAPP) FROM linky_rp.linky",
    "27 power, live": (
        "SELECT moving_average(last(PAPP), 10) FROM linky_rp.linky WHERE time > now() - 2h "
        "GROUP BY time(10s) fill(linear)"
    ),
    "21 mean power": f"SELECT mean(PAPP) FROM linky_mean WHERE {_YEAR}",
    "11 power, by day": (
        f"SELECT moving_average(mean(PAPP), 5) FROM linky_mean WHERE {_YEAR} GROUP BY time(1d) fill(linear)"
    ),
    "33 mean of 2021": "SELECT mean(PAPP) FROM linky_mean WHERE time >= 1609455600000ms and time <= 1640991599999ms",
    "33 mean of the year": "SELECT mean(PAPP) FROM linky_mean WHERE time > now() - 365d",
    "32 shares": (
        f'SELECT last("HCHP") - first("HCHP") AS HP, last("HCHC") - first("HCHC") as HC FROM "linky_mean" WHERE {_YEAR}'
    ),
    "26 bills, table": (
        "SELECT month_name, year_number, last(ESTIMATED_COST) FROM prices_mean WHERE provider='EDF' AND "
        "year_number != '' AND offer_name='bleu' AND offer_type='HPHC' GROUP BY month_number, year_number ORDER BY time"
    ),
    "29 bills, bars": (
        f"SELECT last(ESTIMATED_COST) FROM prices_mean WHERE provider='EDF' AND {_YEAR} AND year_number != '' AND "
        "offer_name='bleu' AND offer_type='HPHC' GROUP BY year_number, month_number ORDER BY time ASC"
    ),
    "24 offers compared": (
        "SELECT last(ESTIMATED_COST) FROM prices_mean WHERE time > now() - 2h GROUP BY provider, offer_name, offer_type"
    ),
}
"""Every query of linkypy's dashboard, by panel. Two windows of minutes are hours here: tests may be slow."""
