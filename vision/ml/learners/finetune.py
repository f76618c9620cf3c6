"""A head trained on frozen features, then together with the encoder's last layers on augmented images."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from vision.ml.augmentation import augment, view_seeds
from vision.ml.contenders import FinetuneSettings
from vision.ml.learners.classifier import FeatureClassifier
from vision.ml.learners.head import backpropagate, learn_head, score_of
from vision.ml.learners.task import Learned, Task
from vision.ml.learners.unfreezing import (
    current_features,
    features_at,
    last_layers,
    learned_unfrozen,
    micro_batches,
    unfrozen,
)
from vision.ml.training import Score, Tick, epoch_seed, train


class FinetuneLesson:
    """Each epoch uses a new augmented view of every training image. Batch statistics stay those of the weights."""

    def __init__(self, classifier: FeatureClassifier, layers: Mapping[str, nn.Parameter], task: Task) -> None:
        self.classifier = classifier
        self.task = task
        self.encoded = task.encoded
        self.size = len(task.train)
        self.parameters: Mapping[str, nn.Parameter] = {
            **{f"classifier/{name}": parameter for name, parameter in classifier.named_parameters()},
            **{f"encoder/{name}": parameter for name, parameter in layers.items()},
        }

    def accumulate(self, positions: Tensor, epoch: int, tick: Tick) -> Score:
        self.classifier.train()
        loss = accuracy = 0.0
        view = epoch_seed(self.task.seed, epoch)
        for micro_batch in micro_batches(positions.to(self.task.device), self.task.device):
            rows = self.task.train[micro_batch]
            seeds = view_seeds(self.encoded.images.hashes_at(rows), view)
            images = augment(self.encoded.images.squares(rows), seeds)
            logits = self.classifier(current_features(self.encoded.encoder, images))
            share = len(micro_batch) / len(positions)
            score = backpropagate(logits, self.task.labels[rows], share)
            loss += score.loss * share
            accuracy += score.accuracy * share
            tick(len(micro_batch))
        return Score(loss, accuracy)

    def validate(self, tick: Tick) -> Score:
        self.classifier.eval()
        features = features_at(self.encoded, self.task.validation, tick)
        with torch.no_grad():
            return score_of(self.classifier(features), self.task.labels[self.task.validation])


def learn_finetuned(task: Task, settings: FinetuneSettings) -> Learned:
    """A head and the encoder's last layers trained together; the encoder is restored afterwards."""
    classifier = learn_head(task.quietly(), settings.head).classifier
    module = task.encoded.encoder.module
    layers = last_layers(module, settings.unfrozen_share)
    lesson = FinetuneLesson(classifier, layers, task)
    with unfrozen(module, layers):
        result = train(lesson, task.plan(settings), tick=task.tick, checkpoint=task.checkpoint)
        return learned_unfrozen(task, classifier, result, lesson, layers)
