"""The reader of price grids: what a PDF's pages say, understood from their words, whichever supplier drew them."""
