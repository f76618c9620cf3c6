"""One progress bar over stages of different weight."""

from vision.ml.types import ProgressCallback


class Progress:
    """Reports the progress of all stages together; one unit is about one image through a network."""

    def __init__(self, on_progress: ProgressCallback, total: int) -> None:
        self._on_progress = on_progress
        self._total = total
        self._stage = ""
        self._start = self._units = 0
        self._done = 0
        self._steps = 1

    def begin(self, stage: str, *, units: int, steps: int) -> None:
        """Starts a stage of ``steps`` steps worth ``units``, and completes the one before."""
        self._start += self._units
        self._stage, self._units, self._steps, self._done = stage, units, max(1, steps), 0
        self.advance(0)

    def advance(self, steps: int) -> None:
        """Counts further steps of the stage, up to its end."""
        self._done = min(self._steps, self._done + steps)
        done = self._start + self._units * self._done // self._steps
        self._on_progress(min(done, self._total), self._total, self._stage)

    def skip(self, units: int) -> None:
        """Counts work that an earlier attempt finished."""
        self._start += units

    def finish(self) -> None:
        self._on_progress(self._total, self._total, self._stage)
