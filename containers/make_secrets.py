"""Creates the secrets of the composed site in the folder given: random ones once, except those in the environment.

PostgreSQL and Redis run under accounts that have to read theirs, so the files are readable inside the containers
that mount the volume, and nowhere else.
"""

import os
import secrets
import sys
from pathlib import Path


def main(folder: Path) -> None:
    postgres, redis = (_secret(folder, name) for name in ("POSTGRES_PASSWORD", "REDIS_PASSWORD"))
    _secret(folder, "SECRET_KEY")
    _write(folder / "DATABASE_URL", f"postgres://app:{postgres}@postgres:5432/app")
    _write(folder / "REDIS_URL", f"redis://:{redis}@redis:6379/0")
    _write(folder / "redis.conf", f"requirepass {redis}\nappendonly yes\nmaxmemory-policy noeviction\n")


def _secret(folder: Path, name: str) -> str:
    path = folder / name
    value = os.environ.get(name) or (path.read_text() if path.exists() else secrets.token_hex(32))
    if not value.isalnum():
        sys.exit(f"{name} may hold letters and digits only.")
    _write(path, value)
    return value


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.chmod(0o444)
    draft.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
