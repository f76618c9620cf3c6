"""Folding finds a name however it is typed."""

import pytest

from credit.ml.names import LONGEST_NAME, LONGEST_SORT_NAME, fold_name, sort_name


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("D’Été", "d'ete"),
        ("dʼÉté", "D E\u0301te\u0301"),
        ("Jean‑Pierre", "jean-pierre"),
        ("Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ"),
        ("Юлия Йовович", "юлия иовович"),
        ("الزَّهـــراء", "الزهراء"),
        ("Sørensen", "sorensen"),
        ("Łukasz", "lukasz"),
        ("Straße", "STRASSE"),
        ("O\u200bBri\u00aden", "obrien"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_two_spellings_of_a_name_fold_to_the_same_words(name: str, typed: str) -> None:
    assert fold_name(name) == fold_name(typed) != ""


def test_two_different_names_of_another_script_stay_different() -> None:
    assert fold_name("Юлия") != fold_name("Юрий")


def test_a_name_whose_letters_become_several_still_fits_its_column() -> None:
    assert len(sort_name("ﬃ" * LONGEST_NAME, "ß" * LONGEST_NAME)) == LONGEST_SORT_NAME
