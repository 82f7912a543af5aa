"""InfluxDB 1.x, as linkypy filled it, so that its Grafana dashboard goes on working."""

from linkytui.outputs.callbacks.influxdb.address import Address
from linkytui.outputs.callbacks.influxdb.callback import InfluxDBCallback
from linkytui.outputs.callbacks.influxdb.points import OfferCost, PriceFeed
from linkytui.outputs.callbacks.influxdb.probe import probe
from linkytui.outputs.callbacks.influxdb.samples import LoggedSample, MemoryLog, SampleLog, Waiting
from linkytui.outputs.callbacks.influxdb.trouble import InfluxError, Trouble
from linkytui.outputs.callbacks.verdict import Step, Verdict

__all__ = [
    "Address",
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
