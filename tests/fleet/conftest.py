"""The real servers, for the tests of this folder."""

from tests.servers import broker, certificate, influxd, victoria_metrics

__all__ = ["broker", "certificate", "influxd", "victoria_metrics"]
