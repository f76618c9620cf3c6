"""What a run of the generator leaves behind: the same bytes each time, all files or none, and messages."""

import hashlib
from pathlib import Path

import polars as pl
import pytest

from credit.ml.columns import APPLICATION, SIDE_TABLES, TARGET
from credit.ml.progress import ignore_progress
from demo.home_credit import generate, population
from demo.home_credit.writing import TableFiles
from tests.builders.home_credit import check_folders

FILES = {"application_train", "application_test", "identities", *(schema.name for schema in SIDE_TABLES)}


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_seed_and_size_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        generate(tmp_path / name, clients=400, seed=7, on_progress=ignore_progress)
    assert hashes(tmp_path / "first") == hashes(tmp_path / "second")


def test_another_seed_changes_every_file(tmp_path: Path) -> None:
    generate(tmp_path / "first", clients=400, seed=7, on_progress=ignore_progress)
    generate(tmp_path / "second", clients=400, seed=8, on_progress=ignore_progress)
    first, second = hashes(tmp_path / "first"), hashes(tmp_path / "second")
    assert [name for name in first if first[name] == second[name]] == []


def test_every_file_has_the_published_columns_in_the_published_order(tmp_path: Path) -> None:
    generate(tmp_path, clients=50, seed=1, on_progress=ignore_progress)
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.csv" for name in FILES}
    identifier, *others = APPLICATION.columns
    assert header(tmp_path / "application_train.csv") == [identifier, TARGET, *others]
    assert header(tmp_path / "application_test.csv") == [identifier, *others]
    for schema in SIDE_TABLES:
        assert header(tmp_path / f"{schema.name}.csv") == list(schema.columns)
    assert header(tmp_path / "identities.csv") == ["SK_ID_CURR", "FIRST_NAME", "LAST_NAME", "AGENCY"]


def header(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as lines:
        return next(lines).strip().split(",")


def test_the_import_finds_nothing_to_report(tmp_path: Path) -> None:
    generate(tmp_path, clients=300, seed=3, on_progress=ignore_progress)
    assert list(check_folders([tmp_path])) == []


def test_numbers_are_written_as_kaggle_writes_them(tmp_path: Path) -> None:
    generate(tmp_path, clients=300, seed=3, on_progress=ignore_progress)
    rows = pl.read_csv(tmp_path / "application_train.csv", infer_schema=False)
    assert rows["DAYS_BIRTH"].str.contains(r"^-\d+$").all()
    for name in ("AMT_CREDIT", "AMT_ANNUITY", "AMT_INCOME_TOTAL"):
        assert rows[name].str.contains(r"^\d+\.[05]$").all()
    assert rows["OWN_CAR_AGE"].drop_nulls().str.contains(r"^\d+\.0$").all()
    side = pl.read_csv(tmp_path / "installments_payments.csv", infer_schema=False)
    assert side["AMT_PAYMENT"].drop_nulls().str.contains(r"^\d+\.\d{1,3}$").all()


def test_parts_join_into_one_population(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "PART_SIZE", 120)
    seen: list[tuple[int, int]] = []
    generate(tmp_path, clients=300, seed=5, on_progress=lambda done, total, _: seen.append((done, total)))
    assert seen == [(120, 300), (240, 300), (300, 300)]
    train, test = (pl.read_csv(tmp_path / f"application_{name}.csv")["SK_ID_CURR"] for name in ("train", "test"))
    assert sorted([*train, *test]) == list(range(100_001, 100_301))
    for table, key in (("bureau", "SK_ID_BUREAU"), ("previous_application", "SK_ID_PREV")):
        assert pl.read_csv(tmp_path / f"{table}.csv")[key].is_unique().all()
    assert not pl.read_csv(tmp_path / "installments_payments.csv").is_duplicated().any()


def test_the_share_of_test_clients_is_kaggles(tmp_path: Path) -> None:
    generate(tmp_path, clients=1000, seed=5, on_progress=ignore_progress)
    assert pl.read_csv(tmp_path / "application_test.csv").height == round(1000 * 48_744 / 356_255)


@pytest.mark.parametrize(("clients", "seed"), [(49, 1), (0, 1), (-5, 1), (50_000_000, 1), (50, -1)])
def test_an_impossible_order_is_refused_before_anything_is_written(tmp_path: Path, clients: int, seed: int) -> None:
    with pytest.raises(ValueError, match="must"):
        generate(tmp_path / "new", clients=clients, seed=seed, on_progress=ignore_progress)
    assert not (tmp_path / "new").exists()


def test_a_stopped_run_leaves_the_earlier_files_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(tmp_path, clients=60, seed=1, on_progress=ignore_progress)
    before = hashes(tmp_path)
    monkeypatch.setattr(population, "PART_SIZE", 100)

    def stop(done: int, total: int, message: str) -> None:
        raise InterruptedError(message)

    with pytest.raises(InterruptedError):
        generate(tmp_path, clients=300, seed=2, on_progress=stop)
    assert hashes(tmp_path) == before


def test_what_a_killed_run_left_is_overwritten(tmp_path: Path) -> None:
    generate(tmp_path / "clean", clients=60, seed=1, on_progress=ignore_progress)
    (tmp_path / "dirty").mkdir()
    (tmp_path / "dirty" / ".bureau.csv.part").write_text("half a row")
    generate(tmp_path / "dirty", clients=60, seed=1, on_progress=ignore_progress)
    assert hashes(tmp_path / "dirty") == hashes(tmp_path / "clean")


def test_no_final_name_exists_before_the_end(tmp_path: Path) -> None:
    with TableFiles(tmp_path) as files:
        files.append("table", pl.DataFrame({"A": [1]}))
        assert not (tmp_path / "table.csv").exists()
        files.append("table", pl.DataFrame({"A": [2]}))
    assert (tmp_path / "table.csv").read_text() == "A\n1\n2\n"
