"""Generates all tables, part by part."""

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from credit.ml import columns as schemas
from credit.ml.columns import TARGET, TableSchema
from credit.ml.progress import ProgressCallback
from demo.home_credit.application import draw_application
from demo.home_credit.bureau import draw_bureau
from demo.home_credit.cards import draw_cards
from demo.home_credit.identities import draw_identities
from demo.home_credit.loans import draw_loan_payments
from demo.home_credit.population import Clients, draw_population
from demo.home_credit.previous import draw_previous
from demo.home_credit.previous_table import previous_columns
from demo.home_credit.schedule import draw_schedule
from demo.home_credit.traits import draw_traits
from demo.home_credit.writing import TableFiles, table_frame

FEWEST_CLIENTS: Final = 50
MOST_CLIENTS: Final = 5_000_000
Frames = dict[str, pl.DataFrame]
#: The application table with the target beside the id, as in the published file.
LABELLED_APPLICATION: Final = TableSchema(
    "application_train",
    {schemas.CLIENT_ID: pl.Int64, TARGET: pl.Int64, **schemas.APPLICATION.columns},
)


def generate(folder: Path, *, clients: int, seed: int, on_progress: ProgressCallback) -> None:
    """Writes the eight Kaggle files and ``identities.csv`` of ``clients`` fictitious clients into the folder.

    The same seed and size give the same bytes. Progress counts clients. Files appear under their final names only
    when all are complete; those of an earlier run are replaced.

    Raises ValueError for fewer than 50 or more than 5 million clients, or a negative seed.
    """
    if not FEWEST_CLIENTS <= clients <= MOST_CLIENTS:
        raise ValueError(f"The number of clients must lie between {FEWEST_CLIENTS} and {MOST_CLIENTS}, not {clients}.")
    if seed < 0:
        raise ValueError(f"The seed must not be negative, but it is {seed}.")
    root = np.random.SeedSequence(seed)
    population_seed, parts_seed = root.spawn(2)
    done = 0
    with TableFiles(folder) as files:
        for part in draw_population(np.random.default_rng(population_seed), clients):
            frames = draw_part(part, parts_seed.spawn(1)[0])
            for name, frame in frames.items():
                files.append(name, frame)
            done += len(part.ids)
            on_progress(done, clients, "clients")


def draw_part(clients: Clients, seed: np.random.SeedSequence) -> Frames:
    """The rows of all tables for one part of the population, by name of the file."""
    trait_rng, application_rng, bureau_rng, previous_rng, loan_rng, card_rng, name_rng = (
        np.random.default_rng(child) for child in seed.spawn(7)
    )
    traits = draw_traits(trait_rng, len(clients.ids))
    application, person = draw_application(application_rng, clients, traits)
    bureau = draw_bureau(bureau_rng, clients, traits)
    previous = draw_previous(previous_rng, clients, traits)
    schedule = draw_schedule(previous_rng, previous, traits.at(previous.owner))
    previous_rows = table_frame(
        schemas.PREVIOUS_APPLICATION, previous_columns(previous_rng, clients, previous, schedule)
    )
    pos, loan_instalments = draw_loan_payments(loan_rng, clients, previous, schedule, traits)
    cards, card_instalments = draw_cards(card_rng, clients, previous, traits)
    instalments = pl.concat(
        table_frame(schemas.INSTALLMENTS_PAYMENTS, rows) for rows in (loan_instalments, card_instalments)
    )
    applications = table_frame(LABELLED_APPLICATION, application)
    is_test = pl.Series(clients.is_test)
    return {
        "bureau_balance": table_frame(schemas.BUREAU_BALANCE, bureau.statuses),
        "bureau": table_frame(schemas.BUREAU, bureau.credits),
        "credit_card_balance": table_frame(schemas.CREDIT_CARD_BALANCE, cards),
        "installments_payments": _shuffled(loan_rng, instalments),
        "POS_CASH_balance": table_frame(schemas.POS_CASH_BALANCE, pos),
        "previous_application": _shuffled(previous_rng, previous_rows),
        "identities": draw_identities(name_rng, clients, person.is_woman),
        "application_test": applications.filter(is_test).drop(TARGET),
        "application_train": applications.filter(~is_test),
    }


def _shuffled(rng: np.random.Generator, frame: pl.DataFrame) -> pl.DataFrame:
    """The rows in random order: the published files are not sorted either."""
    return frame[rng.permutation(frame.height)]
