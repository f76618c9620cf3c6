"""The cost of monitoring and steering a model at full size: drift of every variable, groups, another threshold."""

import numpy as np

from credit.ml.application import COLUMNS
from credit.ml.drift import category_drift, number_drift
from credit.ml.fairness import measure_groups
from credit.ml.threshold import SIMULATION_RESAMPLES, CostRatio, choose_threshold
from tests.benchmarks.measuring import arguments, heading, line, timed

#: Kaggle's shares of applications with and without an outcome.
KNOWN_SHARE = 307_511 / 356_255
LEVELS = 8


def main() -> None:
    options = arguments(__doc__).parse_args()
    known = round(KNOWN_SHARE * options.clients)
    generator = np.random.default_rng(0)
    heading(f"{known:,} clients with an outcome, {options.clients - known:,} without")
    before = generator.normal(size=known).astype(np.float32)
    after = generator.normal(0.1, size=options.clients - known).astype(np.float32)
    seconds, _drift = timed(lambda: number_drift(before, after))
    line(
        "drift of one number", milliseconds=[1000 * seconds], note=f"all {len(COLUMNS)}: {seconds * len(COLUMNS):.0f} s"
    )
    codes = generator.integers(0, LEVELS, known).astype(np.float32)
    seconds, _drift = timed(lambda: category_drift(codes, codes[: len(after)], LEVELS))
    line("drift of one category", milliseconds=[1000 * seconds])
    probability = generator.beta(1, 11, known)
    target = (generator.random(known) < probability).astype(np.int8)
    groups = codes.astype(np.int64)
    names = [str(level) for level in range(LEVELS)]
    seconds, _groups = timed(
        lambda: measure_groups(target, probability, groups, names, threshold=0.09, costs=CostRatio())
    )
    line(f"{LEVELS} groups of one attribute", seconds=seconds)
    seconds, _choice = timed(lambda: choose_threshold(target, probability, resamples=SIMULATION_RESAMPLES))
    line("cheapest threshold, as simulated", milliseconds=[1000 * seconds])


if __name__ == "__main__":
    main()
