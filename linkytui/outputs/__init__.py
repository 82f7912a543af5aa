"""Outputs to people and programs elsewhere: callbacks, alerts, exported files."""
