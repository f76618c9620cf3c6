"""The jobs of a portfolio as a worker runs them: import, training, scoring, explaining.

With ``--state`` the site is kept, for ``bench_pages``; its clients and models are kept too. ``--jobs`` selects jobs:
without "train" the site's own model is used.
"""

import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from time import monotonic

from tests.benchmarks.measuring import arguments, heading, line, spending
from tests.benchmarks.sites import site, tables

JOBS = ("import", "train", "score", "explain")
TARGETS = {"explain every client": "30 s"}


def bench(folder: Path, jobs: list[str], folds: int, rounds: int) -> None:
    """Prints one line per job, its stages below it; all but training run twice, the second time without changes."""
    from credit.jobs import training
    from credit.jobs.importing import import_home_credit
    from credit.jobs.portfolio_explanations import explain_portfolio
    from credit.jobs.scoring import score_portfolio
    from credit.selectors.model_versions import model_to_run
    from credit.services.explanations import request_portfolio_explanation
    from credit.services.imports import request_import
    from credit.services.model_versions import TrainingRequest
    from credit.services.model_versions.training import request_training
    from credit.services.scores import request_scoring
    from pretadepenser.core.models import SYSTEM

    training.CONFIG = replace(training.CONFIG, max_rounds=rounds)  # type: ignore[misc]
    request = TrainingRequest(folds=folds, is_promoted=True)
    heading("the jobs of a portfolio")
    if "import" in jobs:
        _run_twice("import", lambda: request_import(folders=[folder], by=SYSTEM), import_home_credit)
    number = None
    if "train" in jobs:
        title = f"train, {folds} folds, at most {rounds} rounds"
        number = _run(title, lambda: request_training(request=request, by=SYSTEM), training.train_model)[
            "model_version"
        ]
    if "score" in jobs:
        _run_twice(
            "score every client",
            lambda: request_scoring(model_version=model_to_run(number), by=SYSTEM),
            score_portfolio,
        )
    if "explain" in jobs:
        _run_twice(
            "explain every client",
            lambda: request_portfolio_explanation(model_version=model_to_run(number), by=SYSTEM),
            explain_portfolio,
        )


def _run_twice(title: str, request: Callable, body: Callable) -> None:
    _run(title, request, body)
    _run(f"{title}, again", request, body)


def _run(title: str, request: Callable, body: Callable) -> dict[str, object]:
    """The result of the job that ``request`` creates, run in this process as in a worker's."""
    from credit.models import Client
    from worker.runtime import run_job

    stages: dict[str, float] = {}
    job = request()
    before = sum(os.times()[:4])
    with spending() as spent:
        run_job(job.pk, lambda job, progress: body(job, _Stopwatch(progress, stages)))
    job.refresh_from_db()
    if job.status != job.Status.SUCCEEDED:
        sys.exit(job.error + job.traceback)
    facts = [f"{name} {value}" for name, value in job.result.items() if isinstance(value, int | float | str)]
    line(
        title,
        seconds=spent.seconds,
        rows=Client.objects.count(),
        peak_gib=spent.peak_gib,
        target=TARGETS.get(title, ""),
        note=", ".join([f"{sum(os.times()[:4]) - before:.0f} s of Python's CPU time", *facts]),
    )
    ends = [*list(stages.values())[1:], monotonic()]
    for (message, start), end in zip(stages.items(), ends, strict=True):
        print(f"    {message:44} {end - start:9.2f}")
    return job.result


class _Stopwatch:
    """Records when each message was first reported."""

    def __init__(self, progress: object, stages: dict[str, float]) -> None:
        self._progress, self._stages = progress, stages

    def __call__(self, done: int, total: int, message: str = "") -> None:
        self._stages.setdefault(message or "the end", monotonic())
        self._progress(done, total, message)  # type: ignore[operator]

    def __getattr__(self, name: str) -> object:
        return getattr(self._progress, name)

    def run_in_child(self, target, *, gpu=None):
        from worker.fresh_process import run_in_child

        return run_in_child(target, on_progress=self, check=self._progress.check, gpu=gpu)


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=300, help="of each fold at most; default: %(default)s")
    parser.add_argument("--jobs", nargs="+", choices=JOBS, default=JOBS, help="default: all of them")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"  # as a worker has it
    needed = tables(options.folder, options.clients) if "import" in options.jobs else nullcontext(Path())
    with needed as folder, site(options.state):
        bench(folder, options.jobs, options.folds, options.rounds)
