"""The relay: the process that reads the line serves its bytes on sockets, and others connect there.

`Relay` is a listener that offers; `Place` is where it is found; `ask` tells how the one who reads fares.
"""
