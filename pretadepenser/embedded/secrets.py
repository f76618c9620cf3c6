"""The random secret key in the state folder."""

import os
import re
import secrets
from pathlib import Path

from pretadepenser.embedded.errors import EmbeddedError, own_files
from pretadepenser.embedded.places import make_state_folder

KEY = re.compile("[0-9a-f]{64}")  # anything else was truncated or overwritten


def local_secret(state_dir: Path) -> str:
    """The state folder's secret key, created at the first call: 64 hexadecimal characters, readable only by its owner.

    Concurrent first calls return the same key. Raises EmbeddedError when the folder cannot be written.
    """
    path = state_dir / "secret_key"
    key = _read(path)
    if key:
        return key
    make_state_folder(state_dir)
    draft = state_dir / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        with open(draft, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, path)  # atomic, and unlike a rename it never replaces the key of a faster process
        except FileExistsError:
            if not _read(path):
                draft.replace(path)
    except OSError as error:
        raise EmbeddedError(
            f"The secret key cannot be written to {path} ({error.strerror}): set STATE_DIR to a folder that you may "
            "write to, or set SECRET_KEY."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return _read(path)


def _read(path: Path) -> str:
    """The key; empty if it is missing or damaged."""
    try:
        with own_files(path.parent):
            key = path.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return ""
    return key if KEY.fullmatch(key) else ""
