"""The ways of learning: a task in, a classifier with its learning curves out."""

from vision.ml.contenders import ContrastiveSettings, FinetuneSettings, HeadSettings, LearnerSettings, ProbeSettings
from vision.ml.learners.classifier import FeatureClassifier, probabilities
from vision.ml.learners.contrastive import learn_contrastive
from vision.ml.learners.finetune import learn_finetuned
from vision.ml.learners.head import learn_head
from vision.ml.learners.probe import learn_probe
from vision.ml.learners.task import Learned, Task
from vision.ml.learners.zero_shot import learn_zero_shot

__all__ = ["FeatureClassifier", "Learned", "Task", "learn", "probabilities"]


def learn(task: Task, settings: LearnerSettings) -> Learned:
    """Solves the task with the learner that the settings belong to."""
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
