"""The compiled part: contributions of blocks of clients, one client per SIMD lane."""

# mypy: ignore-errors
# numba types this file when it compiles it; Python types cannot describe code that generates code.
# The compiled code is cached until this file changes: after a change in ``lanes``, change something here too.

import numpy as np
from numba import njit

from credit.ml.treeshap.lanes import WIDTH, at_most, at_most_or_nan, equal_or_nan, load, splat, store
from credit.ml.treeshap.plan import BLANK_LEFT, BLANK_RIGHT, ZERO_LEFT


@njit(nogil=True, cache=True, error_model="numpy")
def _decide(splits, blocks, first_row, went_left, effect, alive):
    """Sends every client left (1) or right (0) at every split of a tree.

    ``effect`` is went_left - left_fraction, or 0 where an earlier split on the same feature sent the client elsewhere
    (``alive`` 0): this split then adds nothing about the feature.
    """
    for i in range(len(splits)):
        split = splits[i]
        value = load(blocks, first_row + split.feature)
        if split.blank == BLANK_RIGHT:
            left = at_most(value, split.threshold)
        elif split.blank == BLANK_LEFT:
            left = at_most_or_nan(value, split.threshold)
        else:
            side = 1.0 if split.blank == ZERO_LEFT else 0.0
            left = at_most(value, split.threshold)
            left = left + equal_or_nan(value, 0.0) * (side - left)
        store(went_left, i, left)
        if split.repeats < 0:
            store(effect, i, left - split.left_fraction)
            continue
        above = load(went_left, split.repeats)
        if split.repeat_side == 1:
            above = 1.0 - above
        if splits[split.repeats].repeats >= 0:
            above = above * load(alive, split.repeats)
        store(alive, i, above)
        store(effect, i, above * (left - split.left_fraction))


@njit(nogil=True, cache=True, error_model="numpy")
def _expect(splits, points, rise, effect, expected):
    """Fills ``expected``: the mean leaf below each split at each quadrature point, children before parents."""
    for i in range(len(splits) - 1, -1, -1):
        split = splits[i]
        step = load(effect, i)
        left = splat(split.left_value)
        right = splat(split.right_value)
        for q in range(points):
            if split.left >= 0:
                left = load(expected, split.left * points + q)
            if split.right >= 0:
                right = load(expected, split.right * points + q)
            share = split.left_fraction + rise[split.table + q] * step
            store(expected, i * points + q, right + share * (left - right))


@njit(nogil=True, cache=True, error_model="numpy")
def _attribute(splits, points, rise, weight, effect, expected, reach, totals, first_row):
    """Adds each split's contribution to its feature, parents before children.

    ``reach`` holds the share of the client that reaches each split still to be visited, at first the root's.
    """
    for i in range(len(splits)):
        split = splits[i]
        step = load(effect, i)
        left = splat(split.left_value)
        right = splat(split.right_value)
        left_slot = split.slot + 1 if split.right >= 0 else split.slot
        gained = splat(0.0)
        for q in range(points):
            if split.left >= 0:
                left = load(expected, split.left * points + q)
            if split.right >= 0:
                right = load(expected, split.right * points + q)
            here = load(reach, split.slot * points + q)
            gained = gained + (weight[split.table + q] * here) * (left - right)
            to_left = here * (split.left_fraction + rise[split.table + q] * step)
            if split.right >= 0:
                store(reach, split.slot * points + q, here - to_left)
            if split.left >= 0:
                store(reach, left_slot * points + q, to_left)
        row = first_row + split.feature
        store(totals, row, load(totals, row) + gained * step)


@njit(nogil=True, cache=True, error_model="numpy")
def add_contributions(splits, trees, rise, weight, quadrature, blocks, totals, features):
    """Adds the contributions of all trees to ``totals``; both arrays are flat, (blocks, features, WIDTH)."""
    most_splits = 1
    most_points = 1
    for tree in trees:
        most_splits = max(most_splits, tree.splits)
        most_points = max(most_points, tree.points)
    went_left = np.empty(most_splits * WIDTH)
    effect = np.empty(most_splits * WIDTH)
    alive = np.empty(most_splits * WIDTH)
    expected = np.empty(most_splits * most_points * WIDTH)
    reach = np.empty(most_splits * most_points * WIDTH)
    for block in range(len(blocks) // (features * WIDTH)):
        first_row = block * features
        for tree in trees:
            own = splits[tree.start : tree.start + tree.splits]
            _decide(own, blocks, first_row, went_left, effect, alive)
            _expect(own, tree.points, rise, effect, expected)
            for q in range(tree.points):
                store(reach, q, splat(quadrature[tree.quadrature + q]))
            _attribute(own, tree.points, rise, weight, effect, expected, reach, totals, first_row)
