"""The vision application in the Django admin."""

from vision.admin import benchmarks, datasets  # noqa: F401
