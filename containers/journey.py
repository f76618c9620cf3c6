"""Uses the composed site over HTTPS, as people and as load: standard library only, run by containers/try.

``journey.py pages`` signs in and reads every kind of page; ``journey.py load SECONDS`` does so from several threads
until the time is over, prints how long each page took and fails on any answer but 200, 502 and 503.
"""

import json
import ssl
import statistics
import sys
import threading
import time
from http.client import HTTPException
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPSHandler, Request, build_opener

SITE, PASSWORD = "https://localhost", "demo-2026"
THREADS = 8


class Person:
    """A browser of one account."""

    def __init__(self, name: str, authority: str) -> None:
        context = ssl.create_default_context(cafile=authority)
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies), HTTPSHandler(context=context))
        self.get("/sign-in/")
        self.post("/sign-in/", username=name, password=PASSWORD)
        if "sessionid" not in {cookie.name for cookie in self.cookies}:
            sys.exit(f"{name} could not sign in.")

    def get(self, path: str) -> str:
        return self._read(Request(SITE + path))

    def post(self, path: str, **fields: str) -> str:
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken") or ""
        body = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        return self._read(Request(SITE + path, body, {"Referer": SITE + path}))

    def _read(self, request: Request) -> str:
        with self.opener.open(request, timeout=60) as response:
            return str(response.read().decode())


def a_client(person: Person) -> str:
    """The number of the first client in the list."""
    links = person.get("/clients/").split('href="/clients/')[1:]
    return next(link.split("/")[0] for link in links if link[0].isdigit())


def addresses(client: str) -> list[str]:
    of_a_file = ("", "reasons/", "compare/", "decision/", "stability/")
    return ["/home/", "/clients/", *(f"/clients/{client}/{part}" for part in of_a_file), "/model/", "/model/quality/"]


def pages(authority: str) -> None:
    auditor = Person("auditeur", authority)
    person = Person("conseiller", authority)
    for path in addresses(a_client(person)):
        person.get(path)
        print(f"           200 {path}")
    auditor.get("/journal/")
    print("           200 /journal/ as auditor")


def load(authority: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    times: dict[str, list[float]] = {}
    outages: list[str] = []
    wrong: list[str] = []

    def use() -> None:
        person = Person("conseiller", authority)
        client = a_client(person)
        while time.monotonic() < end:
            for path in addresses(client):
                begin = time.monotonic()
                try:
                    person.get(path)
                    times.setdefault(path.replace(client, "N"), []).append(time.monotonic() - begin)
                except HTTPError as error:
                    (outages if error.code in (502, 503) else wrong).append(f"{error.code} {path}")
                    time.sleep(0.2)
                except (URLError, OSError, HTTPException) as error:
                    wrong.append(repr(error))

    threads = [threading.Thread(target=use) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for path, taken in times.items():
        cuts = statistics.quantiles(taken, n=100)
        p50, p95, p99 = (1000 * cuts[index] for index in (49, 94, 98))
        print(f"           {path:28} {len(taken):6} × p50 {p50:5.0f} ms, p95 {p95:5.0f} ms, p99 {p99:5.0f} ms")
    print(f"           {len(outages)} answers 502 or 503, {len(wrong)} others: {json.dumps(wrong[:3])}")
    if wrong or not times:
        sys.exit(1)


if __name__ == "__main__":
    root, what, *rest = sys.argv[1:]
    if what == "pages":
        pages(root)
    else:
        load(root, float(rest[0]))
