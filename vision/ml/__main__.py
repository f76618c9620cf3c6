"""``python -m vision.ml``: a benchmark from the shell, without Django."""

import argparse
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from tqdm import tqdm

from vision.ml import report
from vision.ml.comparison import compare_all
from vision.ml.contenders import REGISTERED, contender
from vision.ml.datasets import read_dataset
from vision.ml.evaluation import evaluate_run
from vision.ml.images import ImageCache
from vision.ml.planning import check_config
from vision.ml.prompts import PromptSet
from vision.ml.types import (
    WEIGHTS_VARIABLE,
    BenchmarkConfig,
    BenchmarkError,
    Dataset,
    Folders,
    SplitKind,
    SplitPlan,
)
from vision.ml.wording import gettext_noop as _

_FAILED: Final = 1
_INTERRUPTED: Final = 130  # as shells say of a program that Ctrl-C stopped


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs what the command line asks for; the exit code is 1 for what the user can mend, 130 when interrupted."""
    options = _parser().parse_args(arguments)
    try:
        _benchmark(options)
    except (BenchmarkError, OSError) as error:  # the system's own sentence names the file
        sys.stderr.write(f"\n{error}\n")
        return _FAILED
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The same command goes on from here.\n")
        return _INTERRUPTED
    return 0


def _benchmark(options: argparse.Namespace) -> None:
    config = _config(options)
    check_config(config)
    _check_places(options.state, options.json)
    # torch takes seconds to import, which a refusal or --help need not wait for
    from vision.ml import benchmark

    with _Bar() as bar:
        dataset = read_dataset(options.data, ImageCache(options.state / "images"), on_progress=bar)
        folders = Folders(
            images=options.state / "images",
            features=options.state / "features",
            work=options.state / "work" / _digest(config, dataset),
            weights=options.weights,
        )
        runs = benchmark.run(config, dataset, folders, on_progress=bar)
    evaluations = [evaluate_run(run, dataset) for run in runs]
    comparisons = compare_all(runs, dataset.labels)
    sys.stdout.write(report.table(runs, evaluations, comparisons, dataset) + "\n")
    if options.json:
        content = json.dumps(report.to_json(runs, evaluations, comparisons, dataset), ensure_ascii=False, indent=1)
        options.json.write_text(content + "\n", encoding="utf-8")
    shutil.rmtree(folders.work)  # kept only for a benchmark that did not come to its end


def _check_places(state: Path, report_file: Path | None) -> None:
    """Raises BenchmarkError for places that cannot be written, before anything is computed."""
    path = state
    try:
        state.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=state):
            pass
        if report_file is not None:
            path = report_file
            is_new = not path.exists()
            path.open("ab").close()
            if is_new:
                path.unlink()
    except OSError as error:
        raise BenchmarkError(_("{path} cannot be written: {reason}."), path=path, reason=error.strerror) from error


class _Bar:
    """A progress bar on the terminal, one per total; the stages are written above it."""

    def __init__(self) -> None:
        self._bar = tqdm(disable=None, bar_format="{percentage:3.0f} % |{bar}| {elapsed}, {remaining} left  {desc}")
        self._stage = ""

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.close()

    def __call__(self, done: int, total: int, stage: str) -> None:
        if total != self._bar.total:
            self._bar.reset(total)
        if stage != self._stage:
            self._stage = stage
            self._bar.set_description_str(stage)
            if self._bar.disable:
                sys.stderr.write(f"{stage}\n")
        self._bar.update(done - self._bar.n)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m vision.ml",
        description="Compares image classifiers on the same splits of a data set.",
        epilog=f"Contenders: {', '.join(REGISTERED)}; any torchvision classifier by its name, also with -finetuned.",
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder or zip: a csv with images, or a folder of images per class"
    )
    parser.add_argument("--contenders", nargs="+", required=True, metavar="NAME", help="see below")
    parser.add_argument("--seed", type=int, nargs="+", default=[0], help="one run of each contender per seed")
    split = parser.add_mutually_exclusive_group()
    split.add_argument("--folds", type=int, metavar="K", help="cross-validate instead of one split")
    split.add_argument(
        "--split",
        type=SplitKind,
        choices=[SplitKind.STRATIFIED, SplitKind.ORIGINAL],
        default=SplitKind.STRATIFIED,
        help="“original” is the split of the original study",
    )
    parser.add_argument(
        "--weights",
        type=Path,
        default=_path(os.environ.get(WEIGHTS_VARIABLE)),
        help=f"folder of weights, else ${WEIGHTS_VARIABLE}, else the hubs",
    )
    parser.add_argument(
        "--from-scratch", action="store_true", help="random weights; tokenizers come from the same places"
    )
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto")
    parser.add_argument("--epochs", type=int, help="at most; by default what each contender says")
    parser.add_argument(
        "--prompts",
        choices=list(PromptSet),
        default=PromptSet.ENSEMBLE,
        help="texts of the classes, for CLIP and SigLIP",
    )
    parser.add_argument(
        "--state", type=Path, default=_default_state(), help="folder of decoded images, features and unfinished work"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="writes the whole report there")
    return parser


def _config(options: argparse.Namespace) -> BenchmarkConfig:
    kind = SplitKind.FOLDS if options.folds is not None else options.split
    return BenchmarkConfig(
        contenders=tuple(contender(name).name for name in options.contenders),  # refused before images are read
        split=SplitPlan(kind, seed=options.seed[0], folds=options.folds or SplitPlan.folds),
        seeds=tuple(options.seed),
        epochs=options.epochs,
        device=options.device,
        from_scratch=options.from_scratch,
        prompts=str(options.prompts),
    )


def _digest(config: BenchmarkConfig, dataset: Dataset) -> str:
    """A name for this benchmark's unfinished work."""
    content = json.dumps([asdict(config), dataset.fingerprint])
    return hashlib.sha256(content.encode()).hexdigest()[:16]


def _default_state() -> Path:
    caches = _path(os.environ.get("XDG_CACHE_HOME")) or Path.home() / ".cache"
    return caches / "pretadepenser-vision"


def _path(value: str | None) -> Path | None:
    return Path(value) if value else None


if __name__ == "__main__":
    sys.exit(main())
