"""Files of the public hubs, each at one fixed revision with a known hash, kept in torch's own cache folder."""

import hashlib
import urllib.request
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

import torch
import torchvision.models

from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _

#: Seconds without a byte after which the hub counts as out of reach.
TIMEOUT: Final = 10.0
_BLOCK: Final = 2**20
_HUGGING_FACE: Final = "https://huggingface.co/{repository}/resolve/{revision}/{name}"


@dataclass(frozen=True)
class HubFile:
    """``sha256`` is the whole hash, or as much of its beginning as the file's name tells (torchvision)."""

    url: str
    name: str
    sha256: str
    revision: str


def _pinned(architecture: str, repository: str, revision: str, files: dict[str, str]) -> tuple[HubFile, ...]:
    return tuple(
        HubFile(
            _HUGGING_FACE.format(repository=repository, revision=revision, name=name),
            f"{architecture}/{name}",
            sha256,
            revision,
        )
        for name, sha256 in files.items()
    )


#: The weights come first, then what the tokenizer needs.
#: Source: the repositories' main branches, November 2026, hashes as the hub states them.
_PINNED: Final = {
    "clip-vit-base-patch32": _pinned(
        "clip-vit-base-patch32",
        "openai/clip-vit-base-patch32",
        "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268",
        {
            "pytorch_model.bin": "a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f",
            "vocab.json": "5047b556ce86ccaf6aa22b3ffccfc52d391ea4accdab9c2f2407da5b742d4363",
            "merges.txt": "f526393189112391ce6f9795d4695f704121ce452c3aad1f5335cc41337eba85",
        },
    ),
    "siglip2-base-patch16-224": _pinned(
        "siglip2-base-patch16-224",
        "google/siglip2-base-patch16-224",
        "75de2d55ec2d0b4efc50b3e9ad70dba96a7b2fa2",
        {
            "model.safetensors": "612923381c76ec5a9bed335d1c48827e3f2e506ac31b044b63b2031fadee6a0b",
            "tokenizer.json": "cb9140fae3ac5122c972d37adf83e1248471a38147ad76f8215c8872c6fd8322",
            "tokenizer_config.json": "14afe629fe4959b9e0d51e1852b8d9f7ad074f90a1a7125a4fcdd17f06e78fc8",
        },
    ),
}


def hub_files(architecture: str) -> tuple[HubFile, ...]:
    """What the hub has of an architecture, the weights first; nothing when it has none."""
    if architecture in _PINNED:
        return _PINNED[architecture]
    if architecture not in torchvision.models.list_models(module=torchvision.models):
        return ()
    weights = torchvision.models.get_model_weights(architecture).DEFAULT
    name = weights.url.rpartition("/")[2]
    return (HubFile(weights.url, name, name.rpartition("-")[2].partition(".")[0], weights.name),)


def download(file: HubFile) -> Path:
    """The file's path in the cache, fetched when it is not there.

    Raises ``OSError`` when the hub is out of reach and ``BenchmarkError`` when the bytes are not the pinned ones.
    """
    path = Path(torch.hub.get_dir(), "checkpoints", file.name)
    if path.exists():
        _refuse_other(file, path, file_sha256(path))
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".part") as part:
        digest = hashlib.sha256()
        with urllib.request.urlopen(file.url, timeout=TIMEOUT) as response:  # noqa: S310 - https, from the table above
            while block := response.read(_BLOCK):
                digest.update(block)
                part.write(block)
        part.flush()
        _refuse_other(file, path, digest.hexdigest())
        path.hardlink_to(part.name)
    return path


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes; read again by this process only when the file has changed."""
    found = path.stat()
    return _bytes_sha256(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _bytes_sha256(path: Path, _changed: int, _size: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _refuse_other(file: HubFile, path: Path, sha256: str) -> None:
    if not sha256.startswith(file.sha256):
        raise BenchmarkError(
            _(
                "{name} from {url} is not the pinned file: its sha256 is {found} instead of {pinned}. Delete {path} if "
                "it is there and try again."
            ),
            name=path.name,
            url=file.url,
            found=sha256,
            pinned=file.sha256,
            path=path,
        )
