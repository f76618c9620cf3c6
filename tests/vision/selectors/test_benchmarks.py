"""Results as rows for lists and as records to compute with."""

from pathlib import Path

import pytest

from tests.builders.benchmarks import a_dataset, a_result, a_run
from vision.ml.evaluation import evaluate_run
from vision.ml.records import to_json
from vision.ml.types import Cost, EpochPoint, Part, WeightsSource
from vision.models import ContenderResult
from vision.selectors.benchmarks import contender_runs, evaluation_of, results, runs
from vision.selectors.datasets import stored_dataset

pytestmark = pytest.mark.django_db

COST = Cost("cpu", 1.0, 2.0, 0.5, 33.0, 10**9, 1000, 100)


def test_a_result_comes_back_as_the_record_it_was_made_from(vision_dir: Path) -> None:
    run = a_run(a_dataset(9))
    curve = [to_json(EpochPoint(1, 1.0, 0.5, 1.1, 0.4))]
    a_result(run, curve=curve, best_epoch=1, weights_source="demo", artefact="runs/1/x")

    (record,) = contender_runs(run)

    assert record.probabilities.shape == (9, 3)
    assert record.split.positions(Part.TEST).tolist() == [6, 7, 8]
    assert record.split.sha256 == ContenderResult.objects.get().split_sha256
    assert (record.cost, record.curve) == (COST, (EpochPoint(1, 1.0, 0.5, 1.1, 0.4),))
    assert record.weights.source is WeightsSource.DEMO
    assert record.artefact == vision_dir / "runs/1/x"


def test_an_evaluation_survives_its_storage() -> None:
    run = a_run(a_dataset(36))
    result = a_result(run, wrong=[6, 7, 8])
    evaluation = evaluate_run(contender_runs(run)[0], stored_dataset(run.dataset))
    result.refresh_from_db()

    assert evaluation_of(result) == evaluation
    assert (result.test_accuracy, evaluation.test.hits) == (0.75, 9)


def test_records_come_in_the_order_of_the_request_and_by_contender() -> None:
    run = a_run()
    for contender, fold in (("clip-small-zero-shot", 0), ("vgg16-narrow", 1), ("vgg16-narrow", 0)):
        a_result(run, contender, fold=fold)

    assert [(record.contender, record.fold) for record in contender_runs(run)] == [
        ("vgg16-narrow", 0),
        ("vgg16-narrow", 1),
        ("clip-small-zero-shot", 0),
    ]
    assert [record.contender for record in contender_runs(run, "clip-small-zero-shot")] == ["clip-small-zero-shot"]


def test_lists_defer_probabilities_and_need_as_many_queries_for_more_runs(django_assert_num_queries) -> None:
    for _ in range(3):
        run = a_run()
        a_result(run)
    with django_assert_num_queries(2):
        rows = [
            (row.dataset.name, row.job.status, [result.test_accuracy for result in row.results.all()]) for row in runs()
        ]
    assert len(rows) == 3
    assert results(run)[0].get_deferred_fields() == {"parts", "probabilities"}
