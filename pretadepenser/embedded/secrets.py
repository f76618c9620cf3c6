"""A random key kept in the state folder."""

import os
import secrets
from pathlib import Path

from pretadepenser.embedded.errors import EmbeddedError
from pretadepenser.embedded.places import make_state_folder

KEY_LENGTH = 64  # characters; a shorter file was cut off while written by something else


def local_secret(state_dir: Path) -> str:
    """The state folder's secret key, made at the first call: 64 hexadecimal characters, readable by its owner alone.

    Two processes that ask at once get the same key. Raises EmbeddedError when the folder cannot be written.
    """
    path = state_dir / "secret_key"
    key = _read(path)
    if key:
        return key
    make_state_folder(state_dir)
    draft = state_dir / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
    try:
        with open(draft, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_hex(KEY_LENGTH // 2))
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
    """The key, or an empty string where there is none yet or only a part of one."""
    try:
        key = path.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return ""
    except PermissionError as error:
        raise EmbeddedError(
            f"The secret key {path} belongs to another account: run as that account, or set SECRET_KEY."
        ) from error
    return key if len(key) == KEY_LENGTH else ""
