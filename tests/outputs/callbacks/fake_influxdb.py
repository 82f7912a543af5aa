"""A server that behaves as badly as a test wants: an InfluxDB that answers 500, hangs, or refuses the login."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlparse

from tests.lines import PATIENCE

WELL = (200, b'{"results":[{"statement_id":0}]}')
HANGS = (0, b"")


class FakeInfluxDB:
    """Keeps the lines it took, and how often and in which order they came."""

    def __init__(self) -> None:
        self.mood = "good"
        """good, 500, hang, 401, hang up, nonsense."""
        self.means: tuple[int, bytes] | None = None
        """What it answers, instead, to statements that work means out."""
        self.mean_statements: list[str] = []
        self.refuses: Callable[[str], bool] = lambda _line: False
        """Lines that it does not take, while it takes the others of the request, as InfluxDB does."""
        self.lines: list[str] = []
        self.requests = 0
        self.authorizations: list[str | None] = []
        self.let_go = threading.Event()
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # an answer in one piece, else the client waits for the second

            def do_GET(self) -> None:
                self.answer(204, b"")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                where = urlparse(self.path)
                fake.requests += 1
                fake.authorizations.append(self.headers.get("Authorization"))
                match fake.mood:
                    case "500":
                        self.answer(500, b'{"error":"disk full"}')
                    case "401":
                        self.answer(401, b'{"error":"authorization failed"}')
                    case "hang":
                        fake.let_go.wait(PATIENCE)
                        self.close_connection = True
                    case "hang up":
                        self.close_connection = True
                    case "nonsense":
                        self.answer(200, b"<html>It works!</html>")
                    case _:
                        if where.path == "/write":
                            assert parse_qs(where.query)["precision"] == ["s"]
                            lines = body.decode().splitlines()
                            fake.lines += [line for line in lines if not fake.refuses(line)]
                            if dropped := sum(map(fake.refuses, lines)):
                                text = f"partial write: field type conflict: PAPP is float dropped={dropped}"
                                self.answer(400, f'{{"error":"{text}"}}'.encode())
                            else:
                                self.answer(204, b"")
                        elif (statement := parse_qs(where.query)["q"][0]).startswith("SELECT"):
                            fake.mean_statements.append(statement)
                            if fake.means == HANGS:
                                fake.let_go.wait(PATIENCE)
                            self.answer(*(fake.means or WELL))
                        else:
                            self.answer(*WELL)

            def answer(self, code: int, body: bytes) -> None:
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("X-Influxdb-Version", "1.8.fake")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def hangs(self, *asked: object) -> bool:
        """Whether it never answers this request."""
        return self.mood == "hang" or (self.means == HANGS and any(str(one).startswith("SELECT") for one in asked))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
