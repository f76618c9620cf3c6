"""The server that ships, over real connections: what reaches Django, and what is refused before."""

import asyncio
import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection

from pretadepenser import server
from tests.running.live_worker import wait_until, worker_environment

FORM = "application/x-www-form-urlencoded"
SIGN_IN = "/sign-in/"
# Statements may wait as long as a test holds them.
SERVER_ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": "tests.core.server_settings", "PGOPTIONS": ""}
API_REQUEST = "GET /api/v1/me/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer pad_x\r\n\r\n"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes


@dataclass(frozen=True)
class Site:
    """A granian process that serves the test database on ``port``."""

    port: int

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as caller:
            caller.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            response = caller.getresponse()
            return Answer(response.status, response.headers, response.read())

    def connect(self, text: str) -> socket.socket:
        """A connection that has sent ``text`` and no more."""
        caller = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        caller.sendall(text.encode())
        return caller

    def is_up(self) -> bool:
        try:
            return self.ask("GET", "/healthz").status == 200
        except OSError:
            return False


@contextmanager
def serving(state: Path, application: str, **environment: str) -> Iterator[Site]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        site = Site(free.getsockname()[1])
    arguments = ("--interface", "rsgi", "--host", "127.0.0.1", "--port", str(site.port), "--no-ws", application)
    log = state / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "granian", *arguments],
            cwd=settings.BASE_DIR,
            env={**os.environ, **worker_environment(state), **SERVER_ENVIRONMENT, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: _started(process, site, log))
        yield site
    finally:
        process.terminate()
        process.wait()
        print(log.read_text()[-5000:])


def _started(process: subprocess.Popen[bytes], site: Site, log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    return site.is_up()


@pytest.fixture
def site(transactional_db: None, tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, "pretadepenser.server:application") as site:
        yield site


@pytest.fixture
def impatient_site(transactional_db: None, tmp_path: Path) -> Iterator[Site]:
    with serving(tmp_path, "tests.core.impatient_server:application") as site:
        yield site


def post(length: int, body: str = "", path: str = SIGN_IN) -> str:
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM}\r\nContent-Length: {length}\r\n\r\n{body}"


def test_pages_forms_files_and_streams_arrive_whole(site: Site, cast) -> None:
    cast.auditor.password = PBKDF2PasswordHasher().encode("correct horse", "salt", iterations=10)
    cast.auditor.save()
    page = site.ask("GET", SIGN_IN)
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.content).group(1).decode()
    form = f"csrfmiddlewaretoken={token}&username=auditor&password=correct+horse".encode()
    cookie = page.headers["Set-Cookie"].split(";")[0]
    signed_in = site.ask("POST", SIGN_IN, form, Cookie=cookie, Content_Type=FORM)
    assert (signed_in.status, signed_in.headers["Location"]) == (302, "/")
    session = "; ".join(value.split(";")[0] for value in signed_in.headers.get_all("Set-Cookie"))
    assert b"session.opened" in site.ask("GET", "/journal.ndjson", Cookie=session).content
    assert site.ask("GET", "/static/js/theme.js").content == (settings.BASE_DIR / "static/js/theme.js").read_bytes()
    head = site.ask("HEAD", SIGN_IN)
    assert (head.status, head.content) == (200, b"")
    assert site.ask("GET", "/%C3%A9%FF/%00/").status == 404


def test_slow_bodies_hold_no_thread_and_end_with_408(impatient_site: Site) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(impatient_site.connect(post(1000, "a"))) for _ in range(16)]
        page = impatient_site.ask("GET", SIGN_IN)
        assert page.status == 200
        assert [caller.recv(12) for caller in slow] == [b"HTTP/1.1 408"] * 16


def test_a_large_body_of_a_stranger_is_refused_before_it_is_read(site: Site) -> None:
    with site.connect(post(200_000_000)) as caller:
        assert caller.recv(12) == b"HTTP/1.1 413"


def test_a_chunked_body_is_read_to_its_end_and_no_further_than_a_small_one(site: Site) -> None:
    head = post(0).replace("Content-Length: 0", "Transfer-Encoding: chunked")
    with site.connect(f"{head}1\r\na\r\n0\r\n\r\n") as caller:
        assert caller.recv(12) == b"HTTP/1.1 403"  # read, and without a CSRF token
    with site.connect(head) as caller:
        for _ in range(17):
            caller.sendall(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
        assert caller.recv(12) == b"HTTP/1.1 413"


def test_when_every_thread_is_taken_requests_wait_and_then_get_503_while_probes_answer(impatient_site: Site) -> None:
    with ExitStack() as stack:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE core_apitoken IN ACCESS EXCLUSIVE MODE")
            waiting = [stack.enter_context(impatient_site.connect(API_REQUEST)) for _ in range(2)]
            wait_until(lambda: impatient_site.ask("GET", SIGN_IN).status == 503)
            refused = impatient_site.ask("GET", SIGN_IN, Accept_Language="fr")
            assert "site" in refused.content.decode()
            assert refused.headers["Retry-After"] == "5"
            assert impatient_site.ask("GET", "/healthz").status == 200
            cursor.execute("ROLLBACK")
        assert [caller.recv(12) for caller in waiting] == [b"HTTP/1.1 401"] * 2


def test_a_locked_table_is_given_up_on_with_503_and_one_line_in_the_log(transactional_db: None, tmp_path: Path) -> None:
    with serving(tmp_path, "pretadepenser.server:application", PGOPTIONS="-c lock_timeout=200ms") as site:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("LOCK TABLE core_apitoken IN ACCESS EXCLUSIVE MODE")
            answers = [site.ask("GET", "/api/v1/me/", Authorization="Bearer pad_x") for _ in range(3)]
            cursor.execute("ROLLBACK")
        assert [answer.status for answer in answers] == [503] * 3
        assert answers[0].headers["Content-Type"] == "application/problem+json"
        assert answers[0].headers["Retry-After"] == "5"
    log = (tmp_path / "server.log").read_text()
    assert log.count("canceling statement due to lock timeout") == 1
    assert "Traceback" not in log


def test_while_postgresql_refuses_every_request_gets_a_503_page(tmp_path: Path, transactional_db: None) -> None:
    nowhere = {"DATABASE_URL": "postgres://app@127.0.0.1:1/app"}
    with serving(tmp_path, "pretadepenser.server:application", **nowhere) as site:
        session = {"Cookie": f"sessionid={'a' * 32}"}
        page = site.ask("GET", "/clients/", **session)
        program = site.ask("GET", "/api/v1/me/", Authorization="Bearer pad_x")
        large = site.ask("POST", "/clients/new/file/", b"a" * 1_100_000, Content_Type=FORM, **session)
        assert [answer.status for answer in (page, program, large)] == [503] * 3
        assert {answer.headers["Retry-After"] for answer in (page, program, large)} == {"5"}
        assert "Prêt à dépenser" in page.content.decode()
        assert site.ask("GET", "/readyz").status == 503
        assert site.ask("GET", "/healthz").status == 200
    assert "Traceback" not in (tmp_path / "server.log").read_text()


def test_a_request_that_has_waited_too_long_for_a_thread_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LONGEST_WAIT_SECONDS", 0.1)
    application = server.Application()
    gate = Event()

    async def ask_more_than_there_are_threads() -> list[object]:
        asked = [application._run(application._threads, lambda _: gate.wait(), {}) for _ in range(server.THREADS)]
        held = [asyncio.create_task(request) for request in asked]
        late = asyncio.create_task(application._run(application._threads, lambda _: "too late", {}))
        await asyncio.sleep(0.2)
        gate.set()
        return await asyncio.gather(*held, late, return_exceptions=True)

    *answered, late = asyncio.run(ask_more_than_there_are_threads())
    assert answered == [True] * server.THREADS
    assert isinstance(late, server.Refused)
    assert late.status == 503
