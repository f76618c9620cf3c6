"""The command lines of the site's processes."""

import os
import shutil
from pathlib import Path

from pretadepenser.core.jobs.devices import gpus
from up.processes import Program

# One thread per process: a process pool and LightGBM's threads would fight for the same cores.
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
# Celery's soft shutdown, which lets a job reach its next checkpoint, answers to SIGQUIT only. It fails in a pool of
# threads, where SIGTERM makes the bodies hand their jobs over at once (worker.ending).
SOFT_SHUTDOWN = {"REMAP_SIGTERM": "SIGQUIT"}


def workers(state_dir: Path) -> list[Program]:
    """The two workers and beat, which sends the timetable's tasks."""
    place = {"STATE_DIR": str(state_dir.resolve())}
    quiet = ("--without-gossip", "--without-mingle")
    cpu = ("-Q", "cpu,images,maintenance", "-c", str(_between(2, 4)), "--pool=prefork", "-n", "cpu@%h", *quiet)
    gpu = ("-Q", "gpu", "-c", str(max(1, len(gpus()))), "--pool=threads", "-n", "gpu@%h", *quiet)
    return [
        Program("worker-cpu", (*_celery("worker"), *cpu), {**place, **ONE_THREAD, **SOFT_SHUTDOWN}),
        Program("worker-gpu", (*_celery("worker"), *gpu), place),
        Program("beat", _celery("beat"), place),
    ]


def web(state_dir: Path, host: str, port: int) -> Program:
    """The web server: a few processes of a few threads."""
    arguments = (
        *("-m", "granian", "--interface", "rsgi", "--host", host, "--port", str(port), "--no-ws"),
        *("--http1-header-read-timeout", "10000", "--workers", str(_between(2, 4)), "--respawn-failed-workers"),
        *("--workers-kill-timeout", "5", "pretadepenser.server:application"),
    )
    metrics = state_dir.resolve() / "metrics"
    shutil.rmtree(metrics, ignore_errors=True)  # counts of an earlier start
    environment = {"STATE_DIR": str(state_dir.resolve()), "PROMETHEUS_MULTIPROC_DIR": str(metrics), **ONE_THREAD}
    return Program("web", arguments, environment)


def _celery(command: str) -> tuple[str, ...]:
    return ("-m", "celery", "-A", "worker.app", command)


def _between(least: int, most: int) -> int:
    """The number of cores, within limits."""
    return max(least, min(os.cpu_count() or least, most))
