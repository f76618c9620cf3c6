"""Errors of the embedded servers."""


class EmbeddedError(Exception):
    """A sentence for the terminal: what failed, what to do, where the log is."""
