"""The demo's weights and their training: ``python -m demo.weights``."""
