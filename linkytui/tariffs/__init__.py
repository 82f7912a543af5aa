"""Electricity prices: the suppliers' offers, the dated price book, and the reader of price grids."""
