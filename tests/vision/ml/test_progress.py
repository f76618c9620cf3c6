"""One progress bar over several stages."""

from hypothesis import given
from hypothesis import strategies as st

from vision.ml.progress import Progress

Reports = list[tuple[int, int, str]]


@given(st.lists(st.tuples(st.integers(0, 50), st.lists(st.integers(0, 9))), max_size=6), st.integers(0, 20))
def test_the_bar_never_goes_back_or_beyond_its_end(stages: list[tuple[int, list[int]]], skipped: int) -> None:
    reports: Reports = []
    total = skipped + sum(units for units, _ in stages)
    progress = Progress(lambda *report: reports.append(report), total)
    progress.skip(skipped)
    for number, (units, steps) in enumerate(stages):
        progress.begin(f"stage {number}", units=units, steps=30)
        for count in steps:
            progress.advance(count)
    progress.finish()
    done = [report[0] for report in reports]
    assert done == sorted(done)
    assert done[-1] == total
    assert all(0 <= count <= total for count in done)


def test_a_stage_counts_its_units_and_the_next_one_completes_it() -> None:
    reports: Reports = []
    progress = Progress(lambda *report: reports.append(report), 30)
    progress.begin("features", units=20, steps=10)
    progress.advance(5)
    progress.begin("training", units=10, steps=2)
    progress.advance(1)
    assert reports == [(0, 30, "features"), (10, 30, "features"), (20, 30, "training"), (25, 30, "training")]
