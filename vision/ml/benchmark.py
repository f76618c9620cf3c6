"""The benchmark: every contender on every split of the plan, once per seed; a killed one goes on from its files."""

from dataclasses import dataclass

from vision.ml.stored_runs import load_run, save_run
from vision.ml.types import BenchmarkConfig, ContenderRun, Dataset, Folders, ProgressCallback

__all__ = ["Wording", "load_run", "run", "save_run"]


@dataclass(frozen=True)
class Wording:
    """What progress says, in the language of whoever waits. Each template may use all of the names below."""

    weights: str = "Looking for the weights of {contender}"
    features: str = "{contender}, seed {seed}, fold {fold} of {folds}: features of the pictures"
    training: str = "{contender}, seed {seed}, fold {fold} of {folds}: training"
    prediction: str = "{contender}, seed {seed}, fold {fold} of {folds}: probabilities"
    finished: str = "{contender}, seed {seed}, fold {fold} of {folds}: test accuracy {accuracy:.3f}"


def run(
    config: BenchmarkConfig,
    dataset: Dataset,
    folders: Folders,
    *,
    on_progress: ProgressCallback,
    wording: Wording = Wording(),
) -> tuple[ContenderRun, ...]:
    """One run per contender, seed and split, in that order.

    Raises ``BenchmarkError`` before any training when a contender is unknown, its weights are missing,
    or the data set cannot be split so. ``on_progress`` may raise to stop; the next call with the same
    ``folders.work`` goes on and gives the same numbers.
    """
    raise NotImplementedError
