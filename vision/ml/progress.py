"""One bar for work of many stages, which are worth more or less of it."""

from vision.ml.types import ProgressCallback


class Progress:
    """Tells the listener how far the whole has come. Units are about one image through a network."""

    def __init__(self, listener: ProgressCallback, total: int) -> None:
        self._listener = listener
        self._total = total
        self._stage = ""
        self._start = self._units = 0
        self._done = 0
        self._steps = 1

    def begin(self, stage: str, *, units: int, steps: int) -> None:
        """Starts a stage of ``steps`` steps worth ``units``; the one before counts as finished."""
        self._start += self._units
        self._stage, self._units, self._steps, self._done = stage, units, max(1, steps), 0
        self.advance(0)

    def advance(self, steps: int) -> None:
        """So many steps of the stage are done since; never more than it has."""
        self._done = min(self._steps, self._done + steps)
        done = self._start + self._units * self._done // self._steps
        self._listener(min(done, self._total), self._total, self._stage)

    def skip(self, units: int) -> None:
        """Counts work that an earlier attempt finished."""
        self._start += units

    def finish(self) -> None:
        """All is done."""
        self._listener(self._total, self._total, self._stage)
