"""The vision benchmark: its figures, an epoch, a zero-shot evaluation, and a whole run with where its time goes.

Needs neither Django nor a database: ``python -m tests.benchmarks.bench_vision`` on a machine with an NVIDIA GPU runs
VGG16 and CLIP at full size. Weights are random, which changes accuracies and no time. Without ``--data`` the images
are drawn.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from demo.products import generate
from tests.benchmarks import vision_anchors as anchors
from tests.benchmarks.measuring import Result, arguments, each_timed, heading, line, spending, timed
from vision.ml import benchmark, report, statistics
from vision.ml.comparison import compare_all
from vision.ml.contenders import HeadSettings
from vision.ml.datasets import read_dataset
from vision.ml.encoded_dataset import EncodedDataset
from vision.ml.encoders import TextImageEncoder, load_encoder
from vision.ml.evaluation import evaluate, evaluate_run
from vision.ml.features import FeatureCache
from vision.ml.images import ImageCache
from vision.ml.learners import Task, probabilities
from vision.ml.learners.head import learn_head
from vision.ml.learners.zero_shot import text_classifier
from vision.ml.prompts import class_texts
from vision.ml.splits import make_splits
from vision.ml.square_images import SquareImages
from vision.ml.types import BenchmarkConfig, Dataset, Folders, Part, Split, SplitPlan
from vision.ml.weights import WeightsLocator

CLASSES, PER_CLASS = 7, 150
ON_GPU = ("vgg16", "clip-zero-shot", "clip-linear-probe", "vgg16-finetuned", "clip-finetuned")
ON_CPU = ("squeezenet1_1", "clip-zero-shot", "clip-linear-probe")
EPOCHS = 20
PARTS = ("figures", "whole", "epoch", "zero-shot")


def both_timed(work: Callable[[], Result]) -> tuple[float, float, Result]:
    """Seconds on the wall, seconds of our own processors, which hold on a busy machine, and the result."""
    began = time.process_time()
    wall, result = timed(work)
    return wall, time.process_time() - began, result


def _clocks() -> NDArray[np.float64]:
    return np.array([time.perf_counter(), time.process_time()])


@dataclass
class Stages:
    """A listener to progress that adds up the time of each stage: on the wall, and of our own processors."""

    seconds: dict[str, NDArray[np.float64]] = field(default_factory=dict)
    stage: str = ""
    since: NDArray[np.float64] = field(default_factory=_clocks)

    def __call__(self, done: int, total: int, stage: str) -> None:
        now = _clocks()
        self.seconds[self.stage] = self.seconds.get(self.stage, np.zeros(2)) + now - self.since
        self.stage, self.since = stage, now


@dataclass(frozen=True)
class Shop:
    """The data set and where its files and decoded images are."""

    dataset: Dataset
    paths: Sequence[Path]
    folders: Folders
    device: torch.device

    @property
    def split(self) -> Split:
        return make_splits(self.dataset, SplitPlan())[0]


def bench_figures() -> None:
    heading("the figures of a run of 1,047 images in 7 classes")
    generator = np.random.default_rng(0)
    labels = generator.integers(0, CLASSES, 1047)
    logits = generator.normal(size=(1047, CLASSES))
    logits[np.arange(1047), labels] += 2
    probabilities = (np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)).astype(np.float32)
    split = Split(generator.choice(3, 1047, p=[0.6, 0.2, 0.2]).astype(np.uint8))
    ours = each_timed(lambda: evaluate(probabilities, labels, "abcdefg", split), 20)
    line("all figures of three parts, two bootstraps each", milliseconds=ours)
    test = split.positions(Part.TEST)
    truth, predicted = labels[test], probabilities[test].argmax(axis=1)
    alone = np.arange(len(test))
    resamples = statistics.RESAMPLES

    def drawn() -> float:
        return float(statistics.bootstrap(truth, predicted, CLASSES, alone, seed=0).macro_f1.mean())

    drawn()
    wall, processor, mean = both_timed(drawn)
    line(
        f"{resamples:,} resamples of {len(test)} images",
        seconds=wall,
        rows=resamples,
        note=f"{processor:.3f} s of processor",
    )
    try:
        plain, plainly, pairs = both_timed(lambda: list(anchors.bootstrap_loop(truth, predicted, resamples)))
    except ImportError:
        print("    scikit-learn is not installed: no anchor")
        return
    differs = abs(mean - np.mean([macro_f1 for _, macro_f1 in pairs]))
    note = f"{plainly:.2f} s of processor, {plainly / processor:,.0f}x; means differ by {differs:.4f}"
    line("  anchor: scikit-learn in a loop", seconds=plain, rows=resamples, note=note)


def bench_epoch(shop: Shop, architecture: str, anchor_images: int) -> None:
    count = len(shop.split.positions(Part.TRAIN))
    heading(f"an epoch of a new head on {architecture}, {count} training images, on {shop.device.type}")
    encoder = load_encoder(architecture, weights=WeightsLocator(None, True), device=shop.device, seed=0)
    everything = len(shop.dataset.items)
    features = torch.randn(8, everything, encoder.dimension, device=shop.device)
    images = SquareImages(ImageCache(shop.folders.images), (), encoder)
    task = Task(
        dataset=shop.dataset,
        split=shop.split,
        seed=0,
        epochs=EPOCHS,
        encoded=EncodedDataset(encoder, images, features[0], features),
        texts=(),
        checkpoint=Path(),
        tick=lambda _: None,
    )
    learn = HeadSettings(patience=EPOCHS)
    learn_head(task, learn)
    wall, processor, _ = both_timed(lambda: learn_head(task, learn))
    line("from kept features", seconds=wall / EPOCHS, rows=count, note=f"{processor / EPOCHS:.3f} s of processor")
    few = slice(0, anchor_images)
    labels = shop.dataset.labels.tolist()
    batches = anchors.loader(shop.paths[few], labels[few], anchors.training_transform(), workers=0)
    plain, plainly, seen = both_timed(lambda: anchors.train_one_epoch(architecture, batches, CLASSES, shop.device))
    whole, plainly = plain / seen * count, plainly / seen * count
    note = f"from {seen}: {plainly:.1f} s of processor, {plainly / processor * EPOCHS:,.0f}x"
    line("  anchor: decode, augment, convolve each time", seconds=whole, rows=count, note=note)


def bench_zero_shot(shop: Shop, anchor_images: int) -> None:
    heading(f"zero-shot evaluation of {anchor_images} images with CLIP ViT-B/32 on {shop.device.type}")
    locator = WeightsLocator(shop.folders.weights, True)
    encoder = load_encoder("clip-vit-base-patch32", weights=locator, device=shop.device, seed=0)
    assert isinstance(encoder, TextImageEncoder)
    prompts = class_texts("ensemble", shop.dataset.classes, {})
    few = slice(0, anchor_images)
    hashes = [item.sha256 for item in shop.dataset.items][few]
    labels = shop.dataset.labels[few]

    def ours() -> float:
        classifier = text_classifier(encoder, prompts)
        rows = FeatureCache(shop.folders.features / "zero-shot").features(
            encoder,
            ImageCache(shop.folders.images),
            hashes,
            views=[None],
            on_progress=lambda done, total, stage: None,
        )
        found = probabilities(classifier, torch.from_numpy(rows[0]).to(shop.device)).numpy()
        return float((found.argmax(axis=1) == labels).mean())

    for measure in ("from decoded images", "again"):
        wall, processor, _ = both_timed(ours)
        line(measure, seconds=wall, rows=len(hashes), note=f"{processor:.1f} s of processor")
    batches = anchors.loader(shop.paths[few], labels.tolist(), anchors.clip_transform(), workers=0)
    plain, plainly, _ = both_timed(lambda: anchors.evaluate_zero_shot(encoder, prompts, batches, shop.device))
    note = f"{plainly:.1f} s of processor"
    line("  anchor: CLIP_benchmark's loop over files", seconds=plain, rows=len(hashes), note=note)


def bench_whole(source: Path, contenders: Sequence[str], folders: Folders, device: torch.device) -> None:
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "the CPU"
    heading(f"a whole benchmark on {name}: {', '.join(contenders)}")
    for measure, is_first in (("from files to the verdict", True), ("again: images and features are kept", False)):
        stages = Stages()
        with spending() as spent:
            dataset = read_dataset(source, ImageCache(folders.images), on_progress=stages)
            config = BenchmarkConfig(tuple(contenders), device=device.type, from_scratch=True)
            runs = benchmark.run(config, dataset, folders, on_progress=stages)
            stages(1, 1, "evaluating and comparing")
            evaluations = [evaluate_run(run, dataset) for run in runs]
            text = report.table(runs, evaluations, compare_all(runs, dataset.labels), dataset)
            stages(1, 1, "")
        target = "15 s" if device.type == "cuda" else ("" if is_first else "5 s")
        peak = f"{max(run.cost.peak_memory_bytes for run in runs) / 2**30:.1f} GiB on the device"
        line(measure, seconds=spent.seconds, rows=len(dataset.items), peak_gib=spent.peak_gib, target=target, note=peak)
        for stage, (wall, processor) in stages.seconds.items():
            if wall >= spent.seconds / 100:
                note = f"{wall / spent.seconds:.0%}; {processor:.1f} s of processor"
                line(f"  {stage}"[:46], seconds=wall, note=note)
        shutil.rmtree(folders.work)
    print(text)


def _paths(source: Path, dataset: Dataset) -> list[Path]:
    """The file of each image."""
    found = {path.name: path for path in source.rglob("*") if path.suffix.lower() in (".jpg", ".png")}
    return [found[item.key] for item in dataset.items]


def bench(options: argparse.Namespace, state: Path) -> None:
    device = torch.device(options.device)
    torch.set_num_threads(options.threads)
    source = options.data or state / "shop"
    if not options.data:
        seconds, _ = timed(lambda: generate(source, per_class=options.per_class, seed=0, on_progress=Stages()))
        print(f"{CLASSES * options.per_class:,} images drawn in {seconds:.1f} s")
    if not options.weights:
        anchors.write_byte_tokenizer(state)
    folders = Folders(state / "images", state / "features", state / "work", options.weights or state)
    if "figures" in options.parts:
        bench_figures()
    if "whole" in options.parts:
        bench_whole(source, options.contenders or (ON_GPU if device.type == "cuda" else ON_CPU), folders, device)
    dataset = read_dataset(source, ImageCache(folders.images), on_progress=Stages())
    shop = Shop(dataset, _paths(source, dataset), folders, device)
    if "epoch" in options.parts:
        bench_epoch(shop, options.head, options.anchor_images)
    if "zero-shot" in options.parts:
        bench_zero_shot(shop, options.anchor_images)


if __name__ == "__main__":
    parser = arguments(__doc__)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--data", type=Path, help="folder of real images; default: drawn ones")
    parser.add_argument("--per-class", type=int, default=PER_CLASS, help="images drawn, default %(default)s")
    parser.add_argument("--weights", type=Path, help="folder with CLIP's tokenizer; default: one of single bytes")
    parser.add_argument("--contenders", nargs="+", help="default: VGG16 and CLIP on a GPU, smaller ones on a CPU")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="1 on a machine that others use")
    parser.add_argument("--head", default="vgg16", help="the network under the new head")
    parser.add_argument("--anchor-images", type=int, default=1050 if torch.cuda.is_available() else 64)
    with tempfile.TemporaryDirectory() as temporary:
        bench(parser.parse_args(), Path(temporary))
