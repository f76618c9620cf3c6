"""What the person who launches a benchmark should know of it, and the reader of its results too."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from pretadepenser.core import formats
from vision.ml.contenders import REGISTERED
from vision.ml.prompts import class_texts, cut_sentences
from vision.models import BenchmarkRun
from vision.presenters.import_result import rare_sentence
from vision.selectors.benchmarks import config_of
from vision.selectors.datasets import rare_classes
from vision.wording import contender_title


def run_notes(run: BenchmarkRun) -> Iterator[str]:
    """Classes that cannot be measured well, and sentences that a contender does not read to their end."""
    if rare := rare_classes(run.dataset):
        yield rare_sentence(rare)
    config = config_of(run)
    for name in config.contenders:
        spec = REGISTERED.get(name)
        if spec is None or not spec.reads_texts:
            continue
        texts = class_texts(config.prompts, run.dataset.classes, config.descriptions)
        if cut := cut_sentences(spec.architecture, texts):
            yield _("%(contender)s does not read all of “%(sentence)s” (sentences cut: %(count)s).") % {
                "contender": contender_title(name),
                "sentence": cut[0],
                "count": formats.amount(len(cut)),
            }
