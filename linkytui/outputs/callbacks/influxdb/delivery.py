"""How the delivery to InfluxDB fares, for the screen."""

from dataclasses import dataclass

from linkytui.outputs.callbacks.influxdb.trouble import InfluxError


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How the delivery to InfluxDB fares, for the screen."""

    connected: bool = False
    """The last request went well."""
    waiting: int = 0
    """Samples that InfluxDB has not got yet."""
    oldest_at: float | None = None
    """Seconds since 1970 of the oldest of them."""
    sent: int = 0
    """Samples taken since the start."""
    too_old: int = 0
    """Samples that waited for more than seven days."""
    error: InfluxError | None = None
    """The trouble that there is; None once it is over."""
    error_at: float | None = None
    """Seconds since 1970 at which that trouble began."""
    refused: InfluxError | None = None
    """The last thing that the server will never take."""
    remarks: tuple[str, ...] = ()
    """What could not be set up in the database, a line each."""
    unreadable: str | None = None
    """Why the history cannot be read, so that only live values are sent; None when it can."""
