"""Headless operation: reading, history, callbacks, alerts and relay, as a service or beside a screen."""
