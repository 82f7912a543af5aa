"""The real database, for the tests of this folder."""

from tests.servers import influxd

__all__ = ["influxd"]
