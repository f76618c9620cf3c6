"""Forms of the benchmark's pages."""
