"""Tells people what should not wait until they look: on the screen, by a command, by apprise."""
