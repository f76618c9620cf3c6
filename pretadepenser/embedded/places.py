"""The folders and files of the embedded servers."""

import hashlib
import os
import pwd
import stat
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pretadepenser.embedded.errors import EmbeddedError

# A Unix socket's path holds 104 bytes on macOS and 108 on Linux, with PostgreSQL's own file name included.
LONGEST_SOCKET_PATH = 90


@dataclass(frozen=True)
class Places:
    """The folders of one state folder's servers; computing them does not touch the disk.

    PostgreSQL refuses to run as root: there the servers run as ``nobody``, and move out of the state folder to
    ``/var/lib`` when ``nobody`` cannot reach it (a checkout under ``/root``).
    """

    state: Path

    @cached_property
    def runs_as_root(self) -> bool:
        return os.geteuid() == 0

    @cached_property
    def owner(self) -> pwd.struct_passwd:
        """The account that the servers run as."""
        try:
            return pwd.getpwnam("nobody") if self.runs_as_root else pwd.getpwuid(os.geteuid())
        except KeyError:
            raise EmbeddedError(
                f"The embedded PostgreSQL needs a named account, and user id {os.geteuid()} has none on this machine: "
                "run as a named user, or set DATABASE_URL and REDIS_URL."
            ) from None

    @cached_property
    def home(self) -> Path:
        """Data and sockets of both servers, 0700, owned by ``owner``."""
        if self.runs_as_root and not is_reachable_by_all(self.state):
            return Path("/var/lib") / f"pretadepenser-{self.digest}"
        return self.state / "services"

    @cached_property
    def digest(self) -> str:
        return hashlib.sha256(os.fsencode(self.state)).hexdigest()[:12]

    @property
    def postgresql_data(self) -> Path:
        return self.home / "postgresql"

    @property
    def valkey_data(self) -> Path:
        return self.home / "valkey"

    @cached_property
    def sockets(self) -> Path:
        """The 0700 folder of the sockets, in /tmp when the home's path is too long for a socket."""
        inside = self.home / "run"
        if len(os.fsencode(inside / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
            return inside
        # Always /tmp, never $TMPDIR or $XDG_RUNTIME_DIR: every process has to find the same folder.
        return Path("/tmp") / f"pretadepenser-{os.geteuid()}-{self.digest}"  # noqa: S108 - ownership is checked

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def logs(self) -> Path:
        return self.state / "logs"

    @property
    def locks(self) -> Path:
        return self.state / "locks"


def places(state_dir: Path) -> Places:
    """The places of ``state_dir``, the same for every spelling of its path."""
    return Places(Path(os.path.realpath(state_dir)))


def is_reachable_by_all(folder: Path) -> bool:
    """Whether any account may walk down to ``folder``; missing folders will be created so."""
    walk = [path for path in (folder, *folder.parents) if path.exists()]
    return all(path.stat().st_mode & stat.S_IXOTH for path in walk)


def make_state_folder(state_dir: Path) -> None:
    """Creates the state folder, accessible only to its owner; as root, other accounts may traverse it."""
    mode = 0o711 if os.geteuid() == 0 else 0o700
    for folder in reversed([path for path in (state_dir, *state_dir.parents) if not path.exists()]):
        try:
            folder.mkdir(mode=mode)
            folder.chmod(mode)
        except FileExistsError:
            continue
        except OSError as error:
            raise EmbeddedError(
                f"The state folder {state_dir} cannot be created ({error.strerror}): set STATE_DIR to a folder "
                "that you may write to."
            ) from error


def own_folder(folder: Path, owner: pwd.struct_passwd) -> None:
    """Creates ``folder`` for ``owner`` (0700), or checks that it is such a folder."""
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    if os.geteuid() == status.st_uid == 0 and stat.S_ISDIR(status.st_mode):
        os.chown(folder, owner.pw_uid, owner.pw_gid)  # just created, now or by a start that was killed here
        status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != owner.pw_uid:
        raise EmbeddedError(
            f"{folder} is not a folder or belongs to another account than {owner.pw_name}, so the embedded servers do "
            "not use it: run as the account that made it, remove it, or set STATE_DIR to another folder."
        )
    if stat.S_IMODE(status.st_mode) != 0o700:
        folder.chmod(0o700)
