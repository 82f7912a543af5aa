"""`linkytui completion`: what a shell reads to complete linkytui's words."""

import click

from linkytui.commands.common import Invocation, takes_invocation
from linkytui.i18n import _

_SHELLS = ("bash", "zsh", "fish")


@click.command(
    help=_(
        "Print what bash, zsh or fish must read to complete linkytui's words. For bash: "
        "linkytui completion bash > ~/.local/share/bash-completion/completions/linkytui; for fish: "
        "linkytui completion fish > ~/.config/fish/completions/linkytui.fish; for zsh, a line in ~/.zshrc after "
        'compinit: eval "$(linkytui completion zsh)".'
    )
)
@click.argument("shell", type=click.Choice(_SHELLS))
@takes_invocation
def command(invocation: Invocation, shell: str) -> None:  # noqa: ARG001 -- as all commands
    """Print the script."""
    from linkytui.commands.shells import script  # help needs no shell

    click.echo(script(shell))
