"""The registry: names that forms offer, names that it derives, names that it refuses."""

import subprocess
import sys

import pytest
import torchvision

from vision.ml.contenders import REGISTERED, TORCHVISION, FinetuneSettings, HeadSettings, contender
from vision.ml.types import BenchmarkError


def test_torchvision_names_are_those_of_the_installed_torchvision() -> None:
    assert sorted(TORCHVISION) == sorted(torchvision.models.list_models(module=torchvision.models))


def test_every_registered_contender_is_found_under_its_name() -> None:
    assert all(contender(name) is spec and spec.name == name for name, spec in REGISTERED.items())


def test_any_torchvision_classifier_is_a_frozen_contender() -> None:
    spec = contender("mobilenet_v2")
    assert (spec.architecture, type(spec.settings), spec.reads_texts) == ("mobilenet_v2", HeadSettings, False)


def test_any_torchvision_classifier_can_be_finetuned() -> None:
    spec = contender("mobilenet_v2-finetuned")
    assert (spec.name, spec.architecture, type(spec.settings)) == (
        "mobilenet_v2-finetuned",
        "mobilenet_v2",
        FinetuneSettings,
    )


def test_vgg16_follows_the_original_protocol() -> None:
    settings = contender("vgg16").settings
    assert isinstance(settings, HeadSettings)
    assert (settings.hidden, settings.dropout, settings.batch_size) == (256, 0.5, 64)
    assert (settings.epochs, settings.patience, settings.standardise) == (50, 5, False)
    assert settings.views > 1


@pytest.mark.parametrize(
    ("name", "hint"), [("vgg61", "vgg16"), ("clip-zeroshot", "clip-zero-shot"), ("???", "Known are vgg16")]
)
def test_an_unknown_name_is_refused_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(BenchmarkError, match=hint):
        contender(name)


def test_registry_and_prompts_need_no_torch() -> None:
    code = (
        "import sys, vision.ml.contenders, vision.ml.prompts, vision.ml.stored_runs; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
