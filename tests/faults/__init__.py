"""Faults made on purpose, and what each costs: `make faults`."""
