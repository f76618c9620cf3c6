"""Classification by the classes' texts."""

from collections.abc import Sequence

import torch
from torch.nn import functional

from vision.ml.encoders import Encoder, TextImageEncoder
from vision.ml.learners.classifier import FeatureClassifier
from vision.ml.learners.task import Learned, Task
from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _


def learn_zero_shot(task: Task) -> Learned:
    """The classifier of the task's texts, without training."""
    classifier = text_classifier(text_encoder(task.encoded.encoder), task.texts)
    task.tick(1)
    return Learned(classifier, task.encoded.features)


def text_classifier(encoder: TextImageEncoder, texts: Sequence[Sequence[str]]) -> FeatureClassifier:
    """Cosines with each class's mean text embedding, times the checkpoint's scale.

    The embeddings of a class's sentences are unit rows; their mean is scaled to unit length again.
    Source: Radford et al., "Learning transferable visual models from natural language supervision", 2021, 3.1.4.
    """
    means = [functional.normalize(encoder.encode_texts(sentences).mean(0), dim=-1) for sentences in texts]
    embeddings = torch.stack(means)  # (C, D)
    classifier = FeatureClassifier(embeddings.T.shape, has_unit_rows=True)
    bias = torch.full((len(texts),), encoder.logit_bias)
    classifier.set_linear(embeddings * encoder.logit_scale, bias)
    return classifier.to(embeddings.device)


def text_encoder(encoder: Encoder) -> TextImageEncoder:
    """The encoder; raises BenchmarkError if it does not read texts."""
    if not isinstance(encoder, TextImageEncoder):
        raise BenchmarkError(
            _("{architecture} does not read texts: only CLIP and similar models classify by them."),
            architecture=encoder.architecture,
        )
    return encoder
