"""Predictions to evaluate: drawn at random, or built to have given counts."""

from collections.abc import Sequence

import numpy as np

from vision.ml.types import PARTS, ContenderRun, Cost, Dataset, Item, Part, Split, WeightsRecord, WeightsSource

COST = Cost(
    device="cpu",
    feature_seconds=2.0,
    training_seconds=3.0,
    prediction_seconds=0.5,
    images_per_second=40.0,
    peak_memory_bytes=2**30,
    parameters=1_235_496,
    trainable_parameters=133_383,
)


def drawn(images: int, classes: int, seed: int, skill: float = 2.0) -> tuple[np.ndarray, np.ndarray]:
    """Labels (N,) and probabilities (N, C) that are the better the higher the skill."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, classes, images)
    return labels, probabilities_for(labels, classes, seed, skill)


def probabilities_for(labels: np.ndarray, classes: int, seed: int, skill: float) -> np.ndarray:
    logits = np.random.default_rng([seed, 1]).normal(size=(len(labels), classes))
    logits[np.arange(len(labels)), labels] += skill
    odds = np.exp(logits)
    return (odds / odds.sum(axis=1, keepdims=True)).astype(np.float32)


def counted(hits: int, wrong: int, unsure: int, classes: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Labels and probabilities with so many images above 0.5 for their class, for another, and for none."""
    labels = np.arange(hits + wrong + unsure) % classes
    sure = np.full(len(labels), 0.6)
    sure[hits + wrong :] = 0.4
    top = np.where(np.arange(len(labels)) < hits, labels, (labels + 1) % classes)
    probabilities = np.repeat((1 - sure)[:, None] / (classes - 1), classes, axis=1)
    probabilities[np.arange(len(labels)), top] = sure
    return labels, probabilities.astype(np.float32)


def split_of(parts: Sequence[Part], fold: int = 0) -> Split:
    return Split(np.array([PARTS.index(part) for part in parts], dtype=np.uint8), fold)


def folds_of(images: int, folds: int) -> tuple[Split, ...]:
    """Each image is tested on once, and validated on once."""
    place = np.random.default_rng(3).permutation(images) % folds
    splits = []
    for fold in range(folds):
        parts = np.zeros(images, dtype=np.uint8)
        parts[place == fold] = PARTS.index(Part.TEST)
        parts[place == (fold + 1) % folds] = PARTS.index(Part.VALIDATION)
        splits.append(Split(parts, fold))
    return tuple(splits)


def dataset_of(labels: np.ndarray, classes: int, contents: Sequence[str] | None = None) -> Dataset:
    names = contents or [f"content-{row}" for row in range(len(labels))]
    items = [Item(row, f"{row}.jpg", int(label), "", names[row]) for row, label in enumerate(labels)]
    return Dataset("shop", tuple(f"class {number}" for number in range(classes)), tuple(items), len(items))


def run_of(
    contender: str,
    split: Split,
    probabilities: np.ndarray,
    *,
    seed: int = 0,
    source: WeightsSource = WeightsSource.FOLDER,
) -> ContenderRun:
    return ContenderRun(
        contender=contender,
        fold=split.fold,
        seed=seed,
        split=split,
        probabilities=probabilities,
        settings={"epochs": 3},
        environment={"torch": "2"},
        weights=WeightsRecord(contender, source, "0" * 64),
        cost=COST,
    )
