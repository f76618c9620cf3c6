"""One line per request: which view, how long, for whom, and nothing that somebody typed."""

import io
import json
import logging
import logging.config

import pytest

from pretadepenser.core.logs import logging_settings, request_id, request_id_of
from pretadepenser.server import Environ, note, respond


def environ(path: str, query: str = "") -> Environ:
    return {
        **{"REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query},
        **{
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_HOST": "localhost",
            "HTTP_X_REQUEST_ID": "of-the-test",
        },
        **{"wsgi.input": io.BytesIO(), "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http"},
    }


@pytest.mark.parametrize("presented", ["a1b2c3d4", "0af7651916cd43dd8448eb211c80319c", "proxy-7.f_9"])
def test_an_id_of_the_proxy_is_kept(presented: str) -> None:
    assert request_id_of(presented) == presented


@pytest.mark.parametrize("presented", ["", "short", "x" * 65, "two words", "a1b2c3d4\n", "é1b2c3d4e5", "<script>"])
def test_any_other_id_is_replaced(presented: str) -> None:
    assert len(request_id_of(presented)) == 32
    assert request_id_of(presented) != request_id_of(presented)


@pytest.mark.django_db
def test_the_line_names_the_view_and_nothing_of_the_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    asked = environ("/clients/", "q=Canari&next=/clients/424242/")
    response = respond(asked)
    note(asked, response.status, 0.0123)
    line = caplog.records[-1]
    assert line.getMessage() == "GET credit:client_list 302 12.3 ms user None"
    assert ("X-Request-Id", "of-the-test") in response.headers
    assert "Canari" not in caplog.text
    assert "424242" not in caplog.text


def test_json_lines_hold_the_fields_and_the_id_of_the_request() -> None:
    settings = logging_settings("json", "INFO")
    settings["root"] = {}  # the handlers of the tests stay
    configured = logging.config.DictConfigurator(settings)
    handler = logging.StreamHandler(out := io.StringIO())
    handler.addFilter(configured.configure_filter(settings["filters"]["request_id"]))
    handler.setFormatter(configured.configure_formatter(settings["formatters"]["json"]))
    request_id.set("of-the-test")
    record = logging.makeLogRecord(
        {"name": "access", "levelname": "INFO", "msg": "%d files", "args": (3,), "view": "v"}
    )
    handler.handle(record)
    line = json.loads(out.getvalue())
    assert (line["message"], line["view"], line["request_id"]) == ("3 files", "v", "of-the-test")
    assert line["timestamp"].endswith("+00:00")
