"""One run of one contender: learn on a split, classify every image, keep what classifies further ones."""

import time
from typing import Final

from vision.ml.classify import save_contender
from vision.ml.learners import Task, learn, probabilities
from vision.ml.material import Material
from vision.ml.measuring import PeakMemory, environment
from vision.ml.planning import PlannedContender, PlannedRun
from vision.ml.stored_runs import ARTEFACT
from vision.ml.training import Tick
from vision.ml.types import ContenderRun, Cost, Dataset

_CHECKPOINT: Final = "checkpoint.safetensors"


def compete(
    planned: PlannedRun,
    contender: PlannedContender,
    dataset: Dataset,
    material: Material,
    *,
    feature_seconds: float,
    memory: PeakMemory,
    tick: Tick,
) -> ContenderRun:
    """The run's result; its artefact lies in the run's folder, where training kept its checkpoints."""
    checkpoint = planned.folder / _CHECKPOINT
    began = time.perf_counter()
    task = Task(
        dataset=dataset,
        split=planned.split,
        seed=planned.seed,
        epochs=planned.epochs,
        encoder=material.encoder,
        images=material.images,
        features=material.features,
        views=material.views,
        texts=contender.texts,
        checkpoint=checkpoint,
        tick=tick,
    )
    learned = learn(task, planned.spec.settings)
    trained = time.perf_counter()
    found = probabilities(learned.classifier, learned.features).numpy()
    predicted = time.perf_counter()
    artefact = planned.folder / ARTEFACT
    save_contender(artefact, learned, material.encoder, dataset.classes)
    checkpoint.unlink(missing_ok=True)
    return ContenderRun(
        contender=planned.spec.name,
        fold=planned.split.fold,
        seed=planned.seed,
        split=planned.split,
        probabilities=found,
        settings=planned.settings | ({"chosen": dict(learned.choices)} if learned.choices else {}),
        environment=environment(material.features.device),
        weights=material.encoder.weights,
        cost=Cost(
            device=material.features.device.type,
            feature_seconds=feature_seconds,
            training_seconds=trained - began,
            prediction_seconds=predicted - trained,
            images_per_second=material.images_per_second,
            peak_memory_bytes=memory.bytes(),
            parameters=material.encoder.parameters + learned.classifier.parameter_count,
            trainable_parameters=learned.trained_parameters,
        ),
        curve=learned.curve,
        best_epoch=learned.best_epoch,
        artefact=artefact,
    )
