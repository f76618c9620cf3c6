import hashlib
import time
import urllib.request
from pathlib import Path

import pytest
import torch
from huggingface_hub import close_session, constants
from safetensors.torch import save_file

from tests.builders.encoders import CPU, encoder_from, random_encoder
from vision.ml.encoders import load_encoder
from vision.ml.encoders.loading import read_tensors
from vision.ml.types import BenchmarkError, WeightsSource
from vision.ml.weights import WeightsLocator

NARROW = "vgg16-narrow"


@pytest.fixture(autouse=True)
def _no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every hub is out of reach, and nothing was fetched before."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(urllib.request, "_opener", None)  # which remembers the proxies of an earlier test
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hf"))
    close_session()


@pytest.fixture
def tensors() -> dict[str, torch.Tensor]:
    """What a file of the narrow VGG16 holds."""
    return {name: tensor.contiguous() for name, tensor in random_encoder(NARROW).module.state_dict().items()}


def test_the_folder_is_asked_first_and_the_record_says_where_the_numbers_are_from(tmp_path: Path, tensors) -> None:
    file = tmp_path / f"{NARROW}.safetensors"
    save_file(tensors, file)
    record = encoder_from(tmp_path, NARROW).weights
    assert record.source is WeightsSource.FOLDER
    assert record.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert record.file == file.name
    assert record.architecture == NARROW


@pytest.mark.parametrize(
    "name",
    ["squeezenet1_1.safetensors", "squeezenet1_1.features.safetensors", "squeezenet1_1/model.safetensors"],
)
def test_a_file_is_found_under_each_of_its_names(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    save_file({"any": torch.zeros(1)}, file)
    located = WeightsLocator(tmp_path).locate("squeezenet1_1")
    assert located.file == file
    assert located.record.file == name


@pytest.mark.parametrize(
    ("architecture", "address"),
    [
        ("vgg16", "https://download.pytorch.org/models/vgg16-397923af.pth"),
        (
            "clip-vit-base-patch32",
            "huggingface.co/openai/clip-vit-base-patch32/resolve/3d74acf9a28c67741b2f4f2ea7635f0",
        ),
        (
            "siglip2-base-patch16-224",
            "huggingface.co/google/siglip2-base-patch16-224/resolve/75de2d55ec2d0b4efc50b3e9a",
        ),
    ],
)
def test_missing_weights_are_reported_at_once_with_file_folder_and_hub(
    architecture: str, address: str, tmp_path: Path
) -> None:
    started = time.monotonic()
    with pytest.raises(BenchmarkError) as error:
        WeightsLocator(tmp_path).locate(architecture)
    assert time.monotonic() - started < 30  # no hub is asked, which would be tried for minutes
    assert f"{architecture}.safetensors is missing" in str(error.value)
    assert f"into the folder {tmp_path}" in str(error.value)
    assert address in str(error.value)


def test_without_a_folder_the_sentence_names_the_variable() -> None:
    with pytest.raises(BenchmarkError, match="into the folder VISION_WEIGHTS_DIR"):
        WeightsLocator(None).locate("resnet18")


def test_a_missing_tokenizer_is_reported_with_its_files(tmp_path: Path) -> None:
    with pytest.raises(BenchmarkError, match=r"tokenizer\.json / vocab\.json \+ merges\.txt is missing"):
        WeightsLocator(tmp_path).locate_tokenizer("clip-vit-base-patch32")


def test_a_tokenizer_is_found_beside_the_weights_or_in_their_own_folder(tmp_path: Path) -> None:
    for name in ("vocab.json", "merges.txt"):
        (tmp_path / name).touch()
    assert WeightsLocator(tmp_path).locate_tokenizer("clip-vit-base-patch32") == tmp_path
    own = tmp_path / "clip-vit-base-patch32"
    own.mkdir()
    (own / "tokenizer.json").touch()
    assert WeightsLocator(tmp_path).locate_tokenizer("clip-vit-base-patch32") == own


def test_random_numbers_are_only_taken_when_asked_for(tmp_path: Path, tensors) -> None:
    save_file(tensors, tmp_path / f"{NARROW}.safetensors")
    encoder = load_encoder(NARROW, weights=WeightsLocator(tmp_path, from_scratch=True), device=CPU, seed=3)
    assert encoder.weights.source is WeightsSource.NONE
    assert encoder.weights.file == ""
    assert len(encoder.weights.sha256) == 64


def test_a_pickle_in_the_folder_is_not_even_opened(tmp_path: Path) -> None:
    (tmp_path / "resnet18.pth").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    with pytest.raises(BenchmarkError, match="safetensors is missing for resnet18"):
        encoder_from(tmp_path, "resnet18")


def _refusal(tmp_path: Path, tensors: dict[str, torch.Tensor]) -> str:
    save_file(tensors, tmp_path / f"{NARROW}.safetensors")
    with pytest.raises(BenchmarkError) as error:
        encoder_from(tmp_path, NARROW)
    assert str(tmp_path / f"{NARROW}.safetensors") in str(error.value)
    return str(error.value)


def test_a_missing_tensor_is_named(tmp_path: Path, tensors) -> None:
    del tensors["features.5.weight"]
    assert "has no tensor “features.5.weight”" in _refusal(tmp_path, tensors)


def test_a_tensor_of_another_shape_is_named_with_both_shapes(tmp_path: Path, tensors) -> None:
    tensors["features.0.weight"] = torch.zeros(64, 3, 3, 3)
    assert "“features.0.weight” is (64, 3, 3, 3) and the network needs (16, 3, 3, 3)" in _refusal(tmp_path, tensors)


def test_an_unknown_tensor_is_named(tmp_path: Path, tensors) -> None:
    assert "“features.99.weight”, which" in _refusal(tmp_path, {**tensors, "features.99.weight": torch.zeros(2)})


def test_the_classifier_of_a_whole_file_is_left_out(tmp_path: Path, tensors) -> None:
    save_file({**tensors, "classifier.0.weight": torch.zeros(4, 4)}, tmp_path / f"{NARROW}.safetensors")
    module = encoder_from(tmp_path, NARROW).module
    assert torch.equal(module.state_dict()["features.0.weight"], tensors["features.0.weight"])


def test_a_broken_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / f"{NARROW}.safetensors").write_bytes(b"not tensors")
    with pytest.raises(BenchmarkError, match="cannot be read"):
        encoder_from(tmp_path, NARROW)


def test_old_names_of_densenets_layers_are_known(tmp_path: Path) -> None:
    old = tmp_path / "densenet.pth"
    torch.save({"features.denseblock1.denselayer2.norm.1.weight": torch.ones(2, dtype=torch.float16)}, old)
    tensors = read_tensors(old)
    assert list(tensors) == ["features.denseblock1.denselayer2.norm1.weight"]
    assert tensors["features.denseblock1.denselayer2.norm1.weight"].dtype == torch.float32


def test_a_hubs_file_that_holds_code_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "evil.pth"
    torch.save({"a": Path("code")}, file)
    with pytest.raises(BenchmarkError, match="cannot be read"):
        read_tensors(file)
