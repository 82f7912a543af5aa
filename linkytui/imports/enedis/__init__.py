"""Enedis files as older records."""
