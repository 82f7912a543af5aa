"""Calendars of suppliers' own: which of an offer's prices holds when."""
