"""What this meter says, sent to a fleet's broker until a sink has it in the database."""
