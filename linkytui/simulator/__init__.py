"""A simulated household and its Linky meter, for the demo and for tests."""
