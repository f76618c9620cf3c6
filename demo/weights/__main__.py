"""Draws products, trains the demo's small networks on them and writes their weights."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import torch
from tqdm import tqdm

from demo.weights.lessons import Lessons, draw_lessons
from demo.weights.narrow_vgg16 import train_narrow_vgg16
from demo.weights.small_clip import ARCHITECTURE as SMALL_CLIP
from demo.weights.small_clip import train_small_clip
from vision.ml.encoders import Encoder, save_weights
from vision.ml.encoders.classifiers import NARROW
from vision.ml.hub import file_sha256
from vision.ml.types import ProgressCallback

SEED: Final = 2026
#: Number of training images, and epochs per network.
IMAGES: Final = 10_000
EPOCHS: Final = {NARROW: 3, SMALL_CLIP: 10}
#: More threads would sum in another order.
_THREADS: Final = 1


def main(arguments: Sequence[str] | None = None) -> None:
    """Trains on the CPU and tells the hashes of the files; a network's training does not depend on the other's."""
    parser = argparse.ArgumentParser(prog="python -m demo.weights", description=__doc__)
    parser.add_argument("networks", nargs="*", metavar="NETWORK", default=list(EPOCHS), help=", ".join(EPOCHS))
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent, help="where the weights are written")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--images", type=int, default=IMAGES)
    parser.add_argument("--epochs", type=int, help="instead of each network's own number")
    options = parser.parse_args(arguments)
    unknown = set(options.networks) - set(EPOCHS)
    if unknown:
        parser.error(f"there is no network {', '.join(unknown)}: choose {', '.join(EPOCHS)}")
    torch.set_num_threads(_THREADS)
    options.folder.mkdir(parents=True, exist_ok=True)
    lessons = draw_lessons(options.images, seed=options.seed, on_progress=_bar())
    for network in options.networks:
        encoder = _train(network, lessons, options.seed, options.epochs or EPOCHS[network])
        path = options.folder / f"{network}.safetensors"
        save_weights(encoder, path)
        sys.stdout.write(f"{file_sha256(path)}  {path.name}\n")


def _train(network: str, lessons: Lessons, seed: int, epochs: int) -> Encoder:
    if network == NARROW:
        return train_narrow_vgg16(lessons, seed=seed, epochs=epochs, on_progress=_bar())
    return train_small_clip(lessons, seed=seed, epochs=epochs, on_progress=_bar())


def _bar() -> ProgressCallback:
    bar = tqdm(disable=None)

    def show(done: int, total: int, stage: str) -> None:
        bar.total = total
        bar.set_description_str(stage, refresh=False)
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    return show


if __name__ == "__main__":
    main()
