"""The demo's weights, and what trained them: ``python -m vision.ml.demo_weights``."""
