"""An OpenAI-compatible chat server on a loopback address that says what a test tells it to."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-rushes-not-to-be-seen"


@dataclass
class Reply:
    """One answer: a status, a body, and what goes wrong on the way."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False  # hang up after reading the request
    hold: bool = False  # say nothing until the test is over


def says(content: Any, **message: Any) -> Reply:
    """A chat completion of 70 tokens in all."""
    text = content if isinstance(content, str) else json.dumps(content)
    answer = {
        "id": "chat-1",
        "model": "house-model-2026",
        "choices": [{"message": {"role": "assistant", "content": text, **message}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 50, "completion_tokens": 20, "total_tokens": 70},
    }
    return Reply(json.dumps(answer).encode())


def fails(status: int, words: str) -> Reply:
    return Reply(json.dumps({"error": {"message": words, "type": "x"}}).encode(), status)


class ChatServer:
    """Answers with `replies` in order; `asked` holds the parsed bodies, `keys` the Authorization headers."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.keys: list[str] = []
        self.over = threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}/v1"

    def close(self) -> None:
        self.over.set()
        self.http.shutdown()
        self.http.server_close()

    def _handler(self):
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                server.asked.append(json.loads(body) if body else {})
                self._answer()

            def do_GET(self):
                self._answer()

            def _answer(self):
                server.paths.append(f"{self.command} {self.path}")
                server.keys.append(self.headers.get("Authorization", ""))
                reply = server.replies.pop(0)
                if reply.hold:
                    server.over.wait(60)
                    return
                if reply.drop:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in ({"Content-Type": "application/json"} | reply.headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                try:
                    self.wfile.write(reply.body)
                except OSError:
                    self.close_connection = True  # the client has hung up on a body that is too long

            def log_message(self, *args):
                pass

        return Handler
