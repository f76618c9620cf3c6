"""The demo's weights, and what trained them: ``python -m demo.weights``."""
