"""Many meters: the worker that takes what their collectors send to a database."""
