"""Whether a benchmark can be run as it is asked for, told before it waits in a queue."""

from typing import Final

from django.utils.translation import gettext as _

from pretadepenser.core.errors import ApplicationError
from vision.ml.contenders import contender
from vision.ml.prompts import PromptSet, class_texts
from vision.ml.splits import make_splits
from vision.ml.types import BenchmarkConfig, BenchmarkError, Dataset, SplitKind
from vision.wording import error_sentence

MOST_CONTENDERS: Final = 20
MOST_SEEDS: Final = 10
LARGEST_SEED: Final = 2**31 - 1
FOLDS_ALLOWED: Final = range(2, 21)
EPOCHS_ALLOWED: Final = range(1, 501)
DEVICES: Final = ("auto", "cpu", "cuda")


def check(config: BenchmarkConfig, dataset: Dataset) -> None:
    """Nothing, or raises ApplicationError that names the field."""
    _check_contenders(config)
    _check_numbers(config)
    if config.device not in DEVICES:
        raise _refusal("device", _("The device is one of %(names)s.") % {"names": ", ".join(DEVICES)})
    if config.prompts not in set(PromptSet):
        raise _refusal("prompts", _("The prompts are one of %(names)s.") % {"names": ", ".join(PromptSet)})
    try:
        if any(contender(name).reads_texts for name in config.contenders):
            class_texts(config.prompts, dataset.classes, config.descriptions)
    except BenchmarkError as error:
        sentence = _("The classes cannot be put into words: %(reason)s")
        raise _refusal("prompts", sentence % {"reason": error_sentence(error)}) from error
    try:
        make_splits(dataset, config.split)
    except BenchmarkError as error:
        raise _refusal(
            "split", _("The images cannot be split so: %(reason)s") % {"reason": error_sentence(error)}
        ) from error


def _check_contenders(config: BenchmarkConfig) -> None:
    names = config.contenders
    if not names:
        raise _refusal("contenders", _("Choose at least one contender."))
    if len(set(names)) < len(names):
        raise _refusal("contenders", _("Name each contender once."))
    if len(names) > MOST_CONTENDERS:
        raise _refusal("contenders", _("A benchmark has at most %(count)d contenders.") % {"count": MOST_CONTENDERS})
    for name in names:
        try:
            contender(name)
        except BenchmarkError as error:
            raise _refusal("contenders", error_sentence(error)) from error


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


def _refusal(field: str, sentence: str) -> ApplicationError:
    return ApplicationError(sentence, field=field)
