"""Where a network's numbers come from: a folder, the shipped demo, a hub, or nowhere (random, said so everywhere)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vision.ml.hub import download, file_sha256, hub_files
from vision.ml.types import BenchmarkError, WeightsRecord, WeightsSource

#: The variable that names the folder of weights; said in error sentences.
FOLDER_VARIABLE: Final = "VISION_WEIGHTS_DIR"
#: The small weights that the project ships, trained by its own command.
DEMO_FOLDER: Final = Path(__file__).parent / "demo_weights"
TRANSFORMERS_FILE: Final = "model.safetensors"
VOCABULARY_FILES: Final = ("vocab.json", "merges.txt")
TOKENIZER_FILE: Final = "tokenizer.json"


@dataclass(frozen=True)
class LocatedWeights:
    """One file of numbers, already checked where a hash is known; no file: random numbers were asked for.

    ``tokenizer`` is the folder that holds the tokenizer's files, None where there is none.
    """

    record: WeightsRecord
    file: Path | None
    tokenizer: Path | None = None


@dataclass(frozen=True)
class WeightsLocator:
    """Looks into the folder first, then among the shipped demo weights, then at the hub.

    ``from_scratch`` asks for random numbers instead: the record says so.
    """

    folder: Path | None
    from_scratch: bool = False

    def locate(self, architecture: str) -> LocatedWeights:
        """The file of an architecture's weights; raises ``BenchmarkError`` that says what is missing and where."""
        tokenizer = self._tokenizer(architecture)
        if self.from_scratch:
            return LocatedWeights(WeightsRecord(architecture, WeightsSource.NONE, ""), None, tokenizer)
        for source, folder in ((WeightsSource.FOLDER, self.folder), (WeightsSource.DEMO, DEMO_FOLDER)):
            if folder and (file := _file_in(folder, architecture)):
                record = WeightsRecord(architecture, source, file_sha256(file), file.relative_to(folder).as_posix())
                return LocatedWeights(record, file, tokenizer)
        return self._from_hub(architecture)

    def _from_hub(self, architecture: str) -> LocatedWeights:
        pinned = hub_files(architecture)
        try:
            files = [download(file) for file in pinned]
        except OSError as error:
            raise BenchmarkError(self._missing(architecture, f"the hub cannot be reached ({error})")) from error
        if not files:
            raise BenchmarkError(self._missing(architecture, "no hub has them"))
        sha256, revision = file_sha256(files[0]), pinned[0].revision
        record = WeightsRecord(architecture, WeightsSource.HUB, sha256, pinned[0].name, revision)
        return LocatedWeights(record, files[0], files[0].parent)

    def _missing(self, architecture: str, why: str) -> str:
        place = f"into {self.folder}" if self.folder else f"into a folder and set {FOLDER_VARIABLE} to it"
        return f"The weights of {architecture} are missing: put {architecture}.safetensors {place}; {why}."

    def _tokenizer(self, architecture: str) -> Path | None:
        if not self.folder:
            return None
        for folder in (self.folder / architecture, self.folder):
            if (folder / TOKENIZER_FILE).exists() or all((folder / name).exists() for name in VOCABULARY_FILES):
                return folder
        return None


def _file_in(folder: Path, architecture: str) -> Path | None:
    names = (
        f"{architecture}.safetensors",
        f"{architecture}.features.safetensors",
        f"{architecture}/{TRANSFORMERS_FILE}",
    )
    return next((path for name in names if (path := folder / name).is_file()), None)
