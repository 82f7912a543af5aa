"""Recordings of a meter's line: raw dumps of any tool, and linkytui's own with the moment of every byte."""

from linkytui.captures.anonymise import Anonymiser
from linkytui.captures.form import Chunk, Header
from linkytui.captures.open import Capture, bytes_of_stream, open_capture

__all__ = ["Anonymiser", "Capture", "Chunk", "Header", "bytes_of_stream", "open_capture"]
