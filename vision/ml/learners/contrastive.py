"""Images and the titles of their products drawn together in CLIP's space; then the classes' texts classify."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from vision.ml.contenders import ContrastiveSettings
from vision.ml.encoders import TextImageEncoder, mixed_precision
from vision.ml.learners.head import score_of
from vision.ml.learners.task import Learned, Task
from vision.ml.learners.unfreezing import last_layers, look, look_plainly, passes, unfrozen
from vision.ml.learners.zero_shot import reader, text_classifier
from vision.ml.training import Score, Tick, TrainingPlan, train


class ContrastiveLesson:
    """Which title of the batch belongs to which image; validation asks what zero-shot then classifies.

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
        """Learns from the images and titles of a batch; ``epoch`` changes nothing but their order."""
        positions = positions.to(self.task.device)
        images, texts = [], []
        for some in passes(positions, self.task.device):
            tick(0)
            images.append(look(self.encoder, self.task.images.squares(self.task.train[some]).float() / 255))
            with mixed_precision(self.task.device):
                texts.append(self.encoder.text_module(self._tokens[some.cpu()].to(self.task.device)).float())
            tick(len(some))
        cosines = functional.normalize(torch.cat(images), dim=-1) @ functional.normalize(torch.cat(texts), dim=-1).T
        numbers = self._title_numbers[positions]
        loss, accuracy = matching(cosines * self.encoder.logit_scale, numbers)
        loss.backward()  # type: ignore[no-untyped-call]
        return Score(float(loss.detach()), accuracy)

    def validate(self, tick: Tick) -> Score:
        """Loss and accuracy of zero-shot classification on the validation images."""
        classifier = text_classifier(self.encoder, self.task.texts)
        features = look_plainly(self.encoder, self.task.images, self.task.validation, tick)
        with torch.no_grad():
            return score_of(classifier(features), self.task.labels[self.task.validation])


def learn_contrastive(task: Task, settings: ContrastiveSettings) -> Learned:
    """Zero-shot classification by towers that learned from the training titles; the encoder is left as found."""
    encoder = reader(task.encoder)
    lesson = ContrastiveLesson(encoder, task, settings)
    plan = TrainingPlan(
        epochs=task.epochs or settings.epochs,
        patience=settings.patience,
        batch_size=settings.batch_size,
        learning_rate=settings.learning_rate,
        weight_decay=settings.weight_decay,
        seed=task.seed,
    )
    with unfrozen(encoder.network, lesson.parameters):
        result = train(lesson, plan, tick=task.tick, checkpoint=task.checkpoint)
        everything = torch.arange(len(task.labels), device=task.device)
        features = look_plainly(encoder, task.images, everything, task.tick)
        return Learned(
            text_classifier(encoder, task.texts),
            features,
            result.curve,
            result.best_epoch,
            changed={name: parameter.detach().clone() for name, parameter in lesson.image_layers.items()},
            choices={"first_unfrozen": next(iter(lesson.image_layers))},
            trained_parameters=sum(parameter.numel() for parameter in lesson.parameters.values()),
        )


def matching(logits: Tensor, titles: Tensor) -> tuple[Tensor, float]:
    """Symmetric cross-entropy of images against titles, (B, B), and the share of images that find their title.

    Images with the same title number, (B,), belong to each other's titles too: all of them are right.
    """
    belongs = (titles[:, None] == titles[None, :]).float()
    targets = belongs / belongs.sum(1, keepdim=True)  # (B, B), symmetric
    loss = (functional.cross_entropy(logits, targets) + functional.cross_entropy(logits.T, targets)) / 2
    found = belongs.gather(1, logits.argmax(1, keepdim=True))
    return loss, float(found.mean())


def title_of(task: Task, position: int) -> str:
    """The product's title; where the data set has none, the first sentence of its class."""
    item = task.dataset.items[position]
    return item.text or task.texts[item.label][0]
