"""`linkytui sink`: a worker that takes a fleet's samples from the broker to a database."""

import logging
import socket

import click

from linkytui.collector.log import set_up_log
from linkytui.commands.certificates import takes_certificates
from linkytui.commands.common import Invocation, settle_down, takes_invocation
from linkytui.commands.until import LOG_LEVELS, asked_to_stop
from linkytui.fleet.addresses import Certificates, broker_of, database_of
from linkytui.fleet.database import Database
from linkytui.fleet.sink import Sink
from linkytui.i18n import _


@click.command(
    help=_(
        "Write the samples that a fleet's collectors send to an MQTT broker into a database that speaks "
        "InfluxDB's line protocol, until stopped. Run as many as you want, each with a name of its own: the broker "
        "shares the work."
    )
)
@click.argument("broker", metavar="mqtt://HOST", envvar="LINKYTUI_SINK_BROKER")
@click.option(
    "--to",
    metavar="influxdb://HOST/DATABASE",
    required=True,
    envvar="LINKYTUI_SINK_TO",
    help=_("Database to write to. LINKYTUI_SINK_TO says it where others must not see the password."),
)
@click.option(
    "--name",
    metavar=_("NAME"),
    envvar="LINKYTUI_SINK_NAME",
    help=_("Name of this sink, the same at each start; this machine's by default."),
)
@click.option(
    "--group", metavar=_("NAME"), default="sinks", show_default=True, help=_("Name of the sinks that share the work.")
)
@takes_certificates
@click.option("--leave", is_flag=True, help=_("Give this sink's share to the others for good, and end."))
@click.option(
    "--log-level",
    type=click.Choice(LOG_LEVELS),
    default="info",
    show_default=True,
    help=_("Lowest level of messages to log."),
)
@takes_invocation
def command(
    _invocation: Invocation,
    broker: str,
    to: str,
    name: str | None,
    group: str,
    certificates: Certificates,
    *,
    leave: bool,
    log_level: str,
) -> None:
    """Take samples to a database."""
    set_up_log(log_level)
    address, base = broker_of(broker, certificates)
    database = Database(database_of(to))
    sink = Sink(address, base, database, name=name or socket.gethostname(), group=group)
    logging.getLogger(__name__).info("sink at %s, topic %s", address.place, base)
    with asked_to_stop() as stop:
        settle_down()
        if leave:
            sink.leave(stop)
        else:
            sink.run(stop)
