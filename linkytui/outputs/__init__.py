"""What the meter says, for people and programs elsewhere: callbacks, alerts, files."""
