"""The calendar of the French day: midnights, clock changes, holidays, Tempo, off-peak hours, changes of price."""
