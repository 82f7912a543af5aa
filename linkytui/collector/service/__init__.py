"""Puts the collector under systemd's care, for the machine or for one user, and takes it away again."""
