"""Small images: plain colours with noise, so that a class can be learned and no two files are equal."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

COLOURS = {"Lamp": (220, 60, 40), "Watch": (40, 90, 220), "Mug": (60, 200, 80)}


def an_image(colour: tuple[int, int, int] = (200, 200, 200), seed: int = 0, side: int = 48) -> bytes:
    """A PNG file."""
    noise = np.random.default_rng(seed).integers(-30, 30, (side, side, 3))
    stream = io.BytesIO()
    Image.fromarray(np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()


def an_image_folder(folder: Path, per_class: int = 6) -> Path:
    """A folder per class."""
    for number, (name, colour) in enumerate(COLOURS.items()):
        (folder / name).mkdir(parents=True)
        for place in range(per_class):
            (folder / name / f"{place:02}.png").write_bytes(an_image(colour, seed=100 * number + place))
    return folder


def a_csv_folder(folder: Path, per_class: int = 3) -> Path:
    """``products.csv`` and ``images``; the last row's image is missing and the one before repeats the first."""
    lines = ["image,label,title"]
    (folder / "images").mkdir(parents=True)
    for number, (name, colour) in enumerate(COLOURS.items()):
        for place in range(per_class):
            file = f"{name.lower()}-{place}.png"
            (folder / "images" / file).write_bytes(an_image(colour, seed=100 * number + place))
            lines.append(f"{file},{name},A {name.lower()} of kind {place}")
    (folder / "images" / "again.png").write_bytes((folder / "images" / "lamp-0.png").read_bytes())
    lines += ["again.png,Lamp,A lamp again", "gone.png,Mug,A mug that is not there"]
    (folder / "products.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder
