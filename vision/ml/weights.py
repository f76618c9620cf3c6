"""Locates a network's weights: in a folder, among the demo's, at a hub, or nowhere (random, by request only)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vision.ml.hub import HubFile, download, file_sha256, hub_files
from vision.ml.types import WEIGHTS_VARIABLE, BenchmarkError, WeightsRecord, WeightsSource
from vision.ml.wording import gettext_noop as _

#: The small weights that come with the demo.
DEMO_FOLDER: Final = Path(__file__).parents[2] / "demo" / "weights"
TRANSFORMERS_FILE: Final = "model.safetensors"
#: A tokenizer needs all files of one group.
TOKENIZER_FILES: Final = (("tokenizer.json",), ("vocab.json", "merges.txt"))


@dataclass(frozen=True)
class LocatedWeights:
    """A file of weights, already checked against its pinned hash if there is one; None for random weights."""

    record: WeightsRecord
    file: Path | None


@dataclass(frozen=True)
class WeightsLocator:
    """Looks in the folder first, then among the demo's weights, then at the hub.

    With ``from_scratch``, weights are random instead, and the record says so.
    """

    folder: Path | None
    from_scratch: bool = False

    def locate(self, architecture: str) -> LocatedWeights:
        """The weights of an architecture. Raises ``BenchmarkError`` naming the missing file and where to put it."""
        if self.from_scratch:
            return LocatedWeights(WeightsRecord(architecture, WeightsSource.NONE, ""), None)
        for source, folder in ((WeightsSource.FOLDER, self.folder), (WeightsSource.DEMO, DEMO_FOLDER)):
            if folder and (file := _file_in(folder, architecture)):
                record = WeightsRecord(architecture, source, file_sha256(file), file.relative_to(folder).as_posix())
                return LocatedWeights(record, file)
        weights = hub_files(architecture)[:1]
        (file,) = self._fetch(weights, architecture, f"{architecture}.safetensors")
        pinned = weights[0]
        record = WeightsRecord(architecture, WeightsSource.HUB, file_sha256(file), pinned.name, pinned.revision)
        return LocatedWeights(record, file)

    def locate_tokenizer(self, architecture: str) -> Path:
        """The folder of the tokenizer's files. Raises ``BenchmarkError`` naming missing files and where to put them."""
        for folder in (self.folder / architecture, self.folder) if self.folder else ():
            if any(all((folder / name).is_file() for name in names) for names in TOKENIZER_FILES):
                return folder
        wanted = " / ".join(map(" + ".join, TOKENIZER_FILES))
        return self._fetch(hub_files(architecture)[1:], architecture, wanted)[0].parent

    def _fetch(self, files: tuple[HubFile, ...], architecture: str, wanted: str) -> list[Path]:
        """The hub's files on this disk. ``wanted`` names, for the error, the files that would do instead."""
        values = {"architecture": architecture, "wanted": wanted, "folder": self.folder or WEIGHTS_VARIABLE}
        if not files:
            raise BenchmarkError(
                _("{wanted} is missing for {architecture}, and no hub has it. Put it into the folder {folder}."),
                **values,
            )
        try:
            return [download(file) for file in files]
        except OSError as error:
            raise BenchmarkError(
                _(
                    "{wanted} is missing for {architecture}, and its hub is out of reach ({url}: {reason}). Put it "
                    "into the folder {folder}."
                ),
                **values,
                url=files[0].url,
                reason=error,
            ) from error


def _file_in(folder: Path, architecture: str) -> Path | None:
    names = (
        f"{architecture}.safetensors",
        f"{architecture}.features.safetensors",
        f"{architecture}/{TRANSFORMERS_FILE}",
    )
    return next((path for name in names if (path := folder / name).is_file()), None)
