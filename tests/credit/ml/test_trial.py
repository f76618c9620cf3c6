"""Texts from outside are run in a process that may die: nothing gets further that LightGBM reads otherwise than we."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from credit.ml.model import InvalidModel, trial
from tests.builders.lightgbm_models import model_text

ROOT = Path(__file__).resolve().parents[3]
#: Mutates lines of a text at random; whatever the reader lets through is loaded and run, here, in this process.
FUZZ = """
import random, sys
from credit.ml.model import InvalidModel, load_model
from credit.ml.model.trial import _try
text, mutants = sys.stdin.read(), int(sys.argv[1])
lines, generator, outcomes = text.split("\\n"), random.Random(int(sys.argv[2])), {}
last = lines.index("end of trees") + 1
for number in range(mutants):
    changed = list(lines)
    for _ in range(generator.choice([1, 1, 1, 2])):
        place = generator.randrange(min(last, len(changed)))
        name, equals, value = changed[place].partition("=")
        words = value.split(" ")
        word = generator.randrange(len(words))
        match generator.randrange(7):
            case 0: words[word] = generator.choice("-1 0 1 7 99999 1e9 -2147483648 nan inf".split())
            case 1: words.pop(word)
            case 2: words.insert(word, words[word])
            case 3: generator.shuffle(words)
            case 4: words = [words[word]]
            case 5: name, equals, words = "", "", changed[generator.randrange(len(changed))].split(" ")
            case 6: words[word] = words[word][: generator.randrange(len(words[word]) + 1)]
        changed[place] = name + equals + " ".join(words)
    head, trees = "\\n".join(changed).split("\\n\\nTree=", 1) if "\\n\\nTree=" in "\\n".join(changed) else ("", "")
    if generator.random() < 0.8 and head:  # else the sizes of the trees are wrong already
        blocks = ("Tree=" + trees).partition("end of trees")[0].split("\\nTree=")
        sizes = [len(b) + 5 * (n > 0) + (n < len(blocks) - 1) for n, b in enumerate(blocks)]
        head = "\\n".join(
            f"tree_sizes={' '.join(map(str, sizes))}" if h.startswith("tree_sizes=") else h for h in head.split("\\n")
        )
        changed = [head, "", "Tree=" + trees]
    try:
        _try(load_model("\\n".join(changed)))
        outcome = "equal"
    except InvalidModel as error:
        outcome = error.code
    outcomes[outcome] = outcomes.get(outcome, 0) + 1
print(outcomes)
"""


def test_mutated_texts_are_refused_or_read_as_lightgbm_reads_them() -> None:
    text = model_text(rows=500, rounds=4, num_leaves=6)
    done = subprocess.run(
        [sys.executable, "-c", FUZZ, "250", "1"], cwd=ROOT, input=text, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "malformed_tree" in done.stdout
    assert "equal" in done.stdout
    assert "other_numbers" not in done.stdout


def test_a_sound_text_passes_and_a_wrong_one_is_named_from_the_other_process() -> None:
    trial.check_by_trial(model_text(rounds=3))
    with pytest.raises(InvalidModel) as caught:
        trial.check_by_trial("tree\n")
    assert caught.value.code == "truncated"


@pytest.mark.parametrize(
    ("command", "code", "detail"),
    [
        ("kill -SEGV $$", "crashes", "SIGSEGV"),
        ("kill -ABRT $$", "crashes", "SIGABRT"),
        ("kill -XCPU $$", "too_slow", "120 s"),
        ("exit 1", "crashes", "exit 1"),
    ],
)
def test_a_process_that_dies_is_a_refusal(monkeypatch, tmp_path: Path, command: str, code: str, detail: str) -> None:
    dying = tmp_path / "python"
    dying.write_text(f"#!/bin/sh\ncat > /dev/null\n{command}\n")
    dying.chmod(0o700)
    monkeypatch.setattr(sys, "executable", os.fspath(dying))
    with pytest.raises(InvalidModel) as caught:
        trial.check_by_trial(f"a text that ends in {command}")
    assert (caught.value.code, caught.value.detail) == (code, detail)
