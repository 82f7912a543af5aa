"""Older records for the history: recordings, Enedis' files, linkypy's InfluxDB."""
