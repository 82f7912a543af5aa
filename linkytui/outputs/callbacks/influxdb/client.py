"""The client of an InfluxDB server."""

from collections.abc import Callable, Sequence
from typing import Any, Final, ParamSpec, TypeVar

from linkytui.outputs.callbacks.influxdb.address import InfluxAddress
from linkytui.outputs.callbacks.influxdb.points import RAW_POLICY, Point
from linkytui.outputs.callbacks.influxdb.trouble import explained

INFLUX_CONNECT_TIMEOUT: Final = 4.0
_READ_TIMEOUT: Final = 10.0

_P = ParamSpec("_P")
_T = TypeVar("_T")


class InfluxClient:
    """Talks to the server. Every request has a time-out; every failure is an `InfluxError`."""

    def __init__(
        self,
        address: InfluxAddress,
        *,
        connect_timeout: float = INFLUX_CONNECT_TIMEOUT,
        read_timeout: float = _READ_TIMEOUT,
    ) -> None:
        """Say where it is; nothing is sent yet."""
        from influxdb import InfluxDBClient

        self.address = address
        if address.tls and not address.verify:
            import urllib3

            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        username, password = address.login or (None, None)
        self._client = InfluxDBClient(
            address.host,
            address.port,
            # As bytes: the client's text form knows Latin-1 only.
            username.encode() if username else None,
            password.encode() if password else None,
            address.database,
            ssl=address.tls,
            verify_ssl=address.verify,
            timeout=(connect_timeout, read_timeout),
            retries=1,
        )

    def ping(self) -> str:
        """The server's version; raises InfluxError."""
        return str(self._do(self._client.ping))

    def query(self, statement: str) -> list[dict[str, Any]]:
        """Run a statement of InfluxQL and return its rows; raises InfluxError."""
        result = self._do(self._client.query, statement, method="POST")
        return list(result.get_points()) if hasattr(result, "get_points") else []

    def write(self, points: Sequence[Point]) -> None:
        """Write points, times in seconds, into the week's retention policy; raises InfluxError."""
        self._do(self._client.write_points, list(points), time_precision="s", retention_policy=RAW_POLICY)

    def may_write(self) -> None:
        """Write nothing, which tells whether the database is there and may be written to; raises InfluxError."""
        parameters = {"db": self.address.database}
        self._do(self._client.request, "write", "POST", parameters, b"", expected_response_code=204)

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def _do(self, function: Callable[_P, _T], *args: _P.args, **options: _P.kwargs) -> _T:
        try:
            return function(*args, **options)
        except Exception as error:
            # The client lets through errors of four libraries; none goes on, since their texts may tell too much.
            raise explained(error, self.address) from None
