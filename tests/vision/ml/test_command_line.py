"""``python -m vision.ml``: exit codes, sentences, table and JSON."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders.image_datasets import (
    FLIPKART_FOLDER,
    ROOT,
    WEIGHTS_FOLDER,
    needs_flipkart,
    needs_real_weights,
    write_coloured_folder,
)
from tests.running.small_benchmarks import SMALL_FLAGS
from vision.ml.__main__ import main
from vision.ml.contenders import REGISTERED


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_coloured_folder(tmp_path_factory.mktemp("command"))


def command(source: Path, state: Path, *more: str) -> list[str]:
    return ["--data", str(source), "--state", str(state), *more]


def test_a_benchmark_prints_its_table_and_writes_its_report(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"
    arguments = command(source, tmp_path, "--contenders", "vgg16-narrow", "clip-small-zero-shot", *SMALL_FLAGS)
    assert main([*arguments, "--folds", "2", "--seed", "3", "--json", str(report)]) == 0
    output = capsys.readouterr()
    assert "vgg16-narrow" in output.out
    assert "Verdict" in output.out
    assert "Narrow VGG16, seed 3, fold 2 of 2: training" in output.err
    contenders = json.loads(report.read_text(encoding="utf-8"))["contenders"]
    assert [one["contender"] for one in contenders] == ["vgg16-narrow", "clip-small-zero-shot"]
    for one in contenders:
        assert [run["fold"] for run in one["runs"]] == [0, 1]
        assert all(0 <= run["test_accuracy"] <= 1 for run in one["runs"])


def test_a_finished_benchmark_leaves_features_and_no_work(source: Path, tmp_path: Path) -> None:
    arguments = command(source, tmp_path, "--contenders", "clip-small-linear-probe", *SMALL_FLAGS)
    assert main(arguments) == 0
    assert list((tmp_path / "features").rglob("*"))
    assert not list((tmp_path / "work").iterdir())


def test_what_the_user_can_mend_is_one_sentence_and_exit_code_1(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command(source, tmp_path, "--contenders", "vgg61")) == 1
    output = capsys.readouterr()
    assert output.err.startswith("\nThere is no contender “vgg61”. Did you mean")  # before any image is read
    assert output.err.count("vgg16") == 1


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (["--seed", "-1"], "A seed is a whole number between 0 and 2147483647."),
        (["--seed", "0", "2147483648"], "A seed is a whole number between 0 and 2147483647."),
        (["--folds", "1"], "Cross-validation needs two folds or more."),
        (["--epochs", "0"], "Training takes at least one epoch."),
        (["--json", "/nonexistent/x.json"], "/nonexistent/x.json cannot be written: No such file or directory."),
        (["--json", "/proc"], "/proc cannot be written: Is a directory."),
        (["--state", "/proc/x"], "/proc/x cannot be written: No such file or directory."),
        (["--state", __file__], f"{__file__} cannot be written: File exists."),
    ],
)
def test_unusable_options_are_one_sentence_before_any_image_is_read(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], flags: list[str], sentence: str
) -> None:
    state = tmp_path / "state"
    assert main(command(source, state, "--contenders", "vgg16-narrow", *SMALL_FLAGS[:3], *flags)) == 1
    output = capsys.readouterr()
    assert (output.out, output.err) == ("", f"\n{sentence}\n")
    assert not state.exists() or not list(state.iterdir())


def test_help_and_refusals_do_not_wait_for_torch() -> None:
    script = "import sys, vision.ml.__main__; print('torch' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    assert result.stdout.strip() == "False"


def test_a_folder_without_images_is_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main(command(tmp_path / "empty", tmp_path, "--contenders", "vgg16-narrow")) == 1
    assert main(command(tmp_path / "absent", tmp_path, "--contenders", "vgg16-narrow")) == 1
    assert "Traceback" not in capsys.readouterr().err


def test_ctrl_c_says_how_to_go_on(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("vision.ml.__main__._Bar.__call__", interrupt)
    assert main(command(source, tmp_path, "--contenders", "vgg16-narrow", *SMALL_FLAGS)) == 130
    assert "goes on from here" in capsys.readouterr().err


@pytest.mark.parametrize(
    "wrong", [["--folds", "3", "--split", "original"], ["--device", "tpu"], ["--prompts", "poems"]]
)
def test_a_wrong_command_line_is_exit_code_2(wrong: list[str], source: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(command(source, tmp_path, "--contenders", "vgg16-narrow", *wrong))


def test_help_lists_the_contenders(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    output = " ".join(capsys.readouterr().out.split())
    assert all(name in output.replace("- ", "-") for name in REGISTERED)


@needs_flipkart
@needs_real_weights
@pytest.mark.real_data
@pytest.mark.slow
def test_squeezenet_reaches_its_mark_on_the_real_images(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    arguments = command(FLIPKART_FOLDER, tmp_path, "--weights", str(WEIGHTS_FOLDER), "--json", str(report))
    whole = [sys.executable, "-m", "vision.ml", *arguments, "--contenders", "squeezenet1_1", "--folds", "5"]
    subprocess.run(whole, cwd=ROOT, check=True, capture_output=True)
    content = json.loads(report.read_text(encoding="utf-8"))
    assert content["dataset"]["images"] == 1047
    assert sum(problem["kind"] == "missing" for problem in content["dataset"]["problems"]) == 3
    (contender,) = content["contenders"]
    accuracies = [run["test_accuracy"] for run in contender["runs"]]
    assert len(accuracies) == 5
    assert sum(accuracies) / 5 >= 0.78
