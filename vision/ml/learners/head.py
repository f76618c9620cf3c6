"""Dense layers trained on frozen features."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from vision.ml.contenders import HeadSettings
from vision.ml.hardware import single_thread
from vision.ml.learners.classifier import FeatureClassifier
from vision.ml.learners.task import Learned, Task
from vision.ml.training import Score, Tick, epoch_seed, train


class HeadLesson:
    """Each epoch uses one augmented view of every training image, if there are any. Validation images have none."""

    def __init__(self, classifier: FeatureClassifier, task: Task) -> None:
        self.classifier = classifier
        self.task = task
        self.parameters: Mapping[str, nn.Parameter] = dict(classifier.named_parameters())
        self.size = len(task.train)
        generator = torch.Generator().manual_seed(epoch_seed(task.seed, 0))
        self._first_views = torch.randint(1 << 30, (self.size,), generator=generator).to(task.device)

    def accumulate(self, positions: Tensor, epoch: int, tick: Tick) -> Score:
        self.classifier.train()
        positions = positions.to(self.task.device)
        images = self.task.train[positions]
        all_views = self.task.encoded.views
        if len(all_views):
            features = all_views[(self._first_views[positions] + epoch) % len(all_views), images]
        else:
            features = self.task.encoded.features[images]
        score = backpropagate(self.classifier(features), self.task.labels[images])
        tick(len(positions))
        return score

    def validate(self, tick: Tick) -> Score:
        self.classifier.eval()
        tick(len(self.task.validation))
        with torch.no_grad():
            logits = self.classifier(self.task.encoded.features[self.task.validation])
        return score_of(logits, self.task.labels[self.task.validation])


def learn_head(task: Task, settings: HeadSettings) -> Learned:
    """A head trained on the task's features."""
    hidden = (settings.hidden,) if settings.hidden else ()
    widths = (task.encoded.encoder.dimension, *hidden, len(task.dataset.classes))
    classifier = FeatureClassifier(widths, dropout=settings.dropout, has_unit_rows=settings.has_unit_rows)
    classifier = classifier.to(task.device)
    classifier.initialise(task.seed)
    if settings.standardise:
        classifier.standardise_by(task.encoded.features[task.train])
    with single_thread():
        result = train(HeadLesson(classifier, task), task.plan(settings), tick=task.tick)
    return Learned(
        classifier,
        task.encoded.features,
        result.curve,
        result.best_epoch,
        trained_parameters=classifier.parameter_count,
    )


def backpropagate(logits: Tensor, labels: Tensor, share: float = 1.0) -> Score:
    """Adds ``share`` times the gradients of the mean cross-entropy; the score holds the whole loss."""
    loss = functional.cross_entropy(logits.float(), labels)
    (loss * share).backward()  # type: ignore[no-untyped-call]
    return score_of(logits.detach(), labels)


def score_of(logits: Tensor, labels: Tensor) -> Score:
    """Mean cross-entropy and accuracy of logits, (B, C)."""
    logits = logits.float()
    accuracy = (logits.argmax(-1) == labels).float().mean()
    return Score(float(functional.cross_entropy(logits, labels)), float(accuracy))
