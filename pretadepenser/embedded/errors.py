"""What can go wrong with an embedded server, told in one sentence."""


class EmbeddedError(Exception):
    """A sentence for the terminal: what failed, what to do, where the log is."""
