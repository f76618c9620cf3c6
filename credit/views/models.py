"""Pages about the credit model."""
