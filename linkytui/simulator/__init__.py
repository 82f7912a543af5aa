"""A household that does not exist, and the Linky that counts what it draws: for demonstrations and for tests."""
