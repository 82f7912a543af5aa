"""What linkypy's dashboard needs in the database: retention policy, continuous queries, hourly means."""

from typing import Final

from linkytui.i18n import _
from linkytui.outputs.callbacks.influxdb.address import RAW_POLICY
from linkytui.outputs.callbacks.influxdb.client import InfluxClient
from linkytui.outputs.callbacks.influxdb.trouble import InfluxError, Trouble

_LINKY_MEAN: Final = (
    'SELECT mean("PAPP") AS PAPP, last("HCHC") AS HCHC, last("HCHP") AS HCHP '
    'INTO "linky_mean" FROM linky_rp.linky {where}GROUP BY time(1h)'
)
_PRICES_MEAN: Final = (
    'SELECT last("CURRENT_COST") AS CURRENT_COST, last("ESTIMATED_COST") AS ESTIMATED_COST '
    "INTO prices_mean FROM linky_rp.prices "
    "{where}GROUP BY time(1h), provider, offer_name, offer_type, month_name, month_number, year_number"
)
_CONTINUOUS: Final = {"linky_mean_cq": _LINKY_MEAN, "prices_mean_cq": _PRICES_MEAN}

IN_THE_STATEMENT: Final = (Trouble.RIGHTS, Trouble.DATABASE, Trouble.POLICY, Trouble.REJECTED, Trouble.OTHER)
"""Troubles with one statement, not with the server: the others may still go through."""


def statements(database: str) -> tuple[str, ...]:
    """All that an administrator has to run once where the user of the settings may not."""
    name = _quoted(database)
    continuous = (
        f'CREATE CONTINUOUS QUERY "{query}" ON {name} RESAMPLE EVERY 1m FOR 1h BEGIN {select.format(where="")} END'
        for query, select in _CONTINUOUS.items()
    )
    return (f"CREATE DATABASE {name}", _policy(database), *continuous)


def prepare(client: InfluxClient) -> tuple[str, ...]:
    """Make what is missing. What the server or the user's rights do not allow is told and left out.

    Existing data and policies are left as they are. Returns what could not be made, a line each. Raises InfluxError:
    the server cannot be talked to, or there is no database to write to.
    """
    database = client.address.database
    if only_takes(client):
        return (
            _(
                "This server takes samples but answers no InfluxQL, as VictoriaMetrics does: no hourly means, and no "
                "dashboard of linkypy's. Each sample is sent once; ask for them by PromQL: linky_PAPP."
            ),
        )
    _create_database, create_policy, *continuous = statements(database)
    if not has_database(client):
        create_database(client)
    remarks: list[str] = []
    if not has_policy(client):
        _try(client, create_policy, remarks)
    for query, statement in zip(_CONTINUOUS, continuous, strict=True):
        _make_continuous(client, query, statement, remarks)
    return tuple(remarks)


def roll_up(client: InfluxClient, start: int, end: int) -> None:
    """Write the hourly means of these hours, as the continuous queries write them for the last hour only.

    The same figures at the same times as theirs, so that nothing is doubled; hours without data give nothing. `start`:
    seconds since 1970, a full hour; `end`: seconds since 1970, the full hour at which to stop. Raises InfluxError: the
    server did not do it.
    """
    where = f"WHERE time >= {start}s AND time < {end}s "
    for select in _CONTINUOUS.values():
        client.query(select.format(where=where))


def only_takes(client: InfluxClient) -> bool:
    """Whether a server takes samples and answers no InfluxQL, as VictoriaMetrics: each answer is the same."""
    try:
        policies = client.query(f"SHOW RETENTION POLICIES ON {_quoted(client.address.database)}")
    except InfluxError as error:
        if error.kind not in IN_THE_STATEMENT:
            raise
        return False
    return bool(policies) and not any("duration" in policy for policy in policies)


def has_database(client: InfluxClient) -> bool:
    """Whether the database is there, as far as the server tells; raises InfluxError where it cannot be asked."""
    return _has(client, "SHOW DATABASES", client.address.database)


def create_database(client: InfluxClient) -> None:
    """Make the database; raises InfluxError."""
    client.query(f"CREATE DATABASE {_quoted(client.address.database)}")


def has_policy(client: InfluxClient) -> bool:
    """Whether the week's retention policy is there, likewise."""
    return _has(client, f"SHOW RETENTION POLICIES ON {_quoted(client.address.database)}", RAW_POLICY)


def _policy(database: str) -> str:
    return f'CREATE RETENTION POLICY "{RAW_POLICY}" ON {_quoted(database)} DURATION 1w REPLICATION 1'


def _make_continuous(client: InfluxClient, query: str, statement: str, remarks: list[str]) -> None:
    """Make a continuous query; replace one of that name that says something else."""
    failed: list[str] = []
    if _try(client, statement, failed):
        return
    dropped = _try(client, f'DROP CONTINUOUS QUERY "{query}" ON {_quoted(client.address.database)}', [])
    if not (dropped and _try(client, statement, failed)):
        remarks.append(
            _("The continuous query {query} could not be made: {reason}").format(query=query, reason=failed[-1])
        )


def _try(client: InfluxClient, statement: str, remarks: list[str]) -> bool:
    try:
        client.query(statement)
    except InfluxError as error:
        if error.kind not in IN_THE_STATEMENT:
            raise
        remarks.append(str(error))
        return False
    return True


def _has(client: InfluxClient, statement: str, name: str) -> bool:
    """Whether a listing holds a name; False where the server does not list."""
    try:
        return any(row.get("name") == name for row in client.query(statement))
    except InfluxError as error:
        if error.kind not in IN_THE_STATEMENT:
            raise
        return False


def _quoted(name: str) -> str:
    """An identifier of InfluxQL."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
