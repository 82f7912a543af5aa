"""Tells people what should not wait until they look: on the screen, by a command, by apprise."""

from linkytui.outputs.alerts.channels import AppriseChannel, Channel, ChannelError, CommandChannel
from linkytui.outputs.alerts.engine import Alert, AlertEngine
from linkytui.outputs.alerts.listener import AlertListener, channels_of

__all__ = [
    "Alert",
    "AlertEngine",
    "AlertListener",
    "AppriseChannel",
    "Channel",
    "ChannelError",
    "CommandChannel",
    "channels_of",
]
