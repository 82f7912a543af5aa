"""Settings from one file, environment variables and options: typed, checked, each with its origin."""
