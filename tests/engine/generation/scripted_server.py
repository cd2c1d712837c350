"""A real HTTP server on loopback that answers as a test tells it to."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Request:
    path: str
    body: dict[str, Any]
    headers: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What to send back; `status` 0 drops the connection without a word."""

    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def chat_reply(text: str | None, finish: str = "stop", tokens: int | None = 7) -> Answer:
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": finish}
    return Answer(body=json.dumps({"choices": [choice], "usage": {"completion_tokens": tokens}}))


def text_reply(text: str) -> Answer:
    return Answer(body=json.dumps({"choices": [{"text": text, "finish_reason": "stop"}]}))


def failure(status: int, message: str = "no", code: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps({"error": {"message": message, "code": code}}), named)


@dataclass
class ScriptedServer:
    """Answers by `script`, and remembers every request in `requests`."""

    script: Callable[[Request], Answer]
    requests: list[Request] = field(default_factory=list)
    base_url: str = ""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a client that lost patience is answered."""
        if not isinstance(sys.exception(), BrokenPipeError):
            super().handle_error(request, client_address)


@contextmanager
def serving(script: Callable[[Request], Answer], port: int = 0) -> Iterator[ScriptedServer]:
    """Run a server on 127.0.0.1, on a free port unless one is given."""
    told = ScriptedServer(script)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            request = Request(
                self.path,
                json.loads(self.rfile.read(length)),
                {name.lower(): value for name, value in self.headers.items()},
            )
            told.requests.append(request)
            answer = told.script(request)
            if answer.status == 0:
                self.close_connection = True
                return
            payload = answer.body.encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base's name)
            """Keep the test's output clean."""

    server = _Server(("127.0.0.1", port), Handler)
    told.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
