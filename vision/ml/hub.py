"""Files of the public hubs, each pinned to one revision and one hash, in the hubs' own caches.

``huggingface_hub`` and ``torch.hub`` do the downloads, with the mirrors, proxies and cache folders of their environment
variables. Neither checks a hash on every use, and both are slow to give up on a hub out of reach: that part is ours
(ADR 12).
"""

import fcntl
import hashlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import torch
import torchvision.models
from httpx2 import HTTPError
from huggingface_hub import constants, get_hf_file_metadata, hf_hub_download, hf_hub_url, try_to_load_from_cache

from vision.ml.types import BenchmarkError
from vision.ml.wording import gettext_noop as _

#: Seconds without a byte after which a hub counts as out of reach.
TIMEOUT: Final = 10.0


@dataclass(frozen=True)
class HubFile:
    """One file of a Hugging Face ``repository``; without one, of PyTorch's server.

    ``sha256`` is the whole hash, or the first digits of it that the file's name contains (torchvision).
    """

    url: str
    name: str
    sha256: str
    revision: str
    repository: str = ""


def _pinned(repository: str, revision: str, files: dict[str, str]) -> tuple[HubFile, ...]:
    return tuple(
        HubFile(hf_hub_url(repository, name, revision=revision), name, sha256, revision, repository)
        for name, sha256 in files.items()
    )


#: The weights come first, then what the tokenizer needs.
#: Source: the repositories' main branches, November 2026, hashes as the hub states them.
_PINNED: Final = {
    "clip-vit-base-patch32": _pinned(
        "openai/clip-vit-base-patch32",
        "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268",
        {
            "pytorch_model.bin": "a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f",
            "vocab.json": "5047b556ce86ccaf6aa22b3ffccfc52d391ea4accdab9c2f2407da5b742d4363",
            "merges.txt": "f526393189112391ce6f9795d4695f704121ce452c3aad1f5335cc41337eba85",
        },
    ),
    "siglip2-base-patch16-224": _pinned(
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
    """The files of an architecture, its weights first; empty when no hub has them."""
    if architecture in _PINNED:
        return _PINNED[architecture]
    if architecture not in torchvision.models.list_models(module=torchvision.models):
        return ()
    weights = torchvision.models.get_model_weights(architecture).DEFAULT
    name = weights.url.rpartition("/")[2]
    return (HubFile(weights.url, name, name.rpartition("-")[2].partition(".")[0], weights.name),)


def download(file: HubFile) -> Path:
    """The file's path in its hub's cache, downloaded unless it is there.

    Raises ``OSError`` when the hub is out of reach. A file with other bytes than the pinned ones is deleted, and
    ``BenchmarkError`` raised.
    """
    with suppress(FileNotFoundError):  # another process may be deleting a wrong one
        if (kept := _kept(file)) and file_sha256(kept).startswith(file.sha256):
            return kept
    with _locked(file):  # a second process waits for the first one's download
        return _checked(file, _kept(file) or _fetched(file))


def _checked(file: HubFile, path: Path) -> Path:
    sha256 = file_sha256(path)
    if not sha256.startswith(file.sha256):
        for name in (path.resolve(), path):  # Hugging Face's cache links to its files
            name.unlink(missing_ok=True)
        raise BenchmarkError(
            _(
                "{name} from {url} is not the pinned file: its sha256 is {found} instead of {pinned}. It was deleted: "
                "try again."
            ),
            name=file.name,
            url=file.url,
            found=sha256,
            pinned=file.sha256,
        )
    return path


@contextmanager
def _locked(file: HubFile) -> Iterator[None]:
    """Holds the file's lock, which ends with the process; raises OSError where the cache cannot be written."""
    folder = Path(constants.HF_HUB_CACHE) if file.repository else _pytorch_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with folder.joinpath(f".{file.sha256}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _kept(file: HubFile) -> Path | None:
    """The file in its hub's cache."""
    if file.repository:
        cached = try_to_load_from_cache(file.repository, file.name, revision=file.revision)
        return Path(cached) if isinstance(cached, str) else None
    path = _pytorch_folder() / file.name
    return path if path.exists() else None


def _fetched(file: HubFile) -> Path:
    if not file.repository:
        return _from_pytorch(file)
    try:
        # hf_hub_download alone would retry for minutes before it gives up.
        get_hf_file_metadata(file.url, timeout=TIMEOUT, token=False)
        return Path(hf_hub_download(file.repository, file.name, revision=file.revision, token=False))
    except HTTPError as error:
        raise ConnectionError(str(error).partition("\n")[0]) from error


def _from_pytorch(file: HubFile) -> Path:
    path = _pytorch_folder() / file.name
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(TIMEOUT)  # torch.hub sets none
    try:
        torch.hub.download_url_to_file(file.url, str(path), progress=False)
    finally:
        socket.setdefaulttimeout(before)
    return path


def _pytorch_folder() -> Path:
    return Path(torch.hub.get_dir(), "checkpoints")


def file_sha256(path: Path) -> str:
    """The sha256 of a file's bytes; read again by this process only when the file has changed."""
    found = path.stat()
    return _bytes_sha256(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=64)
def _bytes_sha256(path: Path, _changed: int, _size: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
