"""Images that are byte for byte the same."""

from collections import defaultdict

from vision.ml.types import Item


def duplicate_groups(items: tuple[Item, ...]) -> tuple[tuple[int, ...], ...]:
    """Positions of the images that share their bytes, group by group, each of two or more, in the order of the data."""
    groups = defaultdict[str, list[int]](list)
    for position, item in enumerate(items):
        groups[item.sha256].append(position)
    return tuple(tuple(group) for group in groups.values() if len(group) > 1)
