"""The price grid reader: understands a PDF's pages by their words, whichever supplier made it."""
