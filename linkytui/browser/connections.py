"""Takes connections for aiohttp, never more than so many: idle ones would keep others out, and use up descriptors."""

import asyncio
import socket
from collections.abc import Callable, Container
from typing import Final

_PAUSE: Final = 0.1  # seconds after which it is tried again where no descriptor was left


async def accept(
    listener: socket.socket,
    protocol: Callable[[], asyncio.Protocol],
    limit: int,
    busy: Container[asyncio.BaseTransport | None],
) -> None:
    """Take connections until cancelled; where there are too many, the oldest that is not busy gives way.

    `listener`: its calls do not wait; `protocol`: makes what answers a connection; `busy`: connections that stay.
    """
    loop = asyncio.get_running_loop()
    transports: dict[asyncio.Transport, None] = {}
    while True:
        try:
            connection, _address = await loop.sock_accept(listener)
        except OSError:
            await asyncio.sleep(_PAUSE)
            continue
        for transport in [transport for transport in transports if transport.is_closing()]:
            del transports[transport]
        if len(transports) >= limit:
            idle = next((transport for transport in transports if transport not in busy), None)
            if idle is None:
                connection.close()
                continue
            idle.abort()
            del transports[idle]
        try:
            made, _protocol = await loop.connect_accepted_socket(protocol, connection)
        except OSError:
            connection.close()  # gone already
        else:
            transports[made] = None
