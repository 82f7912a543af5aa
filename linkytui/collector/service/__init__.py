"""Installs the collector as a systemd service, for the machine or for one user, and removes it."""
