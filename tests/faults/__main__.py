"""``make faults``: every fault, several times, on a site of its own; prints the table of docs/reliability.md."""

import argparse
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.faults.instance import Instance, Visitor, instance, wait_until

if TYPE_CHECKING:
    from pretadepenser.core.models import Job
    from tests.faults.work import Work

CLIENTS = 1000
# Where a fault could matter most: the work that it interrupts.
PLAN = {
    "import": (
        *("web_worker", "web", "beat", "flushall", "duplicates", "garbage", "frozen_valkey", "connections_exhausted"),
        *("statement_timeout", "disk_full"),
    ),
    "training": ("worker", "worker_child", "job_child", "valkey", "postmaster", "backend", "connections_ended"),
    "benchmark": ("worker", "job_child", "postmaster"),
    "scoring": ("backend",),
}
SHORT = {"import": ("valkey", "web_worker", "garbage", "connections_ended", "disk_full")}


@dataclass
class Row:
    """The tries of one fault during one kind of work."""

    title: str
    command: str
    tries: int = 0
    faults: list[str] = field(default_factory=list)  # what was not as it should be
    seconds: list[float] = field(default_factory=list)  # from the fault to the end of the job and a page that opens
    outages: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def __str__(self) -> str:
        pages = ", ".join(f"{status or 'none'} × {count}" for status, count in sorted(self.statuses.items()))
        outcome = "; ".join(sorted(set(self.faults))) or "one effect each"
        return (
            f"| {self.title} | `{self.command}` | {self.tries} | {outcome} | {max(self.seconds, default=0):.1f} s "
            f"| {max(self.outages, default=0):.1f} s | {pages} |"
        )


HEADING = (
    "| fault | command | tries | outcome | longest until all is done | longest without a page | answers of a page |\n"
    "|---|---|---|---|---|---|---|"
)


def run(plan: dict[str, tuple[str, ...]], tries: int, clients: int) -> list[Row]:
    with instance() as site:
        import django

        django.setup()
        cookie = _signed_in()
        rows = []
        print(HEADING)
        for work in _works(site, plan, clients):
            for name in plan[work.name]:
                rows.append(_full_disk(site, work) if name == "disk_full" else _row(site, work, name, tries, cookie))
                print(rows[-1], flush=True)
        return rows


def _works(site: Instance, plan: dict[str, tuple[str, ...]], clients: int) -> list["Work"]:
    """The works of the plan, with what they need on the site."""
    from tests.faults import work
    from vision.models import ImageDataset

    folder = site.state / "faults"
    folder.mkdir()
    works = [work.importing(folder, clients)]
    if set(plan) != {"import"}:
        for prepared in (works[0].request(), work.image_import(folder)):
            _wait_for(prepared)
        works.append(work.training())
        _wait_for(works[-1].request())
        works += [work.scoring(), work.benchmark(ImageDataset.objects.get())]
    return [item for name in plan for item in works if item.name == name]


def _row(site: Instance, work: "Work", name: str, tries: int, cookie: str) -> Row:
    from tests.faults.faults import FAULTS

    fault = FAULTS[name]
    row = Row(f"{fault.name}, during {work.name}", fault.command)
    for _ in range(tries):
        row.tries += 1
        visitor = Visitor(site, cookie)
        try:
            wait_until(site.is_whole)
            job = work.request()
            wait_until(lambda job=job: _is_under_way(job))
            begin = time.monotonic()
            with visitor.visiting():
                fault.do(site, job, work.worker)
                _wait_for(job)
                wait_until(lambda: site.ask(cookie) == 200)
            row.seconds.append(time.monotonic() - begin)
            effects = work.effects(job)
            if job.status != "succeeded":
                row.faults.append(f"{job.status}: {job.error}")
            elif effects != work.expected:
                row.faults.append(f"{effects} instead of {work.expected}")
        except Exception as error:
            row.faults.append(" ".join(f"{type(error).__name__}: {error}".split()))
        row.statuses += visitor.statuses
        row.outages.append(visitor.longest_outage)
    if row.statuses[500]:
        row.faults.append(f"{row.statuses[500]} pages answered 500")
    return row


def _full_disk(site: Instance, work: "Work") -> Row:
    """A job that fails at once with the folder's name, and succeeds once there is room."""
    import subprocess

    from pretadepenser.core.jobs import retry_job
    from pretadepenser.core.models import SYSTEM
    from tests.faults.faults import fill_disk

    row = Row(f"disk of STATE_DIR/jobs full, during {work.name}", "mount -t tmpfs -o size=64k tmpfs $STATE_DIR/jobs")
    if not fill_disk(site, "64k"):
        row.faults.append("not tried: only root may mount")
        return row
    row.tries, begin = 1, time.monotonic()
    try:
        job = work.request()
        _wait_for(job)
    finally:
        subprocess.run(["umount", "--lazy", site.state / "jobs"], check=True)
    if (job.attempt, "STATE_DIR/jobs" in job.error) != (1, True):
        row.faults.append(f"attempt {job.attempt}: {job.error}")
    retried = retry_job(job=job, by=SYSTEM)
    _wait_for(retried)
    if work.effects(retried) != work.expected:
        row.faults.append(f"the retry {retried.status}: {retried.error}")
    row.seconds.append(time.monotonic() - begin)
    return row


def _fresh(job: "Job") -> "Job":
    from pretadepenser.core.jobs.leases import with_fresh_connection

    try:
        with_fresh_connection(job.refresh_from_db)
    except Exception as error:  # the database is away
        print(f"  {type(error).__name__}", file=sys.stderr)
    return job


def _is_under_way(job: "Job") -> bool:
    return _fresh(job).is_finished or job.status == "running"


def _wait_for(job: "Job") -> None:
    wait_until(lambda: _fresh(job).is_finished, 600)


def _signed_in() -> str:
    """The cookie of a new administrator's session."""
    from django.conf import settings
    from django.test import Client

    from pretadepenser.core.models import User
    from pretadepenser.core.roles import Role

    browser = Client()
    browser.force_login(User.objects.create_user("faults", "not-used-by-anyone", role=Role.ADMINISTRATOR))
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the site is stopped
    parser = argparse.ArgumentParser(prog="make faults")
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--short", action="store_true", help="the faults of `make test`, once each, on 60 clients")
    parser.add_argument("--only", nargs="+", metavar="FAULT", help="names of functions in tests/faults/faults.py")
    options = parser.parse_args()
    plan = {
        work: chosen
        for work, names in (SHORT if options.short else PLAN).items()
        if (chosen := tuple(name for name in names if name in (options.only or names)))
    }
    rows = run(plan, 1, 60) if options.short else run(plan, options.tries, CLIENTS)
    sys.exit(any(row.faults for row in rows))


if __name__ == "__main__":
    main()
