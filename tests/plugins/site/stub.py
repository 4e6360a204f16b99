"""Another system on this machine: a real HTTP server that keeps what is posted and answers as it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Stub:
    """What was posted: paths, headers, bodies; `answers` are the next statuses, 200 when they are used up.

    `drop` closes the connection after it has read the request.
    """

    def __init__(self) -> None:
        self.posts: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.result: Any = {"ok": True, "result": {"message_id": 7}}
        self.drop = False
        self.url = ""

    def bodies(self) -> list[Any]:
        """Return the bodies as JSON."""
        return [json.loads(body) for _path, _headers, body in self.posts]


@contextmanager
def serving(stub: Stub) -> Iterator[Stub]:
    """Serve until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            stub.posts.append((self.path, {name.lower(): text for name, text in self.headers.items()}, body))
            if stub.drop:
                self.close_connection = True
                return
            self.send_response(stub.answers.pop(0) if stub.answers else 200)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(json.dumps(stub.result).encode())

        def log_message(self, *_given: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
