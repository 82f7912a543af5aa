"""Enedis' files as older records."""

from linkytui.imports.enedis.file import is_enedis, open_enedis

__all__ = ["is_enedis", "open_enedis"]
