"""Alerts: on the screen, by a command, by apprise."""
