"""What lies in contrib/: files that other programs read, tried with those programs or with their own rules."""
