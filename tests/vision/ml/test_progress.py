"""Many stages, one bar."""

from hypothesis import given
from hypothesis import strategies as st

from vision.ml.progress import Progress

Calls = list[tuple[int, int, str]]


@given(st.lists(st.tuples(st.integers(0, 50), st.lists(st.integers(0, 9))), max_size=6), st.integers(0, 20))
def test_the_bar_never_goes_back_nor_beyond_its_end(stages: list[tuple[int, list[int]]], skipped: int) -> None:
    calls: Calls = []
    total = skipped + sum(units for units, _ in stages)
    progress = Progress(lambda *each: calls.append(each), total)
    progress.skip(skipped)
    for number, (units, steps) in enumerate(stages):
        progress.begin(f"stage {number}", units=units, steps=30)
        for count in steps:
            progress.advance(count)
    progress.finish()
    done = [each[0] for each in calls]
    assert done == sorted(done)
    assert done[-1] == total
    assert all(0 <= each <= total for each in done)


def test_a_stage_is_worth_its_units_and_finished_by_the_next() -> None:
    calls: Calls = []
    progress = Progress(lambda *each: calls.append(each), 30)
    progress.begin("features", units=20, steps=10)
    progress.advance(5)
    progress.begin("learning", units=10, steps=2)
    progress.advance(1)
    assert calls == [(0, 30, "features"), (10, 30, "features"), (20, 30, "learning"), (25, 30, "learning")]
