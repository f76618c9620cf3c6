"""What one would write without the vision benchmark's code: the loops its figures are compared with."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset
from torchvision.models import get_model
from torchvision.transforms import v2

from vision.ml.encoders import TextImageEncoder

IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
CLIP = ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])


@dataclass(frozen=True)
class Files(Dataset[tuple[Tensor, int]]):
    """Image files with labels, decoded and transformed each time they are asked for."""

    paths: Sequence[Path]
    labels: Sequence[int]
    transform: v2.Compose

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, row: int) -> tuple[Tensor, int]:
        with Image.open(self.paths[row]) as image:
            return self.transform(image.convert("RGB")), self.labels[row]


def training_transform() -> v2.Compose:
    """The original study's augmentation as torchvision's reference scripts do it: on the CPU, image by image."""
    return v2.Compose(
        [
            v2.Resize((224, 224)),
            v2.RandomHorizontalFlip(),
            v2.RandomAffine(degrees=36, scale=(0.9, 1.1)),
            v2.PILToTensor(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(*IMAGENET),
        ]
    )


def clip_transform() -> v2.Compose:
    """OpenAI's preprocessing of an image."""
    return v2.Compose(
        [
            v2.Resize(224, interpolation=v2.InterpolationMode.BICUBIC),
            v2.CenterCrop(224),
            v2.PILToTensor(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(*CLIP),
        ]
    )


def loader(paths: Sequence[Path], labels: Sequence[int], transform: v2.Compose, workers: int) -> DataLoader:
    return DataLoader(Files(paths, labels, transform), batch_size=64, num_workers=workers)


def train_one_epoch(architecture: str, batches: DataLoader, classes: int, device: torch.device) -> int:
    """One epoch of a new head on a frozen network that sees every image again; how many images that were.

    After torchvision's ``references/classification/train.py``.
    """
    network = get_model(architecture).features.to(device).requires_grad_(False).eval()
    head = nn.Sequential(nn.LazyLinear(256), nn.ReLU(), nn.Dropout(0.5), nn.Linear(256, classes)).to(device)
    optimiser, criterion = torch.optim.Adam(head.parameters()), nn.CrossEntropyLoss()
    seen = 0
    for images, labels in batches:
        with torch.no_grad():
            features = network(images.to(device)).mean(dim=(2, 3))
        loss = criterion(head(features), labels.to(device))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        seen += len(images)
        float(loss.detach())
    return seen


def evaluate_zero_shot(
    encoder: TextImageEncoder, prompts: Sequence[Sequence[str]], batches: DataLoader, device: torch.device
) -> float:
    """Accuracy of zero-shot classification, after CLIP_benchmark's ``zeroshot_classification.evaluate``."""
    with torch.no_grad():
        columns = []
        for sentences in prompts:
            embeddings = encoder.encode_texts(sentences)
            mean = embeddings.mean(dim=0)
            columns.append(mean / mean.norm())
        classifier = torch.stack(columns, dim=1)
        logits, labels = [], []
        for images, some in batches:
            features = nn.functional.normalize(encoder.module(images.to(device)), dim=-1)
            logits.append((100.0 * features @ classifier).float().cpu())
            labels.append(some)
    return float((torch.cat(logits).argmax(dim=1) == torch.cat(labels)).float().mean())


def bootstrap_loop(labels: np.ndarray, predicted: np.ndarray, resamples: int) -> Iterator[tuple[float, float]]:
    """Accuracy and macro F1 of resampled images, by scikit-learn."""
    from sklearn.metrics import accuracy_score, f1_score  # a machine with a GPU may lack it

    generator = np.random.default_rng(0)
    for _ in range(resamples):
        rows = generator.integers(0, len(labels), len(labels))
        yield (
            accuracy_score(labels[rows], predicted[rows]),
            f1_score(labels[rows], predicted[rows], average="macro", zero_division=0),
        )


def write_byte_tokenizer(folder: Path) -> None:
    """A tokenizer of single bytes in CLIP's files: for random weights it is as good as the real one, and slower."""
    from vision.ml.encoders.tokenisation import byte_vocabulary

    (folder / "vocab.json").write_text(json.dumps(byte_vocabulary()), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
