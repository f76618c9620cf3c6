"""Two things at once: the next chunk is computed while the database takes the last one."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def one_ahead(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """``work(item)`` of each item in turn, done in another thread, one item ahead of the caller.

    Items are fetched in the caller's thread: its database connection reads them.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        ahead: Future[Result] | None = None
        for item in items:
            done, ahead = ahead, pool.submit(work, item)
            if done is not None:
                yield done.result()
        if ahead is not None:
            yield ahead.result()
