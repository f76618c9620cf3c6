import json
import re

import pytest

from tests.builders.predictions import dataset_of, drawn, folds_of, probabilities_for, run_of
from vision.ml import records, report
from vision.ml.comparison import Verdict, compare_all
from vision.ml.evaluation import Evaluation, evaluate_run
from vision.ml.types import Problem, ProblemKind, WeightsSource

LABELS, _ = drawn(400, 7, seed=0)
DATASET = dataset_of(LABELS, 7, [f"content-{max(row, 3)}" for row in range(400)])
SKILLS = {"vgg16": 2.0, "clip-zero-shot": 2.1, "mobilenet_v3_large-finetuned": 4.0}


def benchmark(folds, contenders=tuple(SKILLS), source=WeightsSource.HUB):
    runs = [
        run_of(name, split, probabilities_for(LABELS, 7, len(name) + split.fold, SKILLS[name]), source=source)
        for name in contenders
        for split in folds_of(400, 5)[:folds]
    ]
    evaluations = [evaluate_run(run, DATASET) for run in runs]
    return runs, evaluations, compare_all(runs, DATASET.labels), DATASET


@pytest.fixture(scope="module")
def over_folds():
    return benchmark(5)


@pytest.fixture(scope="module")
def on_one_split():
    return benchmark(1)


def test_the_document_is_plain_json_with_a_versioned_schema(over_folds):
    document = report.to_json(*over_folds)
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["schema"] == report.SCHEMA == "vision-benchmark/1"


def test_each_contender_and_fold_has_its_test_accuracy_and_whole_evaluation(over_folds):
    runs, evaluations, _, _ = over_folds
    shown = [run for contender in report.to_json(*over_folds)["contenders"] for run in contender["runs"]]
    assert [(one["contender"], one["fold"], one["seed"]) for one in shown] == [(r.contender, r.fold, 0) for r in runs]
    for one, run, evaluation in zip(shown, runs, evaluations, strict=True):
        assert one["test_accuracy"] == evaluation.test.accuracy
        assert records.from_json(Evaluation, one["evaluation"]) == evaluation
        assert one["split"]["sha256"] == run.split.sha256
        assert sum(one["split"][part] for part in ("train", "validation", "test")) == 400
        assert one["settings"] == {"epochs": 3}


def test_contenders_have_means_with_their_spread(over_folds):
    _, evaluations, _, _ = over_folds
    first = report.to_json(*over_folds)["contenders"][0]
    values = [evaluation.test.accuracy for evaluation in evaluations[:5]]
    assert first["mean_test_accuracy"] == pytest.approx(sum(values) / 5)
    assert (first["test_accuracy"]["lowest"], first["test_accuracy"]["highest"]) == (min(values), max(values))
    assert first["test_accuracy"]["deviation"] > 0
    assert first["seconds"] == pytest.approx(5 * 5.5)


def test_the_document_describes_the_data_and_what_was_left_out():
    runs, evaluations, comparisons, _ = benchmark(1, ("vgg16",))
    problems = (Problem(ProblemKind.MISSING, 7, "7.jpg"),)
    dataset = type(DATASET)(DATASET.name, DATASET.classes, DATASET.items, 401, problems)
    shown = report.to_json(runs, evaluations, comparisons, dataset)["dataset"]
    assert (shown["images"], shown["source_rows"], shown["distinct_images"]) == (400, 401, 397)
    assert sum(one["images"] for one in shown["classes"]) == 400
    assert shown["problems"] == [{"kind": "missing", "row": 7, "key": "7.jpg", "detail": ""}]
    assert "1 missing" in report.table(runs, evaluations, comparisons, dataset)


def test_all_pairs_are_reported_with_their_sentence(over_folds):
    shown = report.to_json(*over_folds)["comparisons"]
    assert [(one["a"], one["b"]) for one in shown] == [
        ("vgg16", "clip-zero-shot"),
        ("vgg16", "mobilenet_v3_large-finetuned"),
        ("clip-zero-shot", "mobilenet_v3_large-finetuned"),
    ]
    assert [one["verdict"] for one in shown] == ["not_shown", "b_better", "b_better"]
    assert "not demonstrated" in shown[0]["sentence"]
    assert shown[1]["sentence"].startswith("mobilenet_v3_large-finetuned is more accurate than vgg16")
    assert "after Holm's correction" in shown[1]["sentence"]


@pytest.mark.parametrize("folds", [1, 5])
def test_the_table_fits_a_terminal_and_names_every_contender(folds):
    lines = report.table(*benchmark(folds)).split("\n")
    assert max(map(len, lines)) <= 100
    assert all(line == line.rstrip() for line in lines)
    for name in SKILLS:
        assert sum(line.startswith(name) for line in lines) >= 2


def test_contenders_are_listed_from_the_most_accurate_with_their_figures(on_one_split):
    runs, evaluations, _, _ = on_one_split
    rows = report.table(*on_one_split).split("\n\n")[1].split("\n")[1:]
    accuracy = {run.contender: one.test.accuracy for run, one in zip(runs, evaluations, strict=True)}
    assert [row.split()[0] for row in rows] == sorted(accuracy, key=accuracy.get, reverse=True)
    interval = evaluations[0].test.accuracy_interval
    own = next(row for row in rows if row.startswith("vgg16"))
    assert f"{accuracy['vgg16']:.1%}" in own
    assert f"{interval.low:.1%} - {interval.high:.1%}" in own


def test_columns_are_aligned(over_folds):
    contenders, pairs, published = report.table(*over_folds).split("\n\n")[1:4]
    for head, *rows in (contenders.split("\n"), published.split("\n")):
        assert {len(row) for row in rows} == {len(head)}
    head, *rows = pairs.split("\n")
    assert {re.search("  (the second|not shown)$", row).start() for row in rows} == {head.index("  better")}


def test_the_original_studys_rows_are_shown_with_ours(over_folds):
    block = report.table(*over_folds).split("\n\n")[3]
    assert re.search(r"VGG16 \+ augmentation, as published +p > 0.5 +91.33 +78.07 +84.23 +86.92 +62.00 +72.37", block)
    assert re.search(r"CLIP, as published +weighted +82.90 +82.33 +82.28 +78.40 +77.33 +77.63", block)
    assert re.search(r"\nvgg16 +p > 0.5( +\d+\.\d\d){6}", block)
    assert re.search(r"\nclip-zero-shot +weighted( +\d+\.\d\d){6}", block)


def test_the_table_ends_with_the_verdict(over_folds):
    last = report.table(*over_folds).split("\n\n")[-1].replace("\n", " ")
    assert last.startswith("Verdict: mobilenet_v3_large-finetuned has the highest accuracy")
    assert last.endswith("demonstrably more accurate than vgg16 and clip-zero-shot.")


def test_the_verdict_on_two_that_cannot_be_distinguished_claims_nothing():
    runs, evaluations, comparisons, dataset = benchmark(5, ("vgg16", "clip-zero-shot"))
    assert comparisons[0].verdict is Verdict.NOT_SHOWN
    last = report.table(runs, evaluations, comparisons, dataset).split("\n\n")[-1].replace("\n", " ")
    assert "A difference between vgg16 and clip-zero-shot is not demonstrated" in last
    assert "over 5 folds" in last
    assert "Holm" not in last
    assert "better" not in last
    assert "more accurate" not in last


def test_the_best_of_several_is_not_called_so_where_nothing_is_shown(on_one_split):
    runs, evaluations, comparisons, _ = on_one_split
    doubtful = [records.from_json(type(one), records.to_json(one) | {"verdict": "not_shown"}) for one in comparisons]
    shown = report.verdict_sentence(report.summarise(runs, evaluations), doubtful)
    assert "not demonstrably the best" in shown
    assert "demonstrably more accurate" not in shown


def test_one_contender_is_not_compared():
    text = report.table(*benchmark(1, ("vgg16",)))
    assert text.endswith("Verdict: One contender ran: there is nothing to compare.")


@pytest.mark.parametrize(
    ("source", "note"), [(WeightsSource.NONE, r"\* random weights"), (WeightsSource.DEMO, "† small weights")]
)
def test_random_and_demonstration_weights_are_marked(source, note):
    text = report.table(*benchmark(1, source=source))
    assert re.search(note, text)
    assert re.search(r"mobilenet_v3_large-finetuned[*†] ", text)
    assert not re.search(note, report.table(*benchmark(1)))


def test_evaluations_of_other_runs_are_refused(on_one_split):
    runs, evaluations, comparisons, dataset = on_one_split
    with pytest.raises(ValueError, match="zip"):
        report.to_json(runs, evaluations[:-1], comparisons, dataset)
