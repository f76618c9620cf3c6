"""The benchmark in pure PyTorch: runs without Django, as ``python -m vision.ml`` too."""
