"""The faults: each function does one to the running site, and undoes what does not undo itself."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import Final

import psutil
import psycopg2
from django.db import connection
from kombu import Connection

from pretadepenser.celery import app
from pretadepenser.core.models import Job
from pretadepenser.embedded import addresses
from tests.faults.instance import Instance, kill, wait_until

SECONDS: Final = 4.0  # that a fault lasts which does not end by itself


@dataclass(frozen=True)
class Fault:
    name: str
    command: str  # as one would type it
    do: Callable[[Instance, Job, str], None]  # the site, the running job and the name of its worker


FAULTS: Final[dict[str, Fault]] = {}


def fault(name: str, command: str) -> Callable[[Callable[[Instance, Job, str], None]], None]:
    def register(do: Callable[[Instance, Job, str], None]) -> None:
        FAULTS[do.__name__] = Fault(name, command, do)

    return register


@fault("worker killed, with its children", "kill -9 <pids of the worker and its children>")
def worker(site: Instance, job: Job, worker: str) -> None:
    kill(*site.pids(worker))


@fault("one child of the worker killed", "kill -9 <child of the worker>")
def worker_child(site: Instance, job: Job, worker: str) -> None:
    kill(*site.pids(worker)[1:2])


@fault("child process of the job killed", "kill -9 <python -m worker.child>")
def job_child(site: Instance, job: Job, worker: str) -> None:
    wait_until(lambda: _child_of_job(site, worker))
    kill(*_child_of_job(site, worker))


@fault("Valkey killed", "kill -9 <process_id of redis-cli info>")
def valkey(site: Instance, job: Job, worker: str) -> None:
    kill(*site.pids("valkey"))


@fault("postmaster killed", "kill -9 <pid in postmaster.pid>")
def postmaster(site: Instance, job: Job, worker: str) -> None:
    kill(*site.pids("postgresql"))


@fault("one backend killed", "kill -9 <pid of pg_stat_activity>")
def backend(site: Instance, job: Job, worker: str) -> None:
    kill(_backends()[0])


@fault("every connection ended", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity")
def connections_ended(site: Instance, job: Job, worker: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


@fault("web worker killed", "kill -9 <child of granian>")
def web_worker(site: Instance, job: Job, worker: str) -> None:
    kill(*site.pids("web")[-1:])


@fault("web server killed, with its children", "kill -9 <pids of granian and its children>")
def web(site: Instance, job: Job, worker: str) -> None:
    kill(*site.pids("web"))


@fault("beat killed", "kill -9 <pid of beat>")
def beat(site: Instance, job: Job, worker: str) -> None:
    kill(*site.pids("beat"))


@fault("FLUSHALL", "redis-cli flushall")
def flushall(site: Instance, job: Job, worker: str) -> None:
    with site.valkey as client:
        client.flushall()


@fault("ten duplicate messages", "app.send_task(kind, [job]) ten times")
def duplicates(site: Instance, job: Job, worker: str) -> None:
    with Connection(addresses(site.state).redis.broker_url) as broker:
        for _ in range(10):
            app.send_task(job.kind, args=[job.pk], queue=job.queue, connection=broker)


@fault("ten garbage messages", "redis-cli lpush cpu <300 bytes of /dev/urandom>")
def garbage(site: Instance, job: Job, worker: str) -> None:
    with site.valkey as client:
        for _ in range(10):
            client.lpush(job.queue, os.urandom(300))


@fault(f"Valkey frozen for {SECONDS:.0f} s", "kill -STOP <process_id of redis-cli info>")
def frozen_valkey(site: Instance, job: Job, worker: str) -> None:
    (pid,) = site.pids("valkey")
    os.kill(pid, signal.SIGSTOP)
    try:
        time.sleep(SECONDS)
    finally:
        os.kill(pid, signal.SIGCONT)


@fault(f"connections exhausted for {SECONDS:.0f} s", "psycopg2.connect() until it is refused")
def connections_exhausted(site: Instance, job: Job, worker: str) -> None:
    with ExitStack() as held:
        try:
            while True:
                held.enter_context(closing(psycopg2.connect(addresses(site.state).database_url)))
        except psycopg2.OperationalError:
            time.sleep(SECONDS)


@fault(f"statement timeout of 50 ms for {SECONDS:.0f} s", "ALTER ROLE app SET statement_timeout = 50")
def statement_timeout(site: Instance, job: Job, worker: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER ROLE app SET statement_timeout = 50")
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        time.sleep(SECONDS)
        cursor.execute("ALTER ROLE app RESET statement_timeout")
        cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


def _child_of_job(site: Instance, worker: str) -> list[int]:
    return [pid for pid in site.pids(worker) if "worker.child" in psutil.Process(pid).cmdline()]


def _backends() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            " ORDER BY query_start DESC"
        )
        return [pid for (pid,) in cursor.fetchall()]


def fill_disk(site: Instance, size: str) -> bool:
    """Mounts a disk of ``size`` over the folder of jobs; False where that is not allowed."""
    folder = site.state / "jobs"
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    return os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
