"""Logistic regression on unit features, its strength chosen on the validation images."""

import torch
from torch import Tensor
from torch.nn import functional

from vision.ml.contenders import ProbeSettings
from vision.ml.hardware import single_thread
from vision.ml.learners.classifier import FeatureClassifier
from vision.ml.learners.head import score_of
from vision.ml.learners.task import Learned, Task
from vision.ml.training import Tick


def learn_probe(task: Task, settings: ProbeSettings) -> Learned:
    """The regression whose C has the best validation accuracy; of equal ones, the smaller validation loss."""
    rows = functional.normalize(task.encoded.features.double().cpu(), dim=-1)
    labels, train, validation = task.labels.cpu(), task.train.cpu(), task.validation.cpu()
    weights = torch.zeros(len(task.dataset.classes), rows.shape[1] + 1, dtype=torch.float64)
    fits = []
    with single_thread():
        for strength in settings.strengths:
            weights = fit_logistic(
                rows[train], labels[train], weights, strength=strength, iterations=settings.iterations, tick=task.tick
            )
            score = score_of(rows[validation] @ weights[:, :-1].T + weights[:, -1], labels[validation])
            fits.append((score.accuracy, -score.loss, strength, weights))
            task.tick(1)
    _, _, strength, weights = max(fits, key=lambda fit: fit[:2])
    classifier = FeatureClassifier((rows.shape[1], len(task.dataset.classes)), has_unit_rows=True)
    classifier.set_linear(weights[:, :-1], weights[:, -1])
    accuracies = {str(strength): accuracy for accuracy, _, strength, _ in fits}
    return Learned(
        classifier.to(task.device),
        task.encoded.features,
        choices={"strength": strength, "validation_accuracy_by_strength": accuracies},
        trained_parameters=weights.numel(),
    )


def fit_logistic(
    rows: Tensor, labels: Tensor, start: Tensor, *, strength: float, iterations: int, tick: Tick
) -> Tensor:
    """Weights and, in the last column, intercepts, (C, D + 1) float64, of a multinomial logistic regression.

    Minimises strength × summed cross-entropy + ½ |weights|², intercepts free, from ``start``.
    Source: the objective of scikit-learn's LogisticRegression(C=strength); a test compares both.
    """
    weights = start.clone().requires_grad_()
    optimiser = torch.optim.LBFGS(
        [weights], max_iter=iterations, tolerance_grad=1e-7, tolerance_change=1e-12, line_search_fn="strong_wolfe"
    )
    scale = 1 / (strength * len(rows))

    def objective() -> Tensor:
        tick(0)
        optimiser.zero_grad()
        logits = rows @ weights[:, :-1].T + weights[:, -1]
        loss = functional.cross_entropy(logits, labels) + scale / 2 * weights[:, :-1].square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(objective)  # type: ignore[no-untyped-call]
    return weights.detach()
