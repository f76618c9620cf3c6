"""Checks a benchmark's settings before it is queued."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.utils.translation import gettext as _

from pretadepenser.core.errors import ApplicationError
from vision.ml.contenders import contender
from vision.ml.planning import LARGEST_SEED
from vision.ml.prompts import PromptSet, encoder_texts
from vision.ml.splits import make_splits
from vision.ml.types import BenchmarkConfig, BenchmarkError, Dataset, SplitKind
from vision.wording import error_sentence

MOST_CONTENDERS: Final = 20
MOST_SEEDS: Final = 10
FOLDS_ALLOWED: Final = range(2, 21)
EPOCHS_ALLOWED: Final = range(1, 501)
DEVICES: Final = ("auto", "cpu", "cuda")


def check(config: BenchmarkConfig, dataset: Dataset) -> None:
    """Raises ApplicationError that names the field at fault."""
    _check_contenders(config)
    _check_numbers(config)
    if config.device not in DEVICES:
        raise _refusal("device", _("The device must be one of: %(names)s.") % {"names": ", ".join(DEVICES)})
    if config.prompts not in set(PromptSet):
        raise _refusal("prompts", _("The prompts must be one of: %(names)s.") % {"names": ", ".join(PromptSet)})
    with _refused("prompts", _("The prompts cannot be written: %(reason)s")):
        for spec in map(contender, config.contenders):
            if spec.reads_texts:
                encoder_texts(spec.architecture, config.prompts, dataset.classes, config.descriptions)
    with _refused("split", _("The images cannot be split this way: %(reason)s")):
        make_splits(dataset, config.split)


def _check_contenders(config: BenchmarkConfig) -> None:
    names = config.contenders
    if not names:
        raise _refusal("contenders", _("Choose at least one contender."))
    if len(set(names)) < len(names):
        raise _refusal("contenders", _("List each contender only once."))
    if len(names) > MOST_CONTENDERS:
        raise _refusal(
            "contenders", _("A benchmark may have at most %(count)d contenders.") % {"count": MOST_CONTENDERS}
        )
    with _refused("contenders", "%(reason)s"):
        for name in names:
            contender(name)


def _check_numbers(config: BenchmarkConfig) -> None:
    seeds = config.seeds
    if not seeds or len(set(seeds)) < len(seeds) or len(seeds) > MOST_SEEDS:
        raise _refusal("seeds", _("Give between 1 and %(count)d different seeds.") % {"count": MOST_SEEDS})
    if not all(0 <= seed <= LARGEST_SEED for seed in (*seeds, config.split.seed)):
        sentence = _("A seed is a whole number between 0 and %(largest)d.")
        raise _refusal("seeds", sentence % {"largest": LARGEST_SEED})
    if config.split.kind is SplitKind.FOLDS and config.split.folds not in FOLDS_ALLOWED:
        sentence = _("The number of folds must be between %(least)d and %(most)d.")
        raise _refusal("folds", sentence % {"least": FOLDS_ALLOWED[0], "most": FOLDS_ALLOWED[-1]})
    if config.epochs is not None and config.epochs not in EPOCHS_ALLOWED:
        sentence = _("The number of epochs must be between %(least)d and %(most)d.")
        raise _refusal("epochs", sentence % {"least": EPOCHS_ALLOWED[0], "most": EPOCHS_ALLOWED[-1]})


@contextmanager
def _refused(field: str, sentence: str) -> Iterator[None]:
    """Turns a BenchmarkError into the refusal of the field."""
    try:
        yield
    except BenchmarkError as error:
        raise _refusal(field, sentence % {"reason": error_sentence(error)}) from error


def _refusal(field: str, sentence: str) -> ApplicationError:
    return ApplicationError(sentence, field=field)
