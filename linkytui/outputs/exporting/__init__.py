"""The history as tables for other programs: CSV, JSON lines, Parquet."""
