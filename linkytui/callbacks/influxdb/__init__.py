"""InfluxDB 1.x, as linkypy filled it, so that its Grafana dashboard goes on working."""

from linkytui.callbacks.influxdb.address import Address
from linkytui.callbacks.influxdb.callback import InfluxDBCallback
from linkytui.callbacks.influxdb.delivery import Delivery
from linkytui.callbacks.influxdb.points import OfferCost, PriceFeed
from linkytui.callbacks.influxdb.probe import probe
from linkytui.callbacks.influxdb.samples import LoggedSample, MemoryLog, SampleLog, Waiting
from linkytui.callbacks.influxdb.trouble import InfluxError, Trouble
from linkytui.callbacks.verdict import Step, Verdict

__all__ = [
    "Address",
    "Delivery",
    "InfluxDBCallback",
    "InfluxError",
    "LoggedSample",
    "MemoryLog",
    "OfferCost",
    "PriceFeed",
    "SampleLog",
    "Step",
    "Trouble",
    "Verdict",
    "Waiting",
    "probe",
]
