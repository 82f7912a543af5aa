"""A socket that listens on the network."""

import socket
from typing import Final

_BACKLOG: Final = 32  # connections that wait to be taken at most


def tcp_server(host: str, port: int) -> socket.socket:
    """A socket whose calls do not wait; OSError when the address is not this machine's, or is in use."""
    family, kind, protocol, _name, where = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    server = socket.socket(family, kind | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC, protocol)
    try:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(where)
        server.listen(_BACKLOG)
    except BaseException:
        server.close()
        raise
    return server
