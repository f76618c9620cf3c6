"""Requests from the OpenAPI document, and whether an answer is one that the document promises."""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from jsonschema import Draft4Validator

from tests.fuzz.values import BODIES, Draw, Json

PROBLEM: Final = "application/problem+json"


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    spec: Mapping[str, object]


class Document:
    """The document of all endpoints; ``known`` are values of parameters of paths that exist."""

    def __init__(self, known: Mapping[str, list[str]]) -> None:
        out = io.StringIO()
        call_command("spectacular", "--format", "openapi-json", stdout=out)
        self._document = _with_nulls(json.loads(out.getvalue()))
        self._known = known
        self._operations = [
            Operation(method, path, spec)
            for path, operations in self._document["paths"].items()
            for method, spec in operations.items()
        ]

    def send(self, browser: Client, draw: Draw) -> tuple[str, HttpResponse, str]:
        """Sends one request; returns what was sent, in words, the answer, and the first broken promise, if any."""
        operation = draw.choice(self._operations)
        parameters = operation.spec.get("parameters", [])
        path, query, headers = operation.path, {}, {}
        for parameter in parameters:
            name, place = parameter["name"], parameter["in"]
            if place == "path":
                is_known = draw.random() < 0.8 and name in self._known
                value = draw.choice(self._known[name]) if is_known else draw.text() or "0"
                path = path.replace(f"{{{name}}}", quote(value, errors="surrogatepass"))
            elif place == "query" and draw.random() < 0.3:
                query[name] = str(self._value(parameter["schema"], draw)) if draw.random() < 0.6 else draw.text()
            elif place == "header" and draw.random() < 0.2:
                headers[name] = draw.choice(("a", "b", "x" * 101, "é"))
        if draw.random() < 0.05:
            query[draw.text()] = draw.text()
        address = f"{path}?{urlencode(query, errors='surrogatepass')}" if query else path
        body = self._body(operation, draw)
        words = f"{operation.method} {address} {str(body.get('data', ''))[:600]}"
        response = getattr(browser, operation.method)(address, headers=headers, **body)
        broken = next(self.broken_promises(operation, response), "")
        return words, response, broken and f"{operation.method} {operation.path}: {broken}"

    def broken_promises(self, operation: Operation, response: HttpResponse) -> Iterator[str]:
        """What of an answer the document does not say."""
        kind = response.get("Content-Type", "").partition(";")[0]
        promised = operation.spec["responses"].get(str(response.status_code))
        if promised is None:
            promised = operation.spec["responses"]["default"]
            if response.status_code < 400:
                yield f"status {response.status_code} is not documented"
                return
        content = promised.get("content", {})
        if not content:
            if response.content:
                yield "an answer without a documented content has one"
        elif kind not in content:
            yield f"{response.status_code} comes as {kind}"
        elif not response.streaming and kind.endswith("json"):
            schema = {**content[kind]["schema"], "components": self._document["components"]}
            errors = Draft4Validator(schema).iter_errors(json.loads(response.content))
            yield from (f"{response.status_code} {error.json_path} breaks {error.validator}" for error in errors)

    def _body(self, operation: Operation, draw: Draw) -> dict[str, object]:
        content = operation.spec.get("requestBody", {}).get("content", {})
        if "multipart/form-data" in content:
            file = SimpleUploadedFile(draw.choice(("a.zip", "b.png")), draw.content())
            return {"data": {name: file for name in ("archive", "image") if draw.random() < 0.8} | {"name": "x"}}
        if operation.method == "get":
            return {}
        if not content or draw.random() < 0.05:
            return {"data": draw.choice(BODIES), "content_type": "application/json"}
        value = self._value(content["application/json"]["schema"], draw)
        if isinstance(value, dict) and value and draw.random() < 0.5:
            value[draw.choice(sorted(value)) if draw.random() < 0.8 else draw.text()] = draw.json()
        return {"data": json.dumps(value), "content_type": "application/json"}

    def _value(self, schema: Mapping[str, object], draw: Draw) -> Json:
        """A value that mostly fits the schema."""
        if draw.random() < 0.03:
            return draw.json()
        for name in ("$ref", "allOf", "oneOf", "anyOf"):
            if name in schema:
                inner = self._referred(schema["$ref"]) if name == "$ref" else draw.choice(schema[name])
                return self._value(inner, draw)
        if "enum" in schema:
            return draw.choice(schema["enum"])
        kinds = schema.get("type", "object")
        match draw.choice(kinds) if isinstance(kinds, list) else kinds:
            case "object":
                return self._object(schema, draw)
            case "array":
                return [self._value(schema.get("items", {}), draw) for _item in range(draw.randint(0, 3))]
            case "integer":
                return draw.choice((1, 1, 2, 5, schema.get("minimum", 0), schema.get("maximum", 2**31)))
            case "number":
                return draw.choice((0.1, 0.5, 1, 10.0, schema.get("minimum", 0.0), schema.get("maximum", 1e9)))
            case "boolean":
                return draw.random() < 0.5
            case "null":
                return None
        return {"date": "2026-11-20", "date-time": "2026-11-20T10:00:00Z"}.get(
            schema.get("format", ""), draw.choice(("x", "AMT_CREDIT", "advisor", "Léa", "shop-1", draw.text()))
        )

    def _object(self, schema: Mapping[str, object], draw: Draw) -> Json:
        properties, required = schema.get("properties", {}), schema.get("required", [])
        if not properties:
            names = draw.sample(self._known["column"], draw.randint(0, 6))
            return {name: draw.choice((None, 0, 1, 1000.0, -5000, 0.5, draw.text())) for name in names}
        chosen = [name for name in properties if name in required or draw.random() < 0.5]
        return {name: self._value(properties[name], draw) for name in chosen if draw.random() < 0.95}

    def _referred(self, reference: str) -> Mapping[str, object]:
        return self._document["components"]["schemas"][reference.rpartition("/")[2]]


def _with_nulls(part: Json) -> Json:
    """OpenAPI 3.0 as JSON Schema: ``nullable`` is one more type."""
    if isinstance(part, list):
        return [_with_nulls(each) for each in part]
    if not isinstance(part, dict):
        return part
    inner = {name: _with_nulls(each) for name, each in part.items() if name != "nullable"}
    return {"anyOf": [inner, {"type": "null"}]} if part.get("nullable") is True else inner
