"""One training loop, which knows nothing of the model it trains. A killed training goes on from its last epoch."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from vision.ml.checkpoints import load_tensors, save_tensors
from vision.ml.types import BenchmarkError, EpochPoint
from vision.ml.wording import gettext_noop as _

#: Called after every second or two of work with the number of images done since; it may raise to stop the training.
Tick = Callable[[int], None]


@dataclass(frozen=True)
class TrainingPlan:
    """How long and how fast: early stopping after ``patience`` epochs without a smaller validation loss."""

    epochs: int
    patience: int
    batch_size: int
    learning_rate: float
    seed: int
    weight_decay: float = 0.0


@dataclass(frozen=True)
class Score:
    """Mean loss in nats and the share of right answers."""

    loss: float
    accuracy: float


class Lesson(Protocol):
    """What there is to learn, and by which parameters."""

    @property
    def size(self) -> int:
        """Number of training examples."""

    @property
    def parameters(self) -> Mapping[str, nn.Parameter]:
        """The parameters that are trained, by name."""

    def accumulate(self, positions: Tensor, epoch: int, tick: Tick) -> Score:
        """Adds to the gradients those of the mean loss of the examples at ``positions``, (B,) int64."""

    def validate(self, tick: Tick) -> Score:
        """How well the parameters do on the validation images; changes nothing."""


@dataclass
class _State:
    """Where a training stands after an epoch."""

    curve: list[EpochPoint]
    best: dict[str, Tensor]
    best_epoch: int = 0

    @property
    def best_loss(self) -> float:
        return self.curve[self.best_epoch - 1].validation_loss if self.best_epoch else math.inf

    @property
    def waited(self) -> int:
        return len(self.curve) - self.best_epoch


@dataclass(frozen=True)
class TrainingResult:
    """The curves, (epochs,), and the epoch whose parameters were kept; epochs count from 1."""

    curve: tuple[EpochPoint, ...]
    best_epoch: int


def train(lesson: Lesson, plan: TrainingPlan, *, tick: Tick, checkpoint: Path | None = None) -> TrainingResult:
    """Trains the lesson's parameters by Adam and leaves the best epoch's in them.

    Every epoch draws its order and its dropout from (seed, epoch) alone. With a ``checkpoint`` file, a training that
    was killed and is called again gives the same numbers, bit for bit on the same device, as one that was not.
    Raises BenchmarkError when the loss stops being a number.
    """
    optimiser = torch.optim.AdamW(  # with no decay this is Adam
        lesson.parameters.values(), lr=plan.learning_rate, weight_decay=plan.weight_decay, fused=True
    )
    state = _State([], {})
    if checkpoint and checkpoint.exists():
        state = _resume(checkpoint, lesson, optimiser)
    while len(state.curve) < plan.epochs and state.waited < plan.patience:
        epoch = len(state.curve) + 1
        trained = _train_epoch(lesson, plan, optimiser, epoch, tick)
        validated = lesson.validate(tick)
        if not math.isfinite(trained.loss + validated.loss):
            raise BenchmarkError(
                _("The loss of epoch {epoch} is not a number: choose a smaller learning rate."), epoch=epoch
            )
        improves = validated.loss < state.best_loss
        state.curve.append(EpochPoint(epoch, trained.loss, trained.accuracy, validated.loss, validated.accuracy))
        if improves:
            state.best_epoch = epoch
            state.best = {name: parameter.detach().clone() for name, parameter in lesson.parameters.items()}
        if checkpoint:
            _keep(checkpoint, state, lesson, optimiser)
    _load(lesson, state.best)
    return TrainingResult(tuple(state.curve), state.best_epoch)


def epoch_seed(seed: int, epoch: int) -> int:
    """The seed of everything random in one epoch, in 0..2⁶³-1."""
    return int(np.random.SeedSequence((seed, epoch)).generate_state(1, np.uint64)[0] >> 1)


def _train_epoch(lesson: Lesson, plan: TrainingPlan, optimiser: torch.optim.Optimizer, epoch: int, tick: Tick) -> Score:
    loss = hits = 0.0
    with torch.random.fork_rng():
        torch.manual_seed(epoch_seed(plan.seed, epoch))
        for positions in torch.split(torch.randperm(lesson.size), plan.batch_size):
            optimiser.zero_grad()
            score = lesson.accumulate(positions, epoch, tick)
            optimiser.step()
            loss += score.loss * len(positions)
            hits += score.accuracy * len(positions)
    return Score(loss / lesson.size, hits / lesson.size)


def _load(lesson: Lesson, values: Mapping[str, Tensor]) -> None:
    with torch.no_grad():
        for name, parameter in lesson.parameters.items():
            parameter.copy_(values[name])


def _keep(checkpoint: Path, state: _State, lesson: Lesson, optimiser: torch.optim.Optimizer) -> None:
    moments = {
        f"optimiser/{number}/{key}": value
        for number, values in optimiser.state_dict()["state"].items()
        for key, value in values.items()
    }
    tensors = {
        **{f"last/{name}": parameter for name, parameter in lesson.parameters.items()},
        **{f"best/{name}": value for name, value in state.best.items()},
        **moments,
    }
    save_tensors(checkpoint, tensors, TrainingResult(tuple(state.curve), state.best_epoch))


def _resume(checkpoint: Path, lesson: Lesson, optimiser: torch.optim.Optimizer) -> _State:
    tensors, so_far = load_tensors(checkpoint, TrainingResult)
    parts: dict[str, dict[str, Tensor]] = {"last": {}, "best": {}, "optimiser": {}}
    for name, tensor in tensors.items():
        part, _, rest = name.partition("/")
        parts[part][rest] = tensor
    _load(lesson, parts["last"])
    places = list(lesson.parameters.values())
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in parts["optimiser"].items():
        number, _, key = name.partition("/")
        if tensor.ndim:  # the fused optimiser takes for granted that all lie in memory as their parameter does
            tensor = torch.empty_like(places[int(number)]).copy_(tensor)
        moments.setdefault(int(number), {})[key] = tensor
    optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})
    return _State(list(so_far.curve), parts["best"], so_far.best_epoch)
