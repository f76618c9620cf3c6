"""The import report of a data set's page."""

import pytest
from django.utils import translation

from vision.ml.types import Dataset, Item, Problem, ProblemKind
from vision.presenters.datasets import FINDINGS_SHOWN, duplicates_sentence, findings, summary_sentence
from vision.presenters.import_result import problem_lines


def a_dataset(images: int, source_rows: int) -> Dataset:
    items = tuple(Item(row, f"{row}.png", 0, "", "0" * 64) for row in range(images))
    return Dataset("Shop", ("Lamp", "Watch"), items, source_rows)


@pytest.mark.parametrize(
    ("images", "rows", "sentence"),
    [
        (1050, 1050, "1,050 images in 2 classes."),
        (9, 10, "9 images in 2 classes. 1 of 10 source rows was left out."),
        (8, 10, "8 images in 2 classes. 2 of 10 source rows were left out."),
    ],
)
def test_the_summary_counts_images_and_rows_left_out(images: int, rows: int, sentence: str) -> None:
    assert summary_sentence(a_dataset(images, rows)) == sentence


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ([], ""),
        ([[0, 1]], "2 identical files in 1 group, kept in one part by every split but the original study's."),
        (
            [[0, 1], [2, 3, 4]],
            "5 identical files in 2 groups, kept in one part by every split but the original study's.",
        ),
    ],
)
def test_identical_files_are_counted_with_their_groups(groups: list[list[int]], sentence: str) -> None:
    assert duplicates_sentence(groups) == sentence


def test_problems_are_listed_by_kind_and_cut_where_there_are_many() -> None:
    missing = [Problem(ProblemKind.MISSING, row, f"{row}.png") for row in range(FINDINGS_SHOWN + 2)]
    duplicate, broken = findings([*missing, Problem(ProblemKind.DUPLICATE, 3, "again.png")])[::-1]
    assert (broken.title, broken.count, broken.more) == ("Missing images (left out)", FINDINGS_SHOWN + 2, 2)
    assert broken.entries[0] == ("1", "0.png")
    assert (duplicate.title, duplicate.entries) == ("Exact duplicates (kept)", (("4", "again.png"),))


def test_the_report_of_an_import_counts_its_problems_in_the_readers_language() -> None:
    counts = {ProblemKind.BROKEN: 1200, ProblemKind.DUPLICATE: 2}
    with translation.override("fr"):
        assert list(problem_lines(counts)) == [
            "Images illisibles (écartées)\xa0: 1\u202f200",
            "Doublons exacts (conservés)\xa0: 2",
        ]
