"""The loop: stops early, keeps the best, goes on after a stop as if there had been none."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from vision.ml.training import Score, Tick, TrainingPlan, TrainingResult, epoch_seed, train
from vision.ml.types import BenchmarkError

PLAN = TrainingPlan(epochs=6, patience=6, batch_size=8, learning_rate=0.05, seed=3)


class Stop(Exception):  # noqa: N818
    """Somebody pressed cancel."""


class Toy:
    """Three classes of tiny images; dropout makes every step depend on the random numbers.

    The layer's numbers lie in memory with the channels last, as those of the real networks do.
    """

    size = 30

    def __init__(self, validation_losses: list[float] | None = None) -> None:
        points = torch.Generator().manual_seed(0)
        self.labels = torch.arange(self.size) % 3
        self.points = torch.randn(self.size, 4, 2, 2, generator=points) + self.labels[:, None, None, None]
        self.layer = nn.Conv2d(4, 3, 2).to(memory_format=torch.channels_last)
        nn.init.constant_(self.layer.weight, 0.1)
        nn.init.zeros_(self.layer.bias)
        self.parameters: Mapping[str, nn.Parameter] = dict(self.layer.named_parameters())
        self.validation_losses = validation_losses
        self.validated: list[Tensor] = []

    def accumulate(self, positions: Tensor, epoch: int, tick: Tick) -> Score:
        points = functional.dropout(self.points[positions], 0.3)
        loss = functional.cross_entropy(self.layer(points).flatten(1), self.labels[positions])
        loss.backward()
        tick(len(positions))
        return Score(float(loss.detach()), 0.5)

    def validate(self, tick: Tick) -> Score:
        self.validated.append(self.layer.weight.detach().clone())
        if self.validation_losses:
            return Score(self.validation_losses[len(self.validated) - 1], 0.5)
        with torch.no_grad():
            return Score(float(functional.cross_entropy(self.layer(self.points).flatten(1), self.labels)), 0.5)


def silent(images: int) -> None:
    """Listens to nothing."""


def stop_after(calls: int) -> Tick:
    """Raises at the given call."""
    left = calls

    def tick(images: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Stop

    return tick


def trained(checkpoint: Path | None = None, tick: Tick = silent) -> tuple[Toy, TrainingResult]:
    toy = Toy()
    return toy, train(toy, PLAN, tick=tick, checkpoint=checkpoint)


def test_training_makes_the_loss_smaller_and_leaves_the_best_epoch() -> None:
    toy, result = trained()
    losses = [point.validation_loss for point in result.curve]
    assert losses[-1] < losses[0]
    assert losses[result.best_epoch - 1] == min(losses)
    assert torch.equal(toy.layer.weight, toy.validated[result.best_epoch - 1])


def test_the_same_seed_gives_the_same_numbers_whatever_was_drawn_before() -> None:
    one, result = trained()
    torch.rand(17)
    other, again = trained()
    assert torch.equal(one.layer.weight, other.layer.weight)
    assert result == again


def test_training_leaves_the_random_numbers_of_its_caller_alone() -> None:
    toy = Toy()
    torch.manual_seed(1)
    expected = torch.rand(1)
    torch.manual_seed(1)
    train(toy, PLAN, tick=silent)
    assert torch.equal(torch.rand(1), expected)


def test_patience_ends_the_training_with_the_best_weights() -> None:
    toy = Toy([3.0, 1.0, 2.0, 1.0, 1.5, 0.5])
    result = train(toy, TrainingPlan(6, 3, 8, 0.05, 0), tick=silent)
    assert (len(result.curve), result.best_epoch) == (5, 2)  # an equal loss is not an improvement
    assert torch.equal(toy.layer.weight, toy.validated[1])


@pytest.mark.parametrize("calls", [1, 4, 5, 9, 14, 23, 24])
def test_a_stopped_training_goes_on_to_the_same_bits(calls: int, tmp_path: Path) -> None:
    expected, whole = trained()
    checkpoint = tmp_path / "checkpoint.safetensors"
    with pytest.raises(Stop):
        trained(checkpoint, stop_after(calls))
    toy, result = trained(checkpoint)
    assert result == whole
    assert all(torch.equal(toy.parameters[name], expected.parameters[name]) for name in toy.parameters)
    assert len(toy.validated) == PLAN.epochs - (calls - 1) // 4  # finished epochs are not trained again


def test_a_loss_that_is_not_a_number_ends_the_training() -> None:
    with pytest.raises(BenchmarkError, match="epoch 2 is not a number"):
        train(Toy([1.0, float("nan")]), PLAN, tick=silent)


def test_every_epoch_has_random_numbers_of_its_own() -> None:
    assert len({epoch_seed(seed, epoch) for seed in range(20) for epoch in range(20)}) == 400
    assert all(0 <= epoch_seed(seed, 1) < 2**63 for seed in range(20))
