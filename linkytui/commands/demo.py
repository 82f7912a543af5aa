"""`linkytui demo`: the screen on a simulated meter, or that meter as a serial port for other programs."""

import contextlib
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

from linkytui.commands.common import Invocation, heeded, run_screen, takes_invocation
from linkytui.commands.demo_past import DemoPast
from linkytui.history import HistoryReader
from linkytui.i18n import _
from linkytui.line.sources.simulated import SimulatedSource
from linkytui.reading import Contract
from linkytui.simulator.calendar import Calendar
from linkytui.simulator.meter import SimulatedMeter
from linkytui.simulator.pseudo_port import PseudoPort
from linkytui.simulator.starts import lively_start
from linkytui.tic import Mode
from linkytui.tui.power_columns import column_seconds

_CONTRACTS: Final = ("base", "hphc", "tempo", "ejp", "other")
_MODES: Final = ("historic", "standard")
_SEED: Final = 136  # a household that is cooking dinner when the screen opens
_WARM_UP_COLUMNS: Final = 240  # columns of the live strip that are filled before the screen appears
_PAST: Final = 100 * 86_400.0  # seconds of the past that the history of the demonstration holds
_PAST_STEP: Final = 600.0  # seconds between two of its samples
_DAY: Final = 86_400.0
_DAY_STEP: Final = 30.0  # the same for the last day: its peak stands beside that of the last minutes
_NO_PATH: Final = "-"


@click.command(
    help=_(
        "Show a simulated meter, in a household with a kitchen, heating, hot water and a car. Nothing is "
        "stored or sent."
    )
)
@click.option(
    "--contract",
    type=click.Choice(_CONTRACTS),
    default="tempo",
    show_default=True,
    help=_("Contract of the household."),
)
@click.option("--mode", type=click.Choice(_MODES), default="standard", show_default=True, help=_("Mode of the meter."))
@click.option(
    "--phases", type=click.Choice(("1", "3")), default="1", show_default=True, help=_("Number of phases of the meter.")
)
@click.option("--producer", is_flag=True, help=_("Put solar panels on the roof."))
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 86_400),
    default=1.0,
    show_default=True,
    metavar=_("N"),
    help=_("Run time N times faster."),
)
@click.option(
    "--seed",
    type=int,
    default=_SEED,
    show_default=True,
    metavar=_("N"),
    help=_("Household number: each one lives differently."),
)
@click.option(
    "--pty",
    is_flag=False,
    flag_value=_NO_PATH,
    metavar=_("[PATH]"),
    help=_("Show no screen: offer the meter to other programs as a serial port, at PATH if given."),
)
@takes_invocation
def command(
    invocation: Invocation,
    contract: str,
    mode: str,
    phases: str,
    producer: bool,
    speed: float,
    seed: int,
    pty: str | None,
) -> None:
    """Show a simulated meter."""
    kind = Contract(contract.upper())

    def install(start: float) -> SimulatedMeter:
        return SimulatedMeter(kind, Mode(mode), start=start, phases=int(phases), producer=producer, seed=seed)

    if pty is not None:
        _offer_port(install, None if pty == _NO_PATH else Path(pty), speed)
    else:
        _show_screen(invocation, kind, install, lively_start(Calendar(kind, seed), producer=producer), speed)


def _show_screen(
    invocation: Invocation, contract: Contract, install: Callable[[float], SimulatedMeter], start: float, speed: float
) -> None:
    """Open the screen on a meter, with a past and with the power of the minutes before already there."""
    step = column_seconds(speed)
    begin = start - _WARM_UP_COLUMNS * step
    meter = install(begin - _PAST)
    past = [*meter.samples(begin - _DAY, _PAST_STEP), *meter.samples(begin, _DAY_STEP)]
    source = SimulatedSource(meter, start=start, speed=speed, warm_up_step=step)
    # --help answers without loading the screen.
    from linkytui.tui.app import LinkyApp
    from linkytui.tui.session import DemoSession

    with (
        tempfile.TemporaryDirectory(prefix="linkytui-demo-") as folder,
        contextlib.closing(DemoPast(Path(folder), past, contract, step=_PAST_STEP, now=start)) as listener,
    ):
        session = DemoSession(invocation.keeper, source, contract, HistoryReader(Path(folder)), listener)
        run_screen(LinkyApp(session))


def _offer_port(install: Callable[[float], SimulatedMeter], link: Path | None, speed: float) -> None:
    """Send what a meter says to a pseudo-terminal, until interrupted."""
    now = time.time()
    source = SimulatedSource(install(now), start=now, speed=speed)
    before = {
        number: signal.signal(number, signal.default_int_handler) for number in heeded(signal.SIGTERM, signal.SIGHUP)
    }
    try:
        with PseudoPort(link) as port:
            click.echo(port.path)
            help_line = _("A simulated meter is sending there at {baudrate} baud, 7E1. Press Ctrl-C to stop it.")
            hint = _(
                "It is a pseudo-terminal, which has no parity and no 7-bit characters: a program that sets 7E1 and "
                "then anything else is told “Invalid argument”. Set 8N1 there; the bytes are the same."
            )
            click.echo(f"{help_line.format(baudrate=source.baudrate)} {hint}", err=True)
            while True:
                port.write(source.read())
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
