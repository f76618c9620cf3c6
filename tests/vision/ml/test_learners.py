"""The learners against their oracles, and what they must leave unchanged."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch.nn import functional

from tests.builders.encoders import random_encoder
from tests.builders.image_datasets import coloured_dataset
from tests.running.small_benchmarks import folders_in
from vision.ml.contenders import ContrastiveSettings, FinetuneSettings, HeadSettings, ProbeSettings, ZeroShotSettings
from vision.ml.encoded_dataset import EncodedDataset
from vision.ml.images import ImageCache
from vision.ml.learners import FeatureClassifier, Task, learn, probabilities
from vision.ml.learners.contrastive import contrastive_loss
from vision.ml.learners.probe import fit_logistic
from vision.ml.learners.unfreezing import features_at, last_layers
from vision.ml.learners.zero_shot import text_classifier
from vision.ml.prompts import class_texts
from vision.ml.splits import make_splits
from vision.ml.square_images import SquareImages
from vision.ml.types import BenchmarkError, SplitPlan

HEAD = HeadSettings(hidden=16, views=2, learning_rate=1e-2, epochs=3)


def silent(images: int) -> None:
    """Ignores progress."""


def task_for(architecture: str, folder: Path, views: int = 0) -> Task:
    """The coloured images encoded with random weights; views differ from features by noise."""
    dataset, _ = coloured_dataset(folder)
    encoder = random_encoder(architecture)
    hashes = [item.sha256 for item in dataset.items]
    images = SquareImages(ImageCache(folders_in(folder).images), hashes, encoder)
    nothing = torch.empty(0)
    features = features_at(EncodedDataset(encoder, images, nothing, nothing), torch.arange(len(hashes)), silent)
    noise = torch.randn(views, *features.shape, generator=torch.Generator().manual_seed(0))
    split = make_splits(dataset, SplitPlan())[0]
    seen = features + 0.01 * features.std() * noise
    seen[:, torch.from_numpy(split.parts) != 0] = torch.nan
    return Task(
        dataset=dataset,
        split=split,
        seed=0,
        epochs=None,
        encoded=EncodedDataset(encoder, images, features, seen),
        texts=class_texts("photo", dataset.classes, {}),
        checkpoint=folder / "checkpoint.safetensors",
        tick=silent,
    )


@pytest.fixture(scope="module")
def vgg_task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    return task_for("vgg16-narrow", tmp_path_factory.mktemp("vgg"), views=2)


@pytest.fixture(scope="module")
def clip_task(tmp_path_factory: pytest.TempPathFactory) -> Task:
    return task_for("clip-small", tmp_path_factory.mktemp("clip"))


def test_only_training_images_are_used_in_augmented_views(vgg_task: Task) -> None:
    learned = learn(vgg_task, HEAD)  # the others' views are NaN: using one would end the training
    assert np.isfinite([point.validation_loss for point in learned.curve]).all()
    rows = probabilities(learned.classifier, learned.features)
    assert rows.shape == (24, 3)
    assert rows.dtype == torch.float32
    torch.testing.assert_close(rows.sum(1), torch.ones(24), atol=1e-5, rtol=0)


def test_a_head_learns_the_colours(vgg_task: Task) -> None:
    learned = learn(vgg_task, replace(HEAD, standardise=True, epochs=30, patience=30))
    assert learned.curve[-1].train_accuracy > learned.curve[0].train_accuracy
    assert (learned.classifier.scale > 1).any()


def test_standardised_features_of_training_images_have_mean_0_and_deviation_1(vgg_task: Task) -> None:
    for has_unit_rows in (False, True):
        classifier = FeatureClassifier((vgg_task.encoded.encoder.dimension, 3), has_unit_rows=has_unit_rows)
        classifier.standardise_by(vgg_task.encoded.features)
        rows = functional.normalize(vgg_task.encoded.features, dim=-1) if has_unit_rows else vgg_task.encoded.features
        rows = ((rows - classifier.shift) * classifier.scale)[:, rows.std(0) > 1e-4]
        torch.testing.assert_close(rows.mean(0), torch.zeros(rows.shape[1]), atol=1e-3, rtol=0)
        torch.testing.assert_close(rows.std(0, correction=0), torch.ones(rows.shape[1]), atol=1e-3, rtol=0)


@pytest.mark.parametrize("strength", [0.1, 1.0, 30.0])
def test_logistic_regression_is_that_of_scikit_learn(strength: float) -> None:
    generator = np.random.default_rng(0)
    labels = np.arange(90) % 4
    rows = generator.normal(size=(90, 6)) + labels[:, None]
    start = torch.zeros(4, 7, dtype=torch.float64)
    fitted = fit_logistic(
        torch.from_numpy(rows), torch.from_numpy(labels), start, strength=strength, iterations=500, tick=silent
    )
    ours = fitted.numpy()
    theirs = LogisticRegression(C=strength, tol=1e-10, max_iter=5000).fit(rows, labels)
    np.testing.assert_allclose(ours[:, :-1], theirs.coef_, atol=2e-4)
    centred = ours[:, -1] - ours[:, -1].mean()
    np.testing.assert_allclose(centred, theirs.intercept_ - theirs.intercept_.mean(), atol=2e-3)


def test_the_probe_chooses_the_strength_with_the_best_validation_accuracy(clip_task: Task) -> None:
    learned = learn(clip_task, ProbeSettings())
    accuracies = learned.choices["validation_accuracy_by_strength"]
    assert isinstance(accuracies, dict)
    assert accuracies[str(learned.choices["strength"])] == max(accuracies.values())
    predicted = probabilities(learned.classifier, learned.features).argmax(1)
    accuracy = (predicted == clip_task.labels)[clip_task.validation].float().mean()
    assert float(accuracy) == pytest.approx(max(accuracies.values()))


def test_zero_shot_is_the_scaled_cosine_with_the_mean_of_unit_texts(clip_task: Task) -> None:
    texts = (("blue", "a blue thing"), ("green",), ("red", "red!", "a red one"))
    encoder = clip_task.encoded.encoder
    logits = text_classifier(encoder, texts)(clip_task.encoded.features)
    for number, sentences in enumerate(texts):
        mean = functional.normalize(encoder.encode_texts(sentences), dim=-1).mean(0)
        cosines = functional.cosine_similarity(clip_task.encoded.features, mean[None])
        torch.testing.assert_close(logits[:, number], cosines * encoder.logit_scale, atol=1e-4, rtol=1e-4)


def test_an_encoder_without_texts_cannot_classify_by_them(vgg_task: Task) -> None:
    with pytest.raises(BenchmarkError, match="vgg16-narrow does not read texts"):
        learn(vgg_task, ZeroShotSettings())


def test_the_last_quarter_of_vgg16_is_its_last_block() -> None:
    names = list(last_layers(random_encoder("vgg16-narrow").module, 0.25))
    assert {name.split(".")[-2] for name in names} == {"24", "26", "28"}
    assert len(names) == 6


@pytest.mark.parametrize("kind", ["vgg", "clip"])
def test_fine_tuning_changes_the_last_layers_and_restores_the_encoder(
    kind: str, vgg_task: Task, clip_task: Task
) -> None:
    task = vgg_task if kind == "vgg" else clip_task
    settings = FinetuneSettings(HEAD, epochs=1) if kind == "vgg" else ContrastiveSettings(epochs=1, learning_rate=1e-3)
    before = {name: tensor.clone() for name, tensor in task.encoded.encoder.module.state_dict().items()}
    learned = learn(replace(task, checkpoint=task.checkpoint.with_name(f"{kind}.safetensors")), settings)
    after = task.encoded.encoder.module.state_dict()
    assert all(torch.equal(after[name], tensor) for name, tensor in before.items())
    assert not any(parameter.requires_grad for parameter in task.encoded.encoder.module.parameters())
    assert learned.changed
    assert all(not torch.equal(before[name], tensor) for name, tensor in learned.changed.items())
    assert not torch.equal(learned.features, task.encoded.features)


def test_images_with_equal_titles_match_each_other() -> None:
    logits = torch.tensor([[4.0, 5.0, 0.0], [5.0, 4.0, 0.0], [0.0, 0.0, 5.0]])  # the first two match each other's title
    equal_loss, equal_accuracy = contrastive_loss(logits, torch.tensor([7, 7, 8]))
    different_loss, different_accuracy = contrastive_loss(logits, torch.tensor([7, 9, 8]))
    assert equal_loss < different_loss
    assert (equal_accuracy, different_accuracy) == (1.0, pytest.approx(1 / 3))


def test_the_contrastive_loss_is_clips_where_all_titles_differ() -> None:
    logits = torch.randn(5, 5, generator=torch.Generator().manual_seed(0))
    titles = torch.arange(5)
    expected = (functional.cross_entropy(logits, titles) + functional.cross_entropy(logits.T, titles)) / 2
    torch.testing.assert_close(contrastive_loss(logits, titles)[0], expected)
