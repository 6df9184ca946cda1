"""A server on this machine that answers as a language model's would, or as badly as it is told."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Server:
    """What was asked of it, and what it says.

    reply: writes an answer. asked: bodies, headers: theirs, in the order they came.
    """

    url: str
    reply: Reply
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


def says(text: object, **more: object) -> Reply:
    """Answer with a chat completion."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, **more}
    return gives(json.dumps({"choices": [choice]}).encode())


def gives(body: bytes, status: int = 200, **headers: str) -> Reply:
    """Answer with these bytes."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


@contextmanager
def serving(reply: Reply) -> Iterator[Server]:
    """Run a server while a test does."""

    class Handler(BaseHTTPRequestHandler):
        closing = Event()
        """Set when the test is over; a reply that hangs waits for it."""

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            server.asked.append(json.loads(self.rfile.read(length)))
            server.headers.append(dict(self.headers))
            try:
                server.reply(self)
            except OSError:
                self.close_connection = True

        def log_message(self, *arguments: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    server = Server(f"http://127.0.0.1:{listening.server_address[1]}/v1", reply)
    thread = Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        Handler.closing.set()
        listening.shutdown()
        listening.server_close()
        thread.join()
