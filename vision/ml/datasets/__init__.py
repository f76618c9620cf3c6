"""Import of labelled images: what is missing, broken, too large or repeated is reported, the rest is read."""

from vision.ml.datasets.reading import read_csv_dataset, read_dataset, read_folder_dataset
from vision.ml.datasets.shapes import FLIPKART, CsvShape, detect_shape

__all__ = ["FLIPKART", "CsvShape", "detect_shape", "read_csv_dataset", "read_dataset", "read_folder_dataset"]
