"""The files that explain the settings name each of them."""

import os
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from pretadepenser.embedded.postgresql import INITDB_OPTIONS, NO_VALUES_IN_THE_LOG, OPTIONS
from pretadepenser.environment import Environment, read_environment

ROOT = Path(__file__).resolve().parents[1]
READ_BY_SETTINGS = re.compile(r"""env\.(?:str|bool|int|list|float)\(\s*"([A-Z_]+)\"""")
READ_BY_EMBEDDED = re.compile(r"""environ\.get\("([A-Z_]+)\"""")
COMPOSE = (ROOT / "docker-compose.yml").read_text()
EXPLAINED = re.compile(r"^# ([A-Z_]+)=", re.MULTILINE)


def test_the_example_explains_every_setting_in_the_order_of_the_settings() -> None:
    read = READ_BY_SETTINGS.findall((ROOT / "pretadepenser/settings.py").read_text())
    assert len(read) > 15
    assert EXPLAINED.findall(of_the_site()) == list(dict.fromkeys(read))


def test_every_variable_read_by_the_embedded_servers_is_explained() -> None:
    sources = (ROOT / "pretadepenser/embedded").glob("*.py")
    read = {name for source in sources for name in READ_BY_EMBEDDED.findall(source.read_text())}
    assert {"STATE_DIR", "DATABASE_URL", "REDIS_URL"} <= read
    # PATH is the machine's, and ENV_FILE cannot be in the file that it names.
    assert read - {"PATH", "ENV_FILE"} <= set(EXPLAINED.findall((ROOT / ".env.example").read_text()))


def test_the_containers_receive_every_setting() -> None:
    explained = set(EXPLAINED.findall(of_the_site()))
    passed = set(re.findall(r"^    ([A-Z_]+):", COMPOSE.split("x-worker")[0], re.MULTILINE))
    settings = {name.removesuffix("_FILE") for name in passed - {"OMP_NUM_THREADS", "WORKER_ALIVE_FILE"}}
    assert settings == explained - {"STATE_DIR", "STATIC_ROOT", "DEBUG"}  # the image's own; never there


def test_every_variable_of_the_containers_is_explained() -> None:
    read = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE + (ROOT / "containers/Caddyfile").read_text()))
    assert {"PUBLISH", "IMPORT_FOLDER"} <= read
    assert read <= set(EXPLAINED.findall((ROOT / ".env.example").read_text()))


def test_the_container_of_postgresql_starts_like_the_embedded_server() -> None:
    composed = COMPOSE.split("postgres -c ", 1)[1].split("volumes:", 1)[0]
    options = set(re.findall(r"(\w+=\S+)", composed))
    embedded = {option for option in (*OPTIONS, *NO_VALUES_IN_THE_LOG) if option != "-c"}
    assert options == embedded | {"max_connections=100", "timezone=UTC"}
    arguments = set(re.findall(r"POSTGRES_INITDB_ARGS: (.*)", COMPOSE)[0].split())
    assert arguments == {"--encoding=UTF8"} | {option for option in INITDB_OPTIONS if "locale" in option}
    assert INITDB_OPTIONS[INITDB_OPTIONS.index("-E") + 1] == "UTF8"


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("SECRET_KEY", "")
    read_environment()
    assert os.environ["SECRET_KEY"] == "from a file"
    monkeypatch.setenv("SECRET_KEY", "set by hand")
    read_environment()
    assert os.environ["SECRET_KEY"] == "set by hand"


@pytest.mark.parametrize("name", ["ENV_FILE", "SECRET_KEY_FILE"])
def test_a_named_file_that_cannot_be_read_is_an_error(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "")
    monkeypatch.setenv(name, "/nowhere/file")
    with pytest.raises(ImproperlyConfigured, match=f"^{name}=/nowhere/file: this file cannot be read"):
        read_environment()


def test_an_empty_setting_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_HOURS", "")
    monkeypatch.setenv("USE_HTTPS", " ")
    assert Environment().int("SESSION_HOURS", default=10) == 10
    assert Environment().bool("USE_HTTPS", default=True) is True


@pytest.mark.parametrize(("text", "value"), [("true", True), ("Yes", True), ("1", True), ("off", False), ("0", False)])
def test_a_switch_takes_plain_words(text: str, value: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USE_HTTPS", text)
    assert Environment().bool("USE_HTTPS", default=not value) is value


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USE_HTTPS", "yess")
    monkeypatch.setenv("SESSION_HOURS", "ten")
    with pytest.raises(ImproperlyConfigured, match=r"USE_HTTPS=yess: write true or false"):
        Environment().bool("USE_HTTPS", default=False)
    with pytest.raises(ImproperlyConfigured, match=r"SESSION_HOURS=ten: "):
        Environment().int("SESSION_HOURS", default=10)


def of_the_site() -> str:
    """The example without the part that only the containers read."""
    return (ROOT / ".env.example").read_text().split("# --- Containers")[0]
