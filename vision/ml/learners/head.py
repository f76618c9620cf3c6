"""Dense layers on frozen features of augmented views."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from vision.ml.contenders import HeadSettings
from vision.ml.learners.classifier import FeatureClassifier
from vision.ml.learners.task import Learned, Task
from vision.ml.learners.threads import single_thread
from vision.ml.training import Score, Tick, TrainingPlan, epoch_seed, train


class HeadLesson:
    """Each epoch shows every training image in one of its augmented views; validation images are never augmented."""

    def __init__(self, classifier: FeatureClassifier, task: Task) -> None:
        self.classifier = classifier
        self.task = task
        self.parameters: Mapping[str, nn.Parameter] = dict(classifier.named_parameters())
        self.size = len(task.train)
        generator = torch.Generator().manual_seed(epoch_seed(task.seed, 0))
        self._first_views = torch.randint(1 << 30, (self.size,), generator=generator).to(task.device)

    def accumulate(self, positions: Tensor, epoch: int, tick: Tick) -> Score:
        """Learns from features of the epoch's views; without views, of the plain images."""
        self.classifier.train()
        positions = positions.to(self.task.device)
        images = self.task.train[positions]
        if len(self.task.views):
            views = (self._first_views[positions] + epoch) % len(self.task.views)
            rows = self.task.views[views, images]
        else:
            rows = self.task.features[images]
        score = step(self.classifier(rows), self.task.labels[images])
        tick(len(positions))
        return score

    def validate(self, tick: Tick) -> Score:
        """Loss and accuracy on the plain validation images."""
        self.classifier.eval()
        tick(len(self.task.validation))
        with torch.no_grad():
            logits = self.classifier(self.task.features[self.task.validation])
        return score_of(logits, self.task.labels[self.task.validation])


def learn_head(task: Task, settings: HeadSettings) -> Learned:
    """A head trained on the task's frozen features."""
    widths = (task.encoder.dimension, *((settings.hidden,) if settings.hidden else ()), len(task.dataset.classes))
    classifier = FeatureClassifier(widths, dropout=settings.dropout, has_unit_rows=settings.has_unit_rows)
    classifier = classifier.to(task.device)
    classifier.initialise(task.seed)
    if settings.standardise:
        classifier.standardise_by(task.features[task.train])
    plan = TrainingPlan(
        epochs=task.epochs or settings.epochs,
        patience=settings.patience,
        batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        seed=task.seed,
    )
    lesson = HeadLesson(classifier, task)
    with single_thread():
        result = train(lesson, plan, tick=task.tick)
    trained = sum(parameter.numel() for parameter in lesson.parameters.values())
    return Learned(classifier, task.features, result.curve, result.best_epoch, trained_parameters=trained)


def step(logits: Tensor, labels: Tensor, share: float = 1.0) -> Score:
    """Adds to the gradients ``share`` times those of the mean cross-entropy; returns the whole loss."""
    loss = functional.cross_entropy(logits.float(), labels)
    (loss * share).backward()  # type: ignore[no-untyped-call]
    return score_of(logits.detach(), labels)


def score_of(logits: Tensor, labels: Tensor) -> Score:
    """Mean cross-entropy and accuracy of logits, (B, C)."""
    logits = logits.float()
    accuracy = (logits.argmax(-1) == labels).float().mean()
    return Score(float(functional.cross_entropy(logits, labels)), float(accuracy))
