"""The plugin interface under the name that plugins import: see docs/callbacks.md."""

from linkytui.outputs.callbacks.base import Callback, CallbackError

__all__ = ["Callback", "CallbackError"]
