"""Older records to import: recordings, Enedis files, linkypy's InfluxDB."""
