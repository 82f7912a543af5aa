"""What everything is called when the program speaks to people."""
