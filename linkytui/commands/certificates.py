"""The options of commands that reach a fleet's broker with certificates."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from linkytui.fleet.addresses import Certificates
from linkytui.i18n import _


def takes_certificates(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--authority`, `--certificate` and `--key`, and its function what they name as `certificates`."""
    file = click.Path(path_type=Path)

    @click.option(
        "--authority",
        type=file,
        metavar=_("FILE"),
        help=_("Certificate of the authority that signed the broker's, a PEM file."),
    )
    @click.option("--certificate", type=file, metavar=_("FILE"), help=_("Client certificate, a PEM file."))
    @click.option("--key", type=file, metavar=_("FILE"), help=_("Private key of that certificate, a PEM file."))
    @functools.wraps(function)
    def run(*args: Any, authority: Path | None, certificate: Path | None, key: Path | None, **kwargs: Any) -> None:
        function(*args, certificates=Certificates(authority, certificate, key), **kwargs)

    return run
