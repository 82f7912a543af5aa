"""The meter's bytes for everyone: who reads the line offers them on a socket, and others listen there.

`Relay` is a listener that offers; `Place` is where it is found; `ask` tells how the one who reads fares.
"""
