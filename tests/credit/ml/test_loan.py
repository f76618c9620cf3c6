"""The arithmetic of a loan, on loans of every size."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from credit.ml.loan import (
    FEWEST,
    HELD_BY_DEFAULT,
    HIGHEST_RATE,
    MOST,
    Loan,
    NeverRepaid,
    Quantity,
    effort_rate,
    left_to_live_on,
    whole_count,
)

AMOUNTS = st.floats(5_000, 5_000_000).map(lambda value: round(value, 2))
#: Amount over instalment: what the published applications have, and more.
RATIOS = st.floats(4.9, 59)
COUNTS = st.integers(FEWEST, MOST)


@st.composite
def loans(draw: st.DrawFn) -> Loan:
    amount, ratio = draw(AMOUNTS), draw(RATIOS)
    price = draw(st.one_of(st.just(math.nan), st.floats(0.5, 2.0).map(lambda share: amount * share)))
    return read(amount, round(amount / ratio, 2), price)


def read(amount: float, instalment: float, price: float = math.nan) -> Loan:
    loan = Loan.read({"AMT_CREDIT": amount, "AMT_ANNUITY": instalment, "AMT_GOODS_PRICE": price})
    assert loan is not None
    return loan


def balance(loan: Loan) -> float:
    """What is still owed after the last instalment, month by month."""
    owed = loan.amount
    for _month in range(loan.count):
        owed = owed * (1 + loan.rate) - loan.instalment
    return owed


@given(loans())
def test_the_instalments_of_a_file_repay_its_amount_to_the_cent(loan: Loan) -> None:
    assert balance(loan) == pytest.approx(0, abs=1e-4 * loan.amount)
    assert 0 <= loan.rate <= HIGHEST_RATE
    assert loan.total == pytest.approx(loan.amount + loan.interest)
    assert loan.interest > -0.01 * loan.count


@given(loans())
def test_a_whole_number_of_instalments_gives_back_the_stated_instalment(loan: Loan) -> None:
    assert loan.with_count(loan.count).instalment == pytest.approx(loan.instalment, abs=0.011)
    assert whole_count(loan.amount, loan.instalment, loan.rate) == loan.count


@given(loans(), AMOUNTS, COUNTS)
def test_two_quantities_determine_the_third_at_the_same_rate(loan: Loan, amount: float, count: int) -> None:
    changed = loan.changed({Quantity.AMOUNT: amount, Quantity.COUNT: count})
    assert (changed.amount, changed.count, changed.rate) == (amount, count, loan.rate)
    assert balance(changed) == pytest.approx(0, abs=0.01 * (1 + loan.rate) ** count * count)
    back = loan.changed({Quantity.INSTALMENT: changed.instalment, Quantity.COUNT: count})
    assert back.amount == pytest.approx(amount, rel=1e-3, abs=1)


@given(loans(), st.sampled_from(Quantity), st.sampled_from(Quantity), st.floats(0.6, 1.6))
def test_what_is_held_stays_and_the_rest_follows(loan: Loan, moved: Quantity, held: Quantity, factor: float) -> None:
    before = {Quantity.AMOUNT: loan.amount, Quantity.INSTALMENT: loan.instalment, Quantity.COUNT: loan.count}
    value = max(round(before[moved] * factor), 1)
    try:
        after = loan.changed({moved: value}, held)
    except NeverRepaid:
        assert Quantity.COUNT not in (moved, held)
        return
    kept = held if held != moved else HELD_BY_DEFAULT[moved]
    values = {Quantity.AMOUNT: after.amount, Quantity.INSTALMENT: after.instalment, Quantity.COUNT: after.count}
    assert isinstance(after.count, int)
    for quantity, target in ((moved, value), (kept, before[kept])):
        if quantity == Quantity.INSTALMENT and {moved, kept} == {Quantity.INSTALMENT, Quantity.AMOUNT}:
            assert values[quantity] <= target + 0.01  # whole instalments: at most what was chosen
            fewer = after.count - 1
            assert fewer == 0 or loan.scaled(after.amount).with_count(fewer).instalment > target - 0.01
        else:
            assert values[quantity] == pytest.approx(target, abs=0.06)


@given(loans(), st.integers(2, 40))
def test_a_longer_loan_has_smaller_instalments_and_costs_more(loan: Loan, more: int) -> None:
    assume(loan.rate > 1e-3)
    longer = loan.with_count(loan.count + more)
    assert longer.instalment < loan.instalment
    assert longer.total > loan.total


@given(loans(), st.floats(0, 0.95))
def test_a_down_payment_is_what_the_amount_leaves_of_the_price(loan: Loan, share: float) -> None:
    assume(loan.price > 0)
    down_payment = loan.price * share
    amount = loan.amount_after(down_payment)
    assert loan.scaled(amount).down_payment == pytest.approx(down_payment, abs=0.011)
    assert loan.amount_after(loan.down_payment) == pytest.approx(loan.amount, abs=0.011)


@pytest.mark.parametrize("blank", ["AMT_CREDIT", "AMT_ANNUITY"])
def test_a_blank_amount_or_instalment_gives_no_loan(blank: str) -> None:
    columns = {"AMT_CREDIT": 1e5, "AMT_ANNUITY": 5e3, "AMT_GOODS_PRICE": 1e5, blank: math.nan}
    assert Loan.read(columns) is None


def test_an_instalment_below_the_interest_never_repays() -> None:
    loan = read(100_000, 6_000)
    with pytest.raises(NeverRepaid):
        loan.with_instalment(loan.amount * loan.rate)


@given(st.floats(0.05, 500), AMOUNTS)
def test_any_ratio_of_amount_and_instalment_has_terms(ratio: float, amount: float) -> None:
    loan = read(amount, amount / ratio)
    assert loan.count >= ratio - 1e-9
    assert balance(loan) == pytest.approx(0, abs=1e-3 * amount)


def test_a_known_loan() -> None:
    """10,000 over 24 months at 2 % a month, from any table of annuities."""
    loan = Loan(10_000, 528.71, 24, 0.02)
    assert loan.with_count(24).instalment == 528.71
    assert loan.with_count(12).instalment == 945.60
    assert loan.with_instalment(600).count == 21


def test_the_budget_is_monthly() -> None:
    assert effort_rate(24_000, 120_000) == 0.2
    assert left_to_live_on(120_000, 24_000, 1_500) == 94_500
