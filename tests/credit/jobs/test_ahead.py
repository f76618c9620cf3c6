"""One item ahead: order, threads, and what goes wrong."""

import threading

import pytest

from credit.jobs.ahead import one_ahead


def test_results_come_in_order_and_each_item_once() -> None:
    assert list(one_ahead(str, range(5))) == ["0", "1", "2", "3", "4"]
    assert list(one_ahead(str, [])) == []


def test_the_next_item_is_worked_on_while_the_caller_has_the_last() -> None:
    started = [threading.Event() for _ in range(3)]

    def work(number: int) -> int:
        started[number].set()
        return number

    results = one_ahead(work, range(3))
    assert next(results) == 0
    assert started[1].wait(10)
    assert not started[2].is_set()
    assert list(results) == [1, 2]


def test_items_are_fetched_in_the_callers_thread_and_worked_on_in_another() -> None:
    def items():
        for _ in range(2):
            yield threading.get_ident()

    pairs = list(one_ahead(lambda fetched_in: (fetched_in, threading.get_ident()), items()))
    assert all(fetched_in == threading.get_ident() != worked_in for fetched_in, worked_in in pairs)


def test_a_failure_is_raised_where_its_result_would_have_come() -> None:
    results = one_ahead(lambda number: 1 // number, [1, 0, 1])
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
