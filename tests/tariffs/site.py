"""A supplier's site on the loopback interface that behaves as told: well, and in every way in which sites fail."""

import contextlib
import gzip
import hashlib
import select
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.lines import PATIENCE

_PIECE = b"x" * 65536

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """What the site serves, and what was asked of it."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    """By path."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and headers of each request."""
    over: threading.Event = field(default_factory=threading.Event)
    """Set when the test is over, for answers that would go on for ever."""

    def count(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked == path for asked, _headers in self.asked)


def pdf(data: bytes, *, tagged: bool = True) -> Answer:
    """A document, with a tag by which a later request can tell whether it changed."""
    tag = f'"{hashlib.sha256(data).hexdigest()[:12]}"'

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if tagged and handler.headers.get("If-None-Match") == tag:
            handler.send_response(304)
            handler.send_header("ETag", tag)
            handler.end_headers()
            return
        handler.send_response(200)
        if tagged:
            handler.send_header("ETag", tag)
        handler.send_header("Content-Type", "application/pdf")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


def status(code: int, body: bytes = b"<html><body>no</body></html>") -> Answer:
    """A page with some status."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(code)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def moved(url: str) -> Answer:
    """The document is elsewhere."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", url)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def packed(data: bytes, *, cut: int = 0) -> Answer:
    """A document that travels compressed, without its last bytes."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        assert "gzip" in str(handler.headers.get("Accept-Encoding"))
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        sent = gzip.compress(data)
        handler.wfile.write(sent[: len(sent) - cut])

    return answer


def chunked(data: bytes, *, whole: bool = True) -> Answer:
    """A document in pieces whose number is not known before; or without the last one."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for start in range(0, len(data), 7):
            piece = data[start : start + 7]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n" if whole else b"5\r\nab")

    return answer


def raw(data: bytes) -> Answer:
    """These bytes in the place of an answer."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(data)

    return answer


def leads_on(handler: BaseHTTPRequestHandler) -> None:
    """An address that leads to another without end, on a page without end."""
    handler.send_response(302)
    handler.send_header("Location", handler.path + "x")
    handler.end_headers()
    while True:
        handler.wfile.write(_PIECE)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A document without end."""
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"%PDF-1.7\n")
    while True:
        handler.wfile.write(_PIECE)


def slow(over: threading.Event) -> Answer:
    """The head of a document, and then nothing."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(b"%PDF-1.7\n")
        handler.wfile.flush()
        over.wait(PATIENCE)

    return answer


def trickle(over: threading.Event) -> Answer:
    """A document that comes byte by byte, never silent for long."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"%PDF-1.7\n")
        while not over.wait(0.02):
            handler.wfile.write(b"x")

    return answer


def trickling_head(over: threading.Event) -> Answer:
    """Headers that come byte by byte, and never a document."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not over.wait(0.02):
            handler.wfile.write(b"x")

    return answer


def silent(over: threading.Event) -> Answer:
    """A connection, and never an answer."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        over.wait(PATIENCE)

    return answer


def hangs_up(handler: BaseHTTPRequestHandler) -> None:
    """The connection ends within the document."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    handler.wfile.write(b"%PDF-1.7\n")


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        self.close_connection = True
        self.site.asked.append((self.path, dict(self.headers.items())))
        with contextlib.suppress(OSError):  # the other side has had enough
            self.site.answers.get(self.path, status(404))(self)

    def do_POST(self) -> None:
        """Answer by the path alone, whatever was sent."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.path = self.path.partition("?")[0]
        self.do_GET()

    def do_CONNECT(self) -> None:
        """As a proxy: pass on what is encrypted, to wherever it is meant for."""
        self.close_connection = True
        self.site.asked.append((self.path, dict(self.headers.items())))
        host, _colon, port = self.path.rpartition(":")
        with socket.create_connection((host, int(port))) as there:
            self.send_response(200)
            self.end_headers()
            ends = [self.connection, there]
            while readable := select.select(ends, [], [])[0]:
                if not (data := readable[0].recv(65536)):
                    return
                (there if readable[0] is self.connection else self.connection).sendall(data)

    def log_message(self, *_args: object) -> None:
        """Nothing: tests are quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_args: object) -> None:
        """Nothing: who refuses a certificate breaks the connection."""


def serve(site: Site, context: ssl.SSLContext | None = None) -> ThreadingHTTPServer:
    """Start serving, encrypted with a context; the caller shuts it down."""
    handler = type("Handler", (_Handler,), {"site": site})
    server = _Server(("127.0.0.1", 0), handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    site.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server
