"""The report that ``--json`` writes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from vision.ml import records
from vision.ml.comparison import Comparison
from vision.ml.evaluation import Evaluation
from vision.ml.original_study import FAULTS, PROTOCOL, PUBLISHED
from vision.ml.report.sentences import comparison_sentence, verdict_sentence
from vision.ml.report.summaries import ContenderSummary, summarise
from vision.ml.types import PARTS, ContenderRun, Dataset

#: Name and version; the number rises when a reader of the older form would misread the newer one.
SCHEMA: Final = "vision-benchmark/1"


def to_json(
    runs: Sequence[ContenderRun],
    evaluations: Sequence[Evaluation],
    comparisons: Sequence[Comparison],
    dataset: Dataset,
) -> dict[str, object]:
    """Everything but the probabilities of single images; ``evaluations`` are those of the runs, in their order."""
    summaries = summarise(runs, evaluations)
    pairs = list(zip(runs, evaluations, strict=True))
    return {
        "schema": SCHEMA,
        "dataset": _dataset(dataset),
        "contenders": [_contender(summary, pairs) for summary in summaries],
        "comparisons": [records.to_json(one) | {"sentence": comparison_sentence(one)} for one in comparisons],
        "verdict": verdict_sentence(summaries, comparisons),
        "original_study": {
            name: [records.to_json(record) for record in rows]
            for name, rows in (("published", PUBLISHED), ("protocol", PROTOCOL), ("faults", FAULTS))
        },
    }


def _dataset(dataset: Dataset) -> dict[str, object]:
    images = Counter(dataset.labels.tolist())
    return {
        "name": dataset.name,
        "fingerprint": dataset.fingerprint,
        "source_rows": dataset.source_rows,
        "images": len(dataset.items),
        "distinct_images": len({item.sha256 for item in dataset.items}),
        "classes": [{"name": name, "images": images[label]} for label, name in enumerate(dataset.classes)],
        "problems": [records.to_json(problem) for problem in dataset.problems],
    }


def _contender(summary: ContenderSummary, pairs: Sequence[tuple[ContenderRun, Evaluation]]) -> dict[str, object]:
    runs = [_run(run, evaluation) for run, evaluation in pairs if run.contender == summary.contender]
    return records.to_json(summary) | {"mean_test_accuracy": summary.test_accuracy.mean, "runs": runs}


def _run(run: ContenderRun, evaluation: Evaluation) -> dict[str, object]:
    return {
        "contender": run.contender,
        "fold": run.fold,
        "seed": run.seed,
        "test_accuracy": evaluation.test.accuracy,
        "split": {"sha256": run.split.sha256} | {part.value: len(run.split.positions(part)) for part in PARTS},
        "evaluation": records.to_json(evaluation),
        "best_epoch": run.best_epoch,
        "curve": [asdict(point) for point in run.curve],
        "cost": records.to_json(run.cost),
        "weights": records.to_json(run.weights),
        "settings": run.settings,
        "environment": run.environment,
    }
