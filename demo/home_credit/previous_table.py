"""The columns of ``previous_application``: labels and dates that follow from the applications themselves."""

from typing import Final

import numpy as np

from credit.ml.columns import DAYS_SENTINEL
from demo.home_credit import previous_shares
from demo.home_credit.population import Clients
from demo.home_credit.previous import (
    APPROVED,
    CASH,
    CONSUMER,
    REFUSED,
    REVOLVING,
    STATUSES,
    UNUSED,
    PreviousApplications,
)
from demo.home_credit.sampling import (
    BoolArray,
    Coded,
    Columns,
    FloatArray,
    IntArray,
    Knots,
    blank,
    chance,
    choose,
    pick,
    with_margin,
)
from demo.home_credit.schedule import Schedule

PRIMARY_RATE: Final[Knots] = (0.035, 0.0591, 0.1424, 0.1607, 0.1891, 0.1933, 0.1969, 0.6962, 0.745)
PRIVILEGED_RATE: Final[Knots] = (0.373, 0.4244, 0.6379, 0.7156, 0.8351, 0.8525, 0.8673, 0.8673, 0.8674)
SELLER_AREA: Final[Knots] = (1, 2, 12, 36, 100, 584, 2641, 4601, 6000)
#: Share of walk-in customers among cash loans by yield group, and among cards.
WALK_IN_CASH: Final = np.array([0.37, 0.18, 0.127, 0.347])
WALK_IN_CARD: Final = 0.344
#: Shares of unreported types of payment and companions, by status.
NO_PAYMENT_TYPE: Final = np.array([0.205, 0.99, 0.355, 0.02])
COMPANION_UNREPORTED: Final = np.array([0.345, 0.967, 0.40, 0.81])
#: The lender's own definition of the rate: down payment over price, times this.
DOWN_PAYMENT_SCALE: Final = 1.0891


def previous_columns(
    rng: np.random.Generator, clients: Clients, previous: PreviousApplications, schedule: Schedule
) -> Columns:
    """Every column of the table ``previous_application``."""
    count = len(previous.ids)
    no_terms = ~previous.has_amount | (previous.status == UNUSED)
    is_consumer = previous.kind == CONSUMER
    down_known = is_consumer & (previous.has_amount | (previous.status == REFUSED))
    financed = np.maximum(previous.credit + previous.down_payment, 1.0)
    asked = np.where(previous.has_amount, previous.asked, 0.0)
    granted_card = (previous.kind == REVOLVING) & (previous.status == APPROVED)
    return {
        "SK_ID_PREV": previous.ids,
        "SK_ID_CURR": clients.ids[previous.owner],
        "NAME_CONTRACT_TYPE": previous.kind_levels,
        "NAME_CONTRACT_STATUS": Coded(previous.status, STATUSES),
        "DAYS_DECISION": previous.decided,
        "AMT_ANNUITY": blank(previous.annuity, no_terms & ~granted_card),
        "AMT_APPLICATION": asked,
        "AMT_CREDIT": np.where(previous.has_amount | granted_card, previous.credit, 0.0),
        "AMT_DOWN_PAYMENT": blank(previous.down_payment, ~down_known),
        "RATE_DOWN_PAYMENT": blank(DOWN_PAYMENT_SCALE * previous.down_payment / financed, ~down_known),
        "AMT_GOODS_PRICE": blank(asked, ~previous.has_amount),
        "CNT_PAYMENT": blank(previous.term, no_terms & ~granted_card),
        "WEEKDAY_APPR_PROCESS_START": pick(rng, previous_shares.WEEKDAY, count),
        "HOUR_APPR_PROCESS_START": np.clip(np.rint(12.5 + 3.3 * rng.standard_normal(count)), 0, 23),
        "FLAG_LAST_APPL_PER_CONTRACT": Coded(chance(rng, 0.9949, count).astype(np.int64), ("N", "Y")),
        "NFLAG_LAST_APPL_IN_DAY": chance(rng, 0.9965, count).astype(np.int64),
        **_interest(rng, is_consumer & (previous.status == APPROVED)),
        **_product(rng, previous, no_terms),
        **_handling(rng, previous),
        **_dates(rng, previous, schedule),
    }


def _interest(rng: np.random.Generator, eligible: BoolArray) -> Columns:
    """Interest rates (scaled), recorded for one approved consumer loan in a hundred."""
    is_known = eligible & chance(rng, 0.0096, len(eligible))
    count = len(is_known)
    return {
        "RATE_INTEREST_PRIMARY": blank(np.round(with_margin(rng.standard_normal(count), PRIMARY_RATE), 6), ~is_known),
        "RATE_INTEREST_PRIVILEGED": blank(
            np.round(with_margin(rng.standard_normal(count), PRIVILEGED_RATE), 6), ~is_known
        ),
    }


def _product(rng: np.random.Generator, previous: PreviousApplications, no_terms: BoolArray) -> Columns:
    """Goods, shop, portfolio and the combined name of the product."""
    count = len(previous.ids)
    is_consumer = previous.kind == CONSUMER
    shop = pick(rng, {str(index): row[2] for index, row in enumerate(previous_shares.SHOPS)}, count).codes
    walk_in_share = np.where(previous.kind == CASH, WALK_IN_CASH[previous.yield_group.codes], WALK_IN_CARD)
    walk_in = chance(rng, walk_in_share, count)
    unnamed = no_terms & (previous.status != APPROVED)
    portfolio = np.where(unnamed, 3, previous.kind)
    product = np.select([is_consumer | unnamed, walk_in], [2, 1], 0)
    area = np.where(is_consumer, np.rint(with_margin(rng.standard_normal(count), SELLER_AREA)), -1.0)
    priced = ~unnamed & (previous.kind != REVOLVING)
    return {
        "NAME_GOODS_CATEGORY": _shop_column(shop, 1, is_consumer),
        "NAME_SELLER_INDUSTRY": _shop_column(shop, 0, is_consumer),
        "SELLERPLACE_AREA": area,
        "CHANNEL_TYPE": _by_kind(rng, previous.kind),
        "NAME_PORTFOLIO": Coded(portfolio, ("Cash", "POS", "Cards", "XNA")),
        "NAME_PRODUCT_TYPE": Coded(product, ("x-sell", "walk-in", "XNA")),
        "NAME_YIELD_GROUP": choose(~priced, "XNA", previous.yield_group),
        "PRODUCT_COMBINATION": _combination(previous, shop, walk_in, unnamed),
    }


def _shop_column(shop: IntArray, field: int, is_consumer: BoolArray) -> Coded:
    """One field of the shop of each consumer loan; XNA for other loans."""
    levels = ("XNA", *dict.fromkeys(str(row[field]) for row in previous_shares.SHOPS))
    codes = np.array([levels.index(str(row[field])) for row in previous_shares.SHOPS])
    return Coded(np.where(is_consumer, codes[shop], 0), levels)


def _by_kind(rng: np.random.Generator, kind: IntArray) -> Coded:
    """The channel through which each type of contract is sold."""
    levels = tuple(dict.fromkeys(level for channel in previous_shares.CHANNELS for level in channel))
    codes = np.empty(len(kind), np.int64)
    for code, channel in enumerate(previous_shares.CHANNELS):
        rows = np.flatnonzero(kind == code)
        picked = pick(rng, channel, len(rows))
        codes[rows] = np.array([levels.index(level) for level in picked.levels])[picked.codes]
    return Coded(codes, levels)


def _combination(previous: PreviousApplications, shop: IntArray, walk_in: BoolArray, unnamed: BoolArray) -> Coded:
    """Kaggle's PRODUCT_COMBINATION: type, way of sale or shop, and price in one name."""
    prices = ("low", "low", "middle", "high")
    cash = [f"Cash {sale}: {price}" for sale in ("X-Sell", "Street") for price in prices]
    goods = [f"POS {row[3]} with interest" for row in previous_shares.SHOPS]
    free = [f"POS {row[3]} without interest".replace("other ", "others ") for row in previous_shares.SHOPS]
    names = [*cash, *goods, *free, "Cash", "Card X-Sell", "Card Street"]
    levels = tuple(dict.fromkeys(names))
    yields = previous.yield_group.codes
    at_goods = len(cash) + shop + np.where(yields == 0, len(goods), 0)
    last = len(names)
    at = np.select(
        [(previous.kind == CASH) & unnamed, previous.kind == CASH, previous.kind == CONSUMER, walk_in | unnamed],
        [last - 3, yields + len(prices) * walk_in, at_goods, last - 1],
        last - 2,
    )
    return Coded(np.array([levels.index(name) for name in names])[at], levels)


def _handling(rng: np.random.Generator, previous: PreviousApplications) -> Columns:
    """How the application was handled: payment, reason of refusal, companion, client's standing, purpose."""
    count = len(previous.ids)
    refused = previous.status == REFUSED
    unpaid = chance(rng, NO_PAYMENT_TYPE[previous.status], count)
    reason = choose(~refused, "XAP", pick(rng, previous_shares.REJECT_REASONS, count))
    companion = pick(rng, previous_shares.COMPANION, count)
    oldest = _is_oldest(previous.owner, previous.decided)
    new = oldest & chance(rng, 0.84, count)
    standing = pick(rng, {"Repeater": 0.90, "Refreshed": 0.10}, count)
    return {
        "NAME_PAYMENT_TYPE": choose(unpaid, "XNA", pick(rng, previous_shares.PAYMENT, count)),
        "CODE_REJECT_REASON": choose(previous.status == UNUSED, "CLIENT", reason),
        "NAME_TYPE_SUITE": companion.blank(chance(rng, COMPANION_UNREPORTED[previous.status], count)),
        "NAME_CLIENT_TYPE": choose(new, "New", standing),
        "NAME_CASH_LOAN_PURPOSE": choose(previous.kind != CASH, "XAP", pick(rng, previous_shares.PURPOSES, count)),
    }


def _is_oldest(owner: IntArray, decided: FloatArray) -> BoolArray:
    """True at each client's earliest application."""
    order = np.lexsort((decided, owner))
    first = np.zeros(len(owner), np.bool_)
    first[order] = np.diff(owner[order], prepend=-1) > 0
    return first


def _dates(rng: np.random.Generator, previous: PreviousApplications, schedule: Schedule) -> Columns:
    """Dates of the contract: blank unless it began, 365243 where the date does not apply or lies ahead."""
    count = len(previous.ids)
    absent = ~previous.has_begun
    is_card = previous.kind == REVOLVING
    no_drawing = ~is_card | chance(rng, 0.363, count)
    drawing = np.minimum(previous.decided + np.rint(rng.exponential(60.0, count)), -1.0)
    no_due = np.where(is_card, chance(rng, 0.40, count), False) | (schedule.first_due >= 0)
    ended = np.minimum(schedule.last_due + np.rint(rng.exponential(6.0, count)), -1.0)
    open_end = ~schedule.has_ended
    last_due = np.maximum(schedule.last_due, np.where(is_card, schedule.first_due, -np.inf))

    def dated(days: FloatArray, sentinel: BoolArray) -> FloatArray:
        return blank(np.where(sentinel, DAYS_SENTINEL, days), absent)

    return {
        "DAYS_FIRST_DRAWING": dated(drawing, no_drawing),
        "DAYS_FIRST_DUE": dated(schedule.first_due, no_due),
        "DAYS_LAST_DUE_1ST_VERSION": dated(schedule.last_due_planned, is_card),
        "DAYS_LAST_DUE": dated(last_due, open_end),
        "DAYS_TERMINATION": dated(ended, open_end),
        "NFLAG_INSURED_ON_APPROVAL": blank(previous.insured.astype(np.float64), absent),
    }
