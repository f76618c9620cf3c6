"""REST endpoints of the benchmark."""
