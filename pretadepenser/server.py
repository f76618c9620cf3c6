"""RSGI entry point: ``granian --interface rsgi pretadepenser.server:application``.

Django runs in threads, and a thread that waits for the body of a slow connection is blocked. Here bodies are
read asynchronously, within limits of time and size, and a thread gets a request only when it is complete (ADR 11).
"""

import asyncio
import logging
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Final, TypeVar, cast

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, HttpResponseBase
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]  # imports without __all__

from pretadepenser.wsgi import application as wsgi_application

from pretadepenser.core.error_pages import error_page, page_of_fault  # isort: skip - the models are ready now
from pretadepenser.core.logs import request_id, request_id_of  # isort: skip
from pretadepenser.core.metrics import REQUEST_SECONDS  # isort: skip
from pretadepenser.core.middleware import presents_key  # isort: skip
from pretadepenser.core.selectors import token_of_key  # isort: skip

logger, access = logging.getLogger("django.request"), logging.getLogger("access")

THREADS: Final = 4  # per process; each keeps a connection to PostgreSQL
MOST_WAITING: Final = 64  # requests per process that may wait for a thread
LONGEST_WAIT_SECONDS: Final = 10.0  # for a thread; by then people have given up
BODY_SECONDS: Final = 15.0  # for a small body; large ones get more time, at SLOWEST_BYTES_PER_SECOND
SLOWEST_BYTES_PER_SECOND: Final = 32_768
SMALL_BODY: Final = 1 << 20  # larger ones are accepted from known callers only, and kept in a temporary file
PROBES: Final = ("/healthz", "/readyz")

Headers = list[tuple[str, str]]
Environ = dict[str, object]
T = TypeVar("T")


class Refused(Exception):  # noqa: N818 - an answer, not an error
    """The request gets an error page without reaching a view."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Response:
    """What is sent; a streamed ``body`` is an open response of Django's."""

    status: int
    headers: Headers
    body: bytes | HttpResponseBase


class Application:
    """Reads bodies in granian's event loop and runs Django in ``THREADS`` threads; one instance per process.

    Each probe has a separate thread, so that neither a busy site nor one without Redis is taken for a dead one.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self._probe_threads = {path: ThreadPoolExecutor(1, thread_name_prefix="probe") for path in PROBES}
        self._admitted = 0  # requests that run or wait for a thread

    async def __rsgi__(self, scope: Scope, protocol: HTTPProtocol) -> None:
        begin, environ = time.perf_counter(), environ_of(scope)
        status = await self._answer(scope, protocol, environ)
        if scope.path not in PROBES:
            note(environ, status, time.perf_counter() - begin)

    async def _answer(self, scope: Scope, protocol: HTTPProtocol, environ: Environ) -> int:
        """Answers a request; returns the status, 499 for a client that hung up, as in nginx's logs."""
        threads = self._probe_threads.get(scope.path, self._threads)
        try:
            with await self._read_body(scope, protocol, environ) as body:
                environ["wsgi.input"] = body
                response = await self._run(threads, respond, environ)
                await self._send(protocol, response, threads)
        except Refused as refused:
            response = whole(error_page(WSGIRequest(environ), refused.status), environ)
            await self._send(protocol, response, threads)
        except ProtocolClosed:
            return 499
        except Exception as error:
            logger.exception("%s %s failed outside Django", scope.method, scope.path)
            response = whole(page_of_fault(WSGIRequest(environ), error), environ)
            await self._send(protocol, response, threads)
        return response.status

    async def _run(self, threads: ThreadPoolExecutor, work: Callable[[Environ], T], environ: Environ) -> T:
        """The result of ``work`` in a thread. Raises Refused (503) when too many wait for one, or this one too long."""
        since = time.monotonic()

        def in_time() -> T:
            if time.monotonic() - since > LONGEST_WAIT_SECONDS:
                raise Refused(503)
            return work(environ)

        if self._admitted >= THREADS + MOST_WAITING and threads is self._threads:
            raise Refused(503)
        self._admitted += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, in_time)
        finally:
            self._admitted -= 1

    async def _read_body(self, scope: Scope, protocol: HTTPProtocol, environ: Environ) -> IO[bytes]:
        """The body, read whole. Raises Refused (413) if it is too large, (408) if it does not arrive in time."""
        length = declared_length(scope)
        if length == 0:
            return BytesIO()
        if length > SMALL_BODY and not await self._run(self._threads, is_known_caller, environ):
            raise Refused(413)
        if length > SMALL_BODY + 1_000_000 * settings.VISION_UPLOAD_MEGABYTES:
            raise Refused(413)
        body = cast(IO[bytes], SpooledTemporaryFile(max_size=SMALL_BODY))  # noqa: SIM115 - the caller closes it
        received = 0
        try:
            async with asyncio.timeout(BODY_SECONDS + length / SLOWEST_BYTES_PER_SECOND):
                async for part in protocol:
                    received += len(part)
                    if received > length:
                        raise Refused(413)
                    body.write(part)
        except TimeoutError:
            raise Refused(408) from None
        body.seek(0)
        return body

    @staticmethod
    async def _send(protocol: HTTPProtocol, response: Response, threads: ThreadPoolExecutor) -> None:
        """Writes the response; a streamed one uses a thread per part, so that a slow reader blocks none."""
        if isinstance(response.body, bytes):
            protocol.response_bytes(response.status, response.headers, response.body)
            return
        run = asyncio.get_running_loop().run_in_executor
        transport = protocol.response_stream(response.status, response.headers)
        parts = iter(response.body)
        try:
            while (part := await run(threads, next, parts, None)) is not None:
                await transport.send_bytes(part)
        finally:
            await run(threads, response.body.close)


def environ_of(scope: Scope) -> Environ:
    """The WSGI environment of a request (PEP 3333), without its body."""
    host, _colon, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        **{"SERVER_NAME": host, "SERVER_PORT": port, "SERVER_PROTOCOL": f"HTTP/{scope.http_version}"},
        **{"wsgi.version": (1, 0), "wsgi.url_scheme": scope.scheme},
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        **{"wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False},
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # X_Forwarded_For would pass for X-Forwarded-For
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        joined_by = "; " if key == "HTTP_COOKIE" else ", "
        environ[key] = f"{environ[key]}{joined_by}{value}" if key in environ else value
    environ["HTTP_X_REQUEST_ID"] = request_id_of(str(environ.get("HTTP_X_REQUEST_ID", "")))
    environ["REMOTE_ADDR"] = client_address(scope.client, str(environ.get("HTTP_X_FORWARDED_FOR", "")))
    return environ


def client_address(peer: str, forwarded_for: str) -> str:
    """The address that sign-in, throttling and logs know a client by.

    Behind NUM_PROXIES proxies it is the entry of X-Forwarded-For that the outermost of them added; earlier ones are the
    client's own words.
    """
    proxies: int = settings.NUM_PROXIES
    addresses = forwarded_for.split(",") if forwarded_for else []
    if 0 < proxies <= len(addresses):
        return addresses[-proxies].strip()
    return peer.rpartition(":")[0].strip("[]")


def declared_length(scope: Scope) -> int:
    """The Content-Length; for a chunked body, which has none, the limit of what is read."""
    if "transfer-encoding" in scope.headers:
        return SMALL_BODY
    declared = scope.headers.get("content-length", "0")
    return int(declared) if declared.isdecimal() else 0


def is_known_caller(environ: Environ) -> bool:
    """Whether the request comes with a live session or a valid key. Reads the database."""
    request = WSGIRequest(environ)
    if presents_key(request):
        token = token_of_key(request.META["HTTP_AUTHORIZATION"].split()[-1])
        return token is not None and token.is_valid and token.user.is_active
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    return get_user(request).is_authenticated


def respond(environ: Environ) -> Response:
    """Django's response, complete unless it is streamed."""
    status, headers = 500, []

    def start_response(line: str, fields: Headers, _exc_info: object = None, /) -> Callable[[bytes], object]:
        nonlocal status, headers
        status, headers = int(line[:3]), fields
        return BytesIO().write  # PEP 3333 asks for one; Django does not use it

    request_id.set(str(environ["HTTP_X_REQUEST_ID"]))
    response = wsgi_application(environ, start_response)
    headers.append(("X-Request-Id", request_id.get()))
    if response.streaming:
        return Response(status, headers, response)
    with closing(response):
        return Response(status, headers, b"".join(response))


def whole(page: HttpResponse, environ: Environ) -> Response:
    """An error page, which needs neither a thread nor the database."""
    headers = [*page.items(), ("X-Request-Id", str(environ["HTTP_X_REQUEST_ID"]))]
    return Response(page.status_code, headers, page.content)


def note(environ: Environ, status: int, seconds: float) -> None:
    """Counts a request and logs a line about it: the name of its view, never its address, which may hold names."""
    view = str(environ.get("site.view") or "none")
    REQUEST_SECONDS.labels(str(environ["REQUEST_METHOD"]), view, str(status)).observe(seconds)
    about = {
        **{"method": environ["REQUEST_METHOD"], "view": view, "status": status, "ms": round(1000 * seconds, 1)},
        **{"user": environ.get("site.user"), "request_id": environ["HTTP_X_REQUEST_ID"]},
    }
    access.info("%(method)s %(view)s %(status)s %(ms)s ms user %(user)s", about, extra=about)


application = Application()
