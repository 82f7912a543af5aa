"""Older records for the history: recordings, Enedis' files, linkypy's InfluxDB."""

from linkytui.imports.model import Hours, Older, Samples, SourceError
from linkytui.imports.open import open_older
from linkytui.imports.run import Outcome, look_at, take_in

__all__ = ["Hours", "Older", "Outcome", "Samples", "SourceError", "look_at", "open_older", "take_in"]
