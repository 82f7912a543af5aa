"""What electricity costs: the suppliers' offers, the book that keeps them by date, and the reader of their grids."""
