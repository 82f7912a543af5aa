"""Those who listen to a relay in the tests, and lines to feed it."""

import socket
from pathlib import Path
from types import TracebackType
from typing import Self

from linkytui.line.relay.place import Place, address
from tests.lines import PATIENCE


class Listening:
    """A program that has connected to a socket."""

    def __init__(self, where: Path | tuple[str, int]) -> None:
        family = socket.AF_INET if isinstance(where, tuple) else socket.AF_UNIX
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE)
        if isinstance(where, tuple):
            self.socket.connect(where)
        else:
            with address(where) as name:
                self.socket.connect(name)

    def hear(self, count: int) -> bytes:
        """So many bytes; fewer when the other side ends."""
        data = b""
        while len(data) < count and (more := self.socket.recv(count - len(data))):
            data += more
        return data

    def is_sent_away(self) -> bool:
        """Whether the other side ends the connection, after whatever it still sends."""
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionError:
            pass
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()


def place_in(folder: Path) -> Place:
    """A place for a relay, in a folder of its own."""
    return Place(folder / "run" / "linkytui.sock")
