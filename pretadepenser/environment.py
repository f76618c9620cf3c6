"""Settings from environment variables, ``.env`` and files of secrets."""

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
TRUE, FALSE = ("true", "yes", "on", "1"), ("false", "no", "off", "0")
# NAME_FILE may name a file that holds the value of NAME, as container engines pass secrets.
SECRETS = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL")


class Environment(environ.Env):  # type: ignore[misc]  # untyped
    """Reads settings; an empty value counts as unset. Raises ImproperlyConfigured, naming the variable, for others."""

    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, parse_default: bool = False
    ) -> Any:
        text = self.ENVIRON.get(var, "").strip()
        if not text and default is not environ.Env.NOTSET:
            return default
        if cast is bool:
            return _boolean(var, text)
        try:
            return super().get_value(var, cast=cast, default=default, parse_default=parse_default)
        except ValueError as error:
            raise ImproperlyConfigured(f"{var}={text}: {error}") from error


def read_environment() -> None:
    """Loads ``.env``, or the file named by ENV_FILE, and the files of secrets; what is set already wins.

    Raises ImproperlyConfigured when a named file cannot be read.
    """
    if named := os.environ.get("ENV_FILE"):
        _text("ENV_FILE", named)
    environ.Env.read_env(named or BASE_DIR / ".env")
    for name in SECRETS:
        if not os.environ.get(name) and (path := os.environ.get(f"{name}_FILE")):
            os.environ[name] = _text(f"{name}_FILE", path).strip()


def _boolean(name: str, text: str) -> bool:
    if text.lower() not in TRUE + FALSE:
        raise ImproperlyConfigured(f"{name}={text}: write true or false.")
    return text.lower() in TRUE


def _text(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}={path}: this file cannot be read ({error}).") from error
