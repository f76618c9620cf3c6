"""The ways of learning, behind one call: a task in, a classifier with its curves out."""

from vision.ml.contenders import (
    ContrastiveSettings,
    FinetuneSettings,
    HeadSettings,
    LearnerSettings,
    ProbeSettings,
)
from vision.ml.learners.classifier import FeatureClassifier, probabilities
from vision.ml.learners.contrastive import learn_contrastive
from vision.ml.learners.finetune import learn_finetuned
from vision.ml.learners.head import learn_head
from vision.ml.learners.probe import learn_probe
from vision.ml.learners.square_images import SquareImages
from vision.ml.learners.task import Learned, Task
from vision.ml.learners.zero_shot import learn_zero_shot

__all__ = ["FeatureClassifier", "Learned", "SquareImages", "Task", "learn", "probabilities"]


def learn(task: Task, settings: LearnerSettings) -> Learned:
    """What the settings' way of learning makes of the task."""
    match settings:
        case HeadSettings():
            return learn_head(task, settings)
        case FinetuneSettings():
            return learn_finetuned(task, settings)
        case ProbeSettings():
            return learn_probe(task, settings)
        case ContrastiveSettings():
            return learn_contrastive(task, settings)
        case _:
            return learn_zero_shot(task)
