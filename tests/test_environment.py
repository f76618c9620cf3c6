"""The files that explain the settings name each of them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
READ_BY_SETTINGS = re.compile(r"""env\.(?:str|bool|int|list|float)\(\s*"([A-Z_]+)\"""")
READ_BY_EMBEDDED = re.compile(r"""environ\.get\("([A-Z_]+)\"""")
EXPLAINED = re.compile(r"^# ([A-Z_]+)=", re.MULTILINE)


def test_the_example_explains_every_setting_in_the_order_of_the_settings() -> None:
    read = READ_BY_SETTINGS.findall((ROOT / "pretadepenser/settings.py").read_text())
    assert len(read) > 15
    assert EXPLAINED.findall((ROOT / ".env.example").read_text()) == list(dict.fromkeys(read))


def test_every_variable_read_by_the_embedded_servers_is_explained() -> None:
    sources = (ROOT / "pretadepenser/embedded").glob("*.py")
    read = {name for source in sources for name in READ_BY_EMBEDDED.findall(source.read_text())}
    assert {"STATE_DIR", "DATABASE_URL", "REDIS_URL"} <= read
    # PATH is the machine's, and ENV_FILE cannot be in the file that it names.
    assert read - {"PATH", "ENV_FILE"} <= set(EXPLAINED.findall((ROOT / ".env.example").read_text()))


def test_the_containers_receive_every_setting() -> None:
    explained = set(EXPLAINED.findall((ROOT / ".env.example").read_text()))
    site = (ROOT / "docker-compose.yml").read_text().split("x-worker")[0]
    passed = set(re.findall(r"^    ([A-Z_]+):", site, re.MULTILINE))
    assert passed - {"OMP_NUM_THREADS"} == explained - {"STATE_DIR", "DEBUG"}  # the image's own; never there
