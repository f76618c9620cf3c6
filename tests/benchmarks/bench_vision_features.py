"""Images to features: decoding, augmented views, frozen networks, and reading the cache.

The anchors are torchvision's and transformers' own loops: decode, transform and convolve each image each time.
Weights are random, which does not change the time. Without ``--data`` the images are drawn. CPU time is printed beside
wall time: on a busy machine only CPU time is reliable.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torchvision.models import get_model
from torchvision.transforms import v2
from transformers import CLIPConfig, CLIPModel

from demo.products import generate
from tests.benchmarks import vision_anchors as anchors
from tests.benchmarks.measuring import arguments, heading, line
from vision.ml.augmentation import augment, view_seeds
from vision.ml.encoders import load_encoder
from vision.ml.features import FeatureCache, View
from vision.ml.images import Fit, ImageCache, Interpolation, pixels
from vision.ml.weights import WeightsLocator

SIDE = 224
VIEWS = 8
ANCHOR = 128  # images that an anchor decodes
CLIP = "clip-vit-base-patch32"
#: Images for each network, and the target: how many times less CPU time than the anchor.
NETWORKS = {"squeezenet1_1": (256, ""), "vgg16": (32, "1.7x"), CLIP: (64, "")}


@dataclass(frozen=True)
class Shop:
    """Files, their decoded images, and the folder for features."""

    paths: Sequence[Path]
    images: ImageCache
    hashes: Sequence[str]
    state: Path
    device: torch.device


def measured(measure: str, rows: int, work: Callable[[], object], target: str = "", ours: float | None = None) -> float:
    """Prints a line about ``work`` and returns its CPU seconds; an anchor's are compared with ``ours``."""
    processor, wall = time.process_time(), time.perf_counter()
    work()
    processor, wall = time.process_time() - processor, time.perf_counter() - wall
    note = f"{processor / rows * 1000:.2f} ms of CPU each" + (f", {processor / ours:.1f}x ours" if ours else "")
    line(measure, seconds=wall, rows=rows, target=target, note=note)
    return processor


def bench_decoding(paths: Sequence[Path], images: ImageCache) -> list[str]:
    heading(f"{len(paths)} files to squares")
    hashes: list[str] = []
    measured(
        "decode once, keep 256 pixels", len(paths), lambda: hashes.extend(images.add(one.read_bytes()) for one in paths)
    )

    def cut() -> None:
        for one in hashes:
            pixels(images, [one], SIDE, Fit.SQUASH, Interpolation.BILINEAR)

    ours = measured("a kept image to 224 x 224", len(paths), cut)
    few = paths[:ANCHOR]
    loader = anchors.loader(few, [0] * len(few), plain_transform(), workers=0)
    measured(
        "  anchor: torchvision, decode each time", len(few), lambda: list(loader), ours=ours / len(paths) * len(few)
    )
    return hashes


def bench_views(shop: Shop, count: int) -> None:
    heading(f"augmented views of {count} images, on {shop.device.type}")
    hashes = shop.hashes[:count]
    squares = torch.from_numpy(pixels(shop.images, hashes, SIDE, Fit.SQUASH, Interpolation.BILINEAR)).to(shop.device)
    size = 64 if shop.device.type == "cuda" else 4  # as the feature cache does

    def change() -> None:
        for start in range(0, count, size):
            few = slice(start, start + size)
            augment(squares[few].float() / 255, view_seeds(hashes[few], 0)).sum().item()

    ours = measured(f"flip, turn and zoom {size} at a time", count, change)
    one_by_one = v2.Compose(
        [
            v2.RandomHorizontalFlip(),
            v2.RandomAffine(36, scale=(0.9, 1.1), interpolation=v2.InterpolationMode.BILINEAR),
        ]
    )
    measured(
        "  anchor: torchvision v2, one by one",
        count,
        lambda: sum(one_by_one(square.float() / 255).sum().item() for square in squares),
        ours=ours,
    )


def bench_network(shop: Shop, architecture: str, count: int, target: str) -> None:
    paths, hashes = shop.paths[:count], shop.hashes[:count]
    heading(f"features of {len(paths)} images by {architecture}, on {shop.device.type}")
    encoder = load_encoder(architecture, weights=WeightsLocator(shop.state, True), device=shop.device, seed=0)

    def ask(store: str, some: Sequence[str]) -> None:
        cache = FeatureCache(shop.state / store)
        cache.features(encoder, shop.images, some, views=[None], on_progress=_ignore)

    ask("warm-up", hashes[:8])
    ours = measured("from decoded images, kept", len(paths), lambda: ask("features", hashes), target=target)
    measured("again", len(paths), lambda: ask("features", hashes))
    network, transform = _anchor(architecture, shop.device)
    batches = anchors.loader(paths, [0] * len(paths), transform, workers=0)

    def loop() -> None:
        with torch.no_grad():
            for images, _ in batches:
                network(images.to(shop.device)).sum().item()

    measured("  anchor: a plain loop over files", len(paths), loop, ours=ours)


def bench_reading(shop: Shop) -> None:
    encoder = load_encoder("vgg16-narrow", weights=WeightsLocator(None, True), device=shop.device, seed=0)
    views: list[View] = [None, *range(VIEWS)]
    heading(f"{len(views)} views of {len(shop.hashes)} images by vgg16-narrow, on {shop.device.type}")

    def ask() -> None:
        cache = FeatureCache(shop.state / "reading")
        cache.features(encoder, shop.images, shop.hashes, views=views, on_progress=_ignore)

    rows = len(views) * len(shop.hashes)
    measured("computed and kept", rows, ask)
    measured("read", rows, ask, target="milliseconds")


def plain_transform() -> v2.Compose:
    """What torchvision's documentation does before a classifier, squashed as Keras does."""
    steps = [v2.Resize((SIDE, SIDE)), v2.PILToTensor(), v2.ToDtype(torch.float32, scale=True)]
    return v2.Compose([*steps, v2.Normalize(*anchors.IMAGENET)])


def _anchor(architecture: str, device: torch.device) -> tuple[Callable[[Tensor], Tensor], v2.Compose]:
    """The network as its own library gives it, with the transforms of its documentation."""
    if architecture == CLIP:
        clip = CLIPModel(CLIPConfig()).eval().to(device)
        return lambda images: clip.get_image_features(pixel_values=images).pooler_output, anchors.clip_transform()
    return get_model(architecture).features.eval().to(device), plain_transform()


def _ignore(done: int, total: int, stage: str) -> None:
    """Listens to nothing."""


def bench(options: argparse.Namespace, state: Path) -> None:
    device = torch.device(options.device)
    torch.set_num_threads(options.threads)
    source = options.data or state / "shop"
    if not options.data:
        generate(source, per_class=options.per_class, seed=0, on_progress=_ignore)
    anchors.write_byte_tokenizer(state)
    paths = sorted(path for path in source.rglob("*") if path.suffix.lower() in (".jpg", ".png"))
    images = ImageCache(state / "images")
    shop = Shop(paths, images, bench_decoding(paths, images), state, device)
    bench_views(shop, 64)
    for architecture in options.networks:
        count, target = NETWORKS[architecture]
        bench_network(shop, architecture, len(paths) if device.type == "cuda" else min(count, len(paths)), target)
    bench_reading(shop)


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--data", type=Path, help="folder of real images; default: drawn ones")
    parser.add_argument("--per-class", type=int, default=150, help="images drawn, default %(default)s")
    parser.add_argument("--networks", nargs="+", choices=NETWORKS, default=list(NETWORKS))
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="1 on a machine that others use")
    with tempfile.TemporaryDirectory() as temporary:
        bench(parser.parse_args(), Path(temporary))
