"""The screen in a browser: a process for each tab, and the server between them."""
