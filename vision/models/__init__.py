"""Tables of the vision application."""

from vision.models.benchmark import BenchmarkRun, ContenderResult
from vision.models.dataset import DatasetImage, ImageDataset
from vision.models.trial import Trial

__all__ = ["BenchmarkRun", "ContenderResult", "DatasetImage", "ImageDataset", "Trial"]
