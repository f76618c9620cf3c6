"""A Redis that accepts connections and says nothing: every request is answered, most of them as usual."""

import json
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client

from pretadepenser.core.models import Actor, Job
from pretadepenser.core.roles import Permission
from pretadepenser.core.tokens import create_token
from tests.builders.people import PASSWORD, Cast
from tests.core.test_server import FORM, Answer, Site, serving
from tests.running.brokers import Broker

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
#: Several times what the socket timeouts add up to; without them a request waits for ever.
SECONDS = 20.0


@pytest.fixture
def site(broker: Broker, tmp_path: Path) -> Iterator[Site]:
    own = {"REDIS_URL": broker.redis_url, "SECRET_KEY": settings.SECRET_KEY}
    with serving(tmp_path, "pretadepenser.server:application", **own) as site:
        yield site


def asked_in_time(site: Site, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
    start = time.monotonic()
    answer = site.ask(method, path, body, **headers)
    assert time.monotonic() - start < SECONDS, path
    return answer


def session_of(browser: Client) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


def test_a_frozen_redis_holds_no_request_for_long(site: Site, broker: Broker, cast: Cast) -> None:
    cast.advisor.password = PBKDF2PasswordHasher().encode(PASSWORD, "salt")
    cast.advisor.save()
    page = site.ask("GET", "/sign-in/")
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[0]
    csrf_cookie = page.headers["Set-Cookie"].partition(";")[0]
    sign_in = f"csrfmiddlewaretoken={token}&username=advisor&password={PASSWORD}".encode()
    rights = [Permission.MANAGE_JOBS, Permission.VIEW_JOBS]
    key = create_token(user=cast.administrator, name="x", scopes=rights, days=1, by=Actor(cast.administrator))[1]
    browser = Client()
    browser.force_login(cast.administrator)
    cookie = f"{session_of(browser)}; {csrf_cookie}"
    broker.freeze()
    with ThreadPoolExecutor(4) as probes:
        waiting = [probes.submit(site.ask, "GET", "/readyz") for _probe in range(2)]
        assert asked_in_time(site, "GET", "/clients/", Cookie=cookie).status == 200
        assert asked_in_time(site, "GET", "/healthz").status == 200
        assert {probe.result().status for probe in waiting} == {503}
    assert asked_in_time(site, "GET", "/api/v1/jobs/", Authorization=f"Bearer {key}").status == 200
    assert asked_in_time(site, "POST", "/sign-in/", sign_in, Content_Type=FORM, Cookie=csrf_cookie).status == 503
    credentials = json.dumps({"username": "advisor", "password": PASSWORD}).encode()
    assert asked_in_time(site, "POST", "/api/v1/token/", credentials, Content_Type="application/json").status == 503
    build = f"csrfmiddlewaretoken={token}".encode()
    assert asked_in_time(site, "POST", "/population/build/", build, Content_Type=FORM, Cookie=cookie).status == 302
    assert Job.objects.get().status == Job.Status.QUEUED
    broker.thaw()
    assert site.ask("POST", "/sign-in/", sign_in, Content_Type=FORM, Cookie=csrf_cookie).status == 302
