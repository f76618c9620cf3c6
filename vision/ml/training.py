"""The training loop of all learners, independent of the model. A killed training resumes from its last epoch."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from vision.ml.checkpoints import load_tensors, save_tensors, tensors_below
from vision.ml.types import BenchmarkError, EpochPoint
from vision.ml.wording import gettext_noop as _

#: Called every second or two with the number of images done since; may raise to stop the training.
Tick = Callable[[int], None]


@dataclass(frozen=True)
class TrainingPlan:
    """The hyper-parameters of the loop, which stops after ``patience`` epochs without a smaller validation loss."""

    epochs: int
    patience: int
    batch_size: int
    learning_rate: float
    seed: int
    weight_decay: float = 0.0


@dataclass(frozen=True)
class Score:
    """Mean loss in nats and accuracy in 0..1."""

    loss: float
    accuracy: float


class Lesson(Protocol):
    """A loss to minimise and the parameters to train."""

    @property
    def size(self) -> int:
        """The number of training examples."""

    @property
    def parameters(self) -> Mapping[str, nn.Parameter]:
        """The parameters to train, by name."""

    def accumulate(self, positions: Tensor, epoch: int, tick: Tick) -> Score:
        """Adds the gradients of the mean loss over the examples at ``positions``, (B,) int64."""

    def validate(self, tick: Tick) -> Score:
        """The score on the validation images."""


@dataclass
class _State:
    """The state of a training after an epoch."""

    curve: list[EpochPoint]
    best: dict[str, Tensor]
    best_epoch: int = 0

    @property
    def best_loss(self) -> float:
        return self.curve[self.best_epoch - 1].validation_loss if self.best_epoch else math.inf

    @property
    def epochs_since_best(self) -> int:
        return len(self.curve) - self.best_epoch


@dataclass(frozen=True)
class TrainingResult:
    """The learning curves and the epoch whose parameters were kept, counted from 1."""

    curve: tuple[EpochPoint, ...]
    best_epoch: int


def train(lesson: Lesson, plan: TrainingPlan, *, tick: Tick, checkpoint: Path | None = None) -> TrainingResult:
    """Trains the lesson's parameters with Adam and leaves the best epoch's values in them.

    The order and the dropout of an epoch depend on (seed, epoch) alone, so that a killed training that is resumed from
    its ``checkpoint`` file gives the same numbers, bit for bit on the same device. Raises BenchmarkError when the loss
    is not finite.
    """
    optimiser = torch.optim.AdamW(  # Adam when weight_decay is 0
        lesson.parameters.values(), lr=plan.learning_rate, weight_decay=plan.weight_decay, fused=True
    )
    state = _State([], {})
    if checkpoint and checkpoint.exists():
        state = _resume(checkpoint, lesson, optimiser)
    while len(state.curve) < plan.epochs and state.epochs_since_best < plan.patience:
        epoch = len(state.curve) + 1
        trained = _train_epoch(lesson, plan, optimiser, epoch, tick)
        validated = lesson.validate(tick)
        if not math.isfinite(trained.loss + validated.loss):
            raise BenchmarkError(
                _("The loss of epoch {epoch} is not a number: choose a smaller learning rate."), epoch=epoch
            )
        is_best = validated.loss < state.best_loss
        state.curve.append(EpochPoint(epoch, trained.loss, trained.accuracy, validated.loss, validated.accuracy))
        if is_best:
            state.best_epoch = epoch
            state.best = {name: parameter.detach().clone() for name, parameter in lesson.parameters.items()}
        if checkpoint:
            _save(checkpoint, state, lesson, optimiser)
    _load(lesson, state.best)
    return TrainingResult(tuple(state.curve), state.best_epoch)


def epoch_seed(seed: int, epoch: int) -> int:
    """The seed of one epoch's random numbers, in 0..2⁶³-1."""
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


def _save(checkpoint: Path, state: _State, lesson: Lesson, optimiser: torch.optim.Optimizer) -> None:
    tensors: dict[str, Tensor] = {f"last/{name}": parameter for name, parameter in lesson.parameters.items()}
    tensors |= {f"best/{name}": value for name, value in state.best.items()}
    for number, moments in optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser/{number}/{key}": value for key, value in moments.items()}
    save_tensors(checkpoint, tensors, TrainingResult(tuple(state.curve), state.best_epoch))


def _resume(checkpoint: Path, lesson: Lesson, optimiser: torch.optim.Optimizer) -> _State:
    tensors, so_far = load_tensors(checkpoint, TrainingResult)
    _load(lesson, tensors_below(tensors, "last/"))
    parameters = list(lesson.parameters.values())
    moments: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors_below(tensors, "optimiser/").items():
        number, _, key = name.partition("/")
        if tensor.ndim:  # the fused optimiser requires its parameter's memory layout
            tensor = torch.empty_like(parameters[int(number)]).copy_(tensor)
        moments.setdefault(int(number), {})[key] = tensor
    optimiser.load_state_dict({"state": moments, "param_groups": optimiser.state_dict()["param_groups"]})
    return _State(list(so_far.curve), tensors_below(tensors, "best/"), so_far.best_epoch)
