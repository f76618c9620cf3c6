"""The OpenAPI document."""

import io

from django.core.management import call_command


def test_the_document_of_all_endpoints_is_valid_and_raises_no_warning() -> None:
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert "/api/v1/vision/runs/" in out.getvalue()
