"""A hub on this machine: as much of Hugging Face's and PyTorch's protocols as one download needs."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

REPOSITORY = "shop/network"
REVISION = "75de2d55ec2d0b4efc50b3e9ad70dba96a7b2fa2"


class LoopbackHub(ThreadingHTTPServer):
    """Serves ``content`` under every path; ``drops`` is how many GETs end halfway."""

    def __init__(self, content: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.content = content
        self.drops = 0
        self.requests: list[tuple[str, str]] = []  # (method, path), in order

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: LoopbackHub

    def do_HEAD(self) -> None:
        self._send_headers()

    def do_GET(self) -> None:
        body = self._send_headers()
        if self.server.drops:
            self.server.drops -= 1
            body = body[: len(body) // 2]
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """No access log among the tests' output."""

    def _send_headers(self) -> bytes:
        self.server.requests.append((self.command, self.path))
        content = self.server.content
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", REVISION)
        self.end_headers()
        return content[start:]


@contextmanager
def loopback_hub(content: bytes) -> Iterator[LoopbackHub]:
    """A hub that serves these bytes until the end of the block."""
    with LoopbackHub(content) as hub:
        thread = threading.Thread(target=hub.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield hub
        finally:
            hub.shutdown()
            thread.join()
