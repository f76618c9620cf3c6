"""The vision benchmark without Django: data sets, contenders, training, evaluation and comparison."""

import os

# Read once, when huggingface_hub is imported; without it the library asks its server more than the files.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
