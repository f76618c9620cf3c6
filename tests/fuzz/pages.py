"""Requests to pages: every address with a query, and every form that a page shows, with some of its fields changed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlencode, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.fuzz.values import Draw

#: Names that addresses read, besides the fields of the forms.
PARAMETERS: Final = (
    "page",
    "sort",
    "q",
    "before",
    "after",
    "s",
    "next",
    "view",
    "variable",
    "run",
    "o",
    "p",
    "e",
    "all",
)


@dataclass
class Form:
    """A form as a page shows it: its fields, those for files, and the choices of those that offer some."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)


class FormReader(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._address = address
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attributes}
        name, value = own.get("name", ""), own.get("value", "")
        if tag == "form":
            action = urljoin(self._address, own.get("action", ""))
            self.forms.append(Form(action, own.get("method", "get").lower()))
        elif not self.forms:
            return
        elif tag == "select":
            self._select = name
        elif tag == "option":
            self.forms[-1].choices.setdefault(self._select, []).append(value)
            if "selected" in own:
                self.forms[-1].fields.append((self._select, value))
        elif tag == "input" and own.get("type") == "file":
            self.forms[-1].files.append(name)
        elif tag in ("input", "textarea", "button", "select") and name:
            self.forms[-1].fields.append((name, value))


def forms_of(response: HttpResponse, address: str) -> list[Form]:
    """The forms of an HTML page."""
    if response.streaming or "text/html" not in response.get("Content-Type", ""):
        return []
    reader = FormReader(address)
    reader.feed(response.content.decode(errors="replace"))
    return reader.forms


def routes(patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "") -> Iterator[str]:
    """Every address of the site as a template: ``clients/{client_id}/``; those of the API have the document."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern).lstrip("^").rstrip("$\\Z"))
        if isinstance(pattern, URLPattern):
            if not route.startswith("api/") and "(?P" not in route:
                yield f"/{route}"
        else:
            yield from routes(pattern.url_patterns, route)


class Pages:
    """Draws requests to pages; ``known`` are values of the arguments of addresses that exist."""

    def __init__(self, known: Mapping[str, list[str]], browsers: Mapping[str, Client]) -> None:
        self._known = known
        self._routes = sorted(set(routes()))
        self._forms: list[Form] = []
        for browser in browsers.values():
            for route in self._routes:
                address = re.sub(r"{(\w+)}", lambda match: known.get(match[1], ["1"])[0], route)
                if "sign-out" not in address and "logout" not in address:
                    self._forms += forms_of(browser.get(address), address)
        unique = {(form.action, form.method, *dict(form.fields)): form for form in self._forms}
        self._forms = [
            form for form in unique.values() if form.action.startswith("/") and "sign-out" not in form.action
        ]
        self._forms += 4 * [form for form in self._forms if form.files]  # what they read is read by code of ours
        self._names = sorted({name for form in self._forms for name, _value in form.fields} | set(PARAMETERS))

    def send(self, browser: Client, draw: Draw) -> tuple[str, HttpResponse, str]:
        """Sends one request; returns what was sent, in words, the answer, and "": pages have no contract to break."""
        return *self._send(browser, draw), ""

    def _send(self, browser: Client, draw: Draw) -> tuple[str, HttpResponse]:
        if draw.random() < 0.35:
            route = draw.choice(self._routes)
            address = re.sub(r"{(\w+)}", lambda match: self._argument(match[1], draw), route)
            names = draw.sample(self._names, draw.randint(0, 3))
            query = _encoded([(name, draw.text()) for name in names])
            method = draw.choice(("get", "get", "get", "post", "head"))
            body = {"data": query, "content_type": "application/x-www-form-urlencoded"} if method == "post" else {}
            asked = address if method == "post" else f"{address}?{query}"
            return f"{method} {address} {query[:400]}", getattr(browser, method)(asked, **body)
        return self._send_form(browser, draw, draw.choice(self._forms))

    def _send_form(self, browser: Client, draw: Draw, form: Form) -> tuple[str, HttpResponse]:
        fields = list(form.fields)
        for _change in range(draw.randint(0, 3)):
            place = draw.randrange(len(fields)) if fields else 0
            name = fields[place][0] if fields and draw.random() < 0.9 else draw.choice(self._names)
            offered = form.choices.get(name)
            value = draw.choice(offered) if offered and draw.random() < 0.5 else draw.text()
            fields = [*fields[:place], (name, value), *fields[place + 1 :]]
        if draw.random() < 0.1:  # as after a change by somebody else
            fields = [(name, "9" if name == "version" else value) for name, value in fields]
        if draw.random() < 0.1 and fields:
            fields.pop(draw.randrange(len(fields)))
        if draw.random() < 0.01:
            fields += [(f"more{number}", "x") for number in range(1200)]
        if "lines" in dict(fields):
            fields = [(name, draw.table() if name == "lines" else value) for name, value in fields]
        words = f"{form.method} {form.action} {_encoded(fields)[:600]}"
        if form.method != "post":
            return words, browser.get(f"{urlsplit(form.action).path}?{_encoded(fields)}")
        if form.files and draw.random() < 0.8:
            texts = {name: value.replace("\ud800", "?") for name, value in fields}
            name = draw.choice(("a.csv", "a.zip", "a.png", "é\u202e.zip", "x" * 200))
            files = {each: SimpleUploadedFile(name, draw.content()) for each in form.files}
            return words, browser.post(form.action, {**texts, **files})
        return words, browser.post(form.action, _encoded(fields), content_type="application/x-www-form-urlencoded")

    def _argument(self, name: str, draw: Draw) -> str:
        if draw.random() < 0.7 and name in self._known:
            return draw.choice(self._known[name])
        return re.sub(r"[/?#\0\ud800\r\n]", "", draw.text()) or "0"


def _encoded(fields: list[tuple[str, str]]) -> str:
    return urlencode(fields, errors="surrogatepass")
