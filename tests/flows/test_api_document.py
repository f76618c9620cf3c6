"""The OpenAPI document."""

import io
import json

from django.core.management import call_command


def test_the_document_of_all_endpoints_is_valid_and_raises_no_warning() -> None:
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "/api/v1/vision/runs/" in out.getvalue()


def test_every_endpoint_tells_its_refusals_and_no_default_contradicts_its_own_limits() -> None:
    out = io.StringIO()
    call_command("spectacular", "--format", "openapi-json", stdout=out)
    document = json.loads(out.getvalue())
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    refusals = [list(operation["responses"]["default"]["content"]) for operation in operations]
    assert refusals == [["application/problem+json"]] * len(operations)
    wrong = [schema for schema in _schemas(document) if schema.get("default") == "" and schema.get("minLength")]
    assert not wrong


def _schemas(part: object) -> list[dict]:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    found = [schema for each in inner for schema in _schemas(each)]
    return [part, *found] if isinstance(part, dict) else found
