"""CLIP's towers trained to match images with the titles of their products; then the classes' texts classify."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from vision.ml.contenders import ContrastiveSettings
from vision.ml.encoders import TextImageEncoder, mixed_precision
from vision.ml.learners.head import score_of
from vision.ml.learners.task import Learned, Task
from vision.ml.learners.unfreezing import (
    current_features,
    features_at,
    last_layers,
    learned_unfrozen,
    micro_batches,
    unfrozen,
)
from vision.ml.learners.zero_shot import text_classifier, text_encoder
from vision.ml.training import Score, Tick, train


class ContrastiveLesson:
    """Matches each image of a batch with its title; validation measures zero-shot classification.

    Images are not augmented: titles name colours, sides and prints that a view would change.
    """

    def __init__(self, encoder: TextImageEncoder, task: Task, settings: ContrastiveSettings) -> None:
        self.encoder = encoder
        self.task = task
        self.size = len(task.train)
        self.image_layers = last_layers(encoder.module, settings.unfrozen_share)
        text_layers = last_layers(encoder.text_module, settings.unfrozen_share)
        self.parameters: Mapping[str, nn.Parameter] = {
            **{f"image/{name}": parameter for name, parameter in self.image_layers.items()},
            **{f"text/{name}": parameter for name, parameter in text_layers.items()},
        }
        titles = [title_of(task, position) for position in task.train.tolist()]
        numbers = {title: number for number, title in enumerate(titles)}
        self._title_numbers = torch.tensor([numbers[title] for title in titles], device=task.device)
        self._tokens = encoder.tokenizer(titles)

    def accumulate(self, positions: Tensor, epoch: int, tick: Tick) -> Score:
        positions = positions.to(self.task.device)
        images, texts = [], []
        for micro_batch in micro_batches(positions, self.task.device):
            tick(0)
            squares = self.task.encoded.images.squares(self.task.train[micro_batch])
            images.append(current_features(self.encoder, squares))
            with mixed_precision(self.task.device):
                tokens = self._tokens[micro_batch.cpu()].to(self.task.device)
                texts.append(self.encoder.text_module(tokens).float())
            tick(len(micro_batch))
        cosines = functional.normalize(torch.cat(images), dim=-1) @ functional.normalize(torch.cat(texts), dim=-1).T
        loss, accuracy = contrastive_loss(cosines * self.encoder.logit_scale, self._title_numbers[positions])
        loss.backward()  # type: ignore[no-untyped-call]
        return Score(float(loss.detach()), accuracy)

    def validate(self, tick: Tick) -> Score:
        classifier = text_classifier(self.encoder, self.task.texts)
        features = features_at(self.task.encoded, self.task.validation, tick)
        with torch.no_grad():
            return score_of(classifier(features), self.task.labels[self.task.validation])


def learn_contrastive(task: Task, settings: ContrastiveSettings) -> Learned:
    """Zero-shot classification by towers trained on the training titles; the encoder is restored afterwards."""
    encoder = text_encoder(task.encoded.encoder)
    lesson = ContrastiveLesson(encoder, task, settings)
    with unfrozen(encoder.network, lesson.parameters):
        result = train(lesson, task.plan(settings), tick=task.tick, checkpoint=task.checkpoint)
        return learned_unfrozen(task, text_classifier(encoder, task.texts), result, lesson, lesson.image_layers)


def contrastive_loss(logits: Tensor, titles: Tensor) -> tuple[Tensor, float]:
    """Symmetric cross-entropy of images against titles, (B, B), and the share of images matched with their title.

    Images with the same title number, (B,), match each other's titles too.
    """
    matches = (titles[:, None] == titles[None, :]).float()
    targets = matches / matches.sum(1, keepdim=True)  # (B, B), symmetric
    loss = (functional.cross_entropy(logits, targets) + functional.cross_entropy(logits.T, targets)) / 2
    hits = matches.gather(1, logits.argmax(1, keepdim=True))
    return loss, float(hits.mean())


def title_of(task: Task, position: int) -> str:
    """The product's title, or the first sentence of its class if the data set has none."""
    item = task.dataset.items[position]
    return item.text or task.texts[item.label][0]
