"""The address of an InfluxDB database."""

from dataclasses import dataclass, field
from typing import Final

RAW_POLICY: Final = "linky_rp"  # the retention policy of everything written here: one week, not the default one


@dataclass(frozen=True, slots=True, kw_only=True)
class InfluxAddress:
    """Which database, on which server, as whom."""

    host: str
    port: int = 8086
    database: str = "linky"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    verify: bool = True  # check the server's certificate
    prefix: str = ""  # before every path, such as `/insert/0/influx` of a cluster

    @property
    def place(self) -> str:
        """The host and the port, for a person."""
        return f"{self.host}:{self.port}"

    @property
    def login(self) -> tuple[str, str] | None:
        """The user's name and password; None when there is no password to log in with."""
        return (self.username, self.password) if self.username and self.password else None
