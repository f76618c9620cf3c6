"""How every benchmark measures and prints: one line per measure, with its target, and its anchors below.

An anchor is what one would use without this code, measured in the same run: on a shared machine ratios are reliable,
seconds are not. Memory adds up all processes of the run, shared pages counted once (PSS, on Linux).
"""

import argparse
import os
import platform
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

#: Applications of Kaggle's tables, train and test together: what "full size" means.
FULL_SIZE = 356_255
SECONDS_BETWEEN_LOOKS = 0.5
WARM_UP = 3  # calls that are not counted
Result = TypeVar("Result")


@dataclass
class Spent:
    """Time and memory of a block, known when it ends."""

    seconds: float = 0.0
    peak_gib: float = 0.0


def arguments(description: str | None) -> argparse.ArgumentParser:
    """The options of every benchmark, so that ``make bench ARGS=...`` can run all with the same ones."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--clients", type=int, default=FULL_SIZE, help="default: Kaggle's %(default)s")
    parser.add_argument("--folder", type=Path, help="the seven tables; default: generated ones, deleted afterwards")
    parser.add_argument("--state", type=Path, help="state folder of a site to measure; default: a new one")
    return parser


def heading(title: str) -> None:
    """Prints what is measured, the machine and its load, then the names of the columns."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"\n{title}: {os.cpu_count()} cores of {_processor()}, load {load}, Python {platform.python_version()}")
    columns = f"{'wall s':>9} {'rows/s':>10} {'peak GiB':>8} {'p50 ms':>8} {'p95 ms':>8}  {'target':18} note"
    print(f"  {'measure':46} {columns}", flush=True)


def line(
    measure: str,
    *,
    seconds: float | None = None,
    rows: int | None = None,
    peak_gib: float | None = None,
    milliseconds: list[float] | None = None,
    target: str = "",
    note: str = "",
) -> None:
    """Prints one measure; unknown figures stay empty. An anchor's name begins with two spaces."""
    p50, p95 = np.percentile(milliseconds, [50, 95]) if milliseconds else (None, None)
    speed = rows / seconds if rows and seconds else None
    print(
        f"  {measure:46} {_number(seconds, '9.2f')} {_number(speed, '10,.0f')} {_number(peak_gib, '8.2f')} "
        f"{_number(p50, '8.2f')} {_number(p95, '8.2f')}  {target:18} {note}".rstrip(),
        flush=True,
    )


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """The seconds that ``work`` took, and its result."""
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def each_timed(work: Callable[[], object], times: int, *, warm_up: int = WARM_UP) -> list[float]:
    """The milliseconds of each of ``times`` calls, after some uncounted ones."""
    for _ in range(warm_up):
        work()
    return [timed(work)[0] * 1000 for _ in range(times)]


@contextmanager
def spending() -> Iterator[Spent]:
    """Measures wall time and peak memory of the block and its child processes."""
    spent, is_over = Spent(), threading.Event()

    def watch() -> None:
        while not is_over.wait(SECONDS_BETWEEN_LOOKS):
            spent.peak_gib = max(spent.peak_gib, _memory_gib(os.getpid()))

    watcher = threading.Thread(target=watch, daemon=True)
    started = time.perf_counter()
    watcher.start()
    try:
        yield spent
    finally:
        spent.seconds = time.perf_counter() - started
        spent.peak_gib = max(spent.peak_gib, _memory_gib(os.getpid()))
        is_over.set()
        watcher.join()


def _memory_gib(root: int) -> float:
    """PSS of a process and its descendants; 0 where the kernel does not report it."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has exited meanwhile
            continue
        children.setdefault(parent, []).append(int(status.parent.name))
    family, kilobytes = [root], 0
    for pid in family:
        family += children.get(pid, [])
        kilobytes += _pss(pid)
    return kilobytes / 2**20


def _pss(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(row.split()[1]) for row in rollup.splitlines() if row.startswith("Pss:")), 0)


def _number(value: float | None, form: str) -> str:
    return format(value, form) if value is not None else " " * int(form.split(",")[0].split(".")[0])


def _processor() -> str:
    try:
        rows = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        rows = []
    return next((row.partition(": ")[2] for row in rows if row.startswith("model name")), platform.machine())
