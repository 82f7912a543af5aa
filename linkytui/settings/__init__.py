"""What a person can set: one file, environment variables and options, typed and checked; a value knows its origin."""
