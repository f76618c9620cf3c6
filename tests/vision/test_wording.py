"""Words for the English of the pure benchmark."""

import pickle

from django.utils import translation

from vision.ml.types import BenchmarkError, SeveralErrors
from vision.wording import contender_title, error_sentence


def test_an_error_keeps_its_sentence_and_values_through_a_process() -> None:
    error = BenchmarkError("There is no device “{name}”: choose auto, cpu or cuda.", name="{tpu}")
    error.add_note("In the child process")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert str(again) == "There is no device “{tpu}”: choose auto, cpu or cuda."
    assert (again.sentence, again.values) == (error.sentence, error.values)
    assert again.__notes__ == ["In the child process"]


def test_an_error_is_translated() -> None:
    error = BenchmarkError("There is no device “{name}”: choose auto, cpu or cuda.", name="tpu")
    with translation.override("en"):
        assert error_sentence(error) == str(error)
    with translation.override("fr"):
        french = error_sentence(error)
    assert french != str(error)
    assert "tpu" in french


def test_several_errors_are_listed_one_per_line() -> None:
    several = SeveralErrors([BenchmarkError("One is {size}.", size=1), BenchmarkError("Two is {size}.", size=2)])
    again = pickle.loads(pickle.dumps(several))  # noqa: S301 - our own bytes
    assert str(again) == "One is 1.\nTwo is 2."
    assert error_sentence(again) == "One is 1.\nTwo is 2."


def test_an_unregistered_contender_keeps_its_name() -> None:
    assert contender_title("of-old") == "of-old"
