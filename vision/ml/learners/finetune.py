"""A head trained on frozen features, then together with the encoder's last layers, from augmented pixels."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from vision.ml.augmentation import augment, view_seeds
from vision.ml.contenders import FinetuneSettings
from vision.ml.learners.classifier import FeatureClassifier
from vision.ml.learners.head import learn_head, score_of, step
from vision.ml.learners.task import Learned, Task
from vision.ml.learners.unfreezing import last_layers, look, look_plainly, passes, unfrozen
from vision.ml.training import Score, Tick, TrainingPlan, epoch_seed, train


class FinetuneLesson:
    """Each epoch shows every training image in a new augmented view. Batch statistics stay those of the weights."""

    def __init__(self, classifier: FeatureClassifier, layers: Mapping[str, nn.Parameter], task: Task) -> None:
        self.classifier = classifier
        self.task = task
        self.size = len(task.train)
        self.parameters: Mapping[str, nn.Parameter] = {
            **{f"classifier/{name}": parameter for name, parameter in classifier.named_parameters()},
            **{f"encoder/{name}": parameter for name, parameter in layers.items()},
        }

    def accumulate(self, positions: Tensor, epoch: int, tick: Tick) -> Score:
        """Learns from the images in views that belong to this epoch."""
        self.classifier.train()
        loss = hits = 0.0
        view = epoch_seed(self.task.seed, epoch)
        for some in passes(positions.to(self.task.device), self.task.device):
            rows = self.task.train[some]
            images = self.task.images.squares(rows).float() / 255
            images = augment(images, view_seeds(self.task.images.hashes_at(rows), view))
            logits = self.classifier(look(self.task.encoder, images))
            share = len(some) / len(positions)
            score = step(logits, self.task.labels[rows], share)
            loss += score.loss * share
            hits += score.accuracy * share
            tick(len(some))
        return Score(loss, hits)

    def validate(self, tick: Tick) -> Score:
        """Loss and accuracy on the plain validation images."""
        self.classifier.eval()
        features = look_plainly(self.task.encoder, self.task.images, self.task.validation, tick)
        with torch.no_grad():
            return score_of(self.classifier(features), self.task.labels[self.task.validation])


def learn_finetuned(task: Task, settings: FinetuneSettings) -> Learned:
    """Head and last layers trained together; the encoder is left as it was found."""
    classifier = learn_head(task.quietly(), settings.head).classifier
    layers = last_layers(task.encoder.module, settings.unfrozen_share)
    lesson = FinetuneLesson(classifier, layers, task)
    plan = TrainingPlan(
        epochs=task.epochs or settings.epochs,
        patience=settings.patience,
        batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        seed=task.seed,
    )
    with unfrozen(task.encoder.module, layers):
        result = train(lesson, plan, tick=task.tick, checkpoint=task.checkpoint)
        everything = torch.arange(len(task.labels), device=task.device)
        features = look_plainly(task.encoder, task.images, everything, task.tick)
        changed = {name: parameter.detach().clone() for name, parameter in layers.items()}
    return Learned(
        classifier,
        features,
        result.curve,
        result.best_epoch,
        changed=changed,
        choices={"first_unfrozen": next(iter(layers))},
        trained_parameters=sum(parameter.numel() for parameter in lesson.parameters.values()),
    )
