"""What importing the application costs: no model is fitted or loaded, and the web process needs no worker library.

Nor does it load LightGBM, with all that this brings, before it predicts something.
"""

import subprocess
import sys
from pathlib import Path

from tests.builders.lightgbm_models import model_text

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import os, pathlib, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "pretadepenser.settings"
import lightgbm

def refuse(*arguments, **names):
    raise AssertionError("a model is fitted or loaded at import")

lightgbm.train = lightgbm.Booster.__init__ = lightgbm.Dataset.construct = refuse
import django
django.setup()
import pretadepenser.urls, credit
heavy = {"shap", "numba", "torch", "transformers"}
files = sorted(pathlib.Path(credit.__path__[0]).rglob("*.py"))
dotted = [".".join(path.relative_to(pathlib.Path.cwd()).with_suffix("").parts) for path in files]
names = [name.removesuffix(".__init__") for name in dotted]
worker_only = ("credit.jobs", "credit.ml.treeshap")
for name in names:
    if not name.startswith(worker_only):
        __import__(name)
print("web:", sorted(heavy & set(sys.modules)), sum(name in sys.modules for name in names))
for name in names:
    __import__(name)
import worker.tasks.credit
print("all:", all(name in sys.modules for name in names))
"""
WEB_PROGRAM = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "pretadepenser.settings"
import pretadepenser.wsgi, pretadepenser.urls
from credit.ml.model import load_model
brought = {"lightgbm", "sklearn", "scipy", "pandas"}
print("started:", sorted(brought & set(sys.modules)))
load_model(sys.stdin.read()).booster
print("predicts:", "lightgbm" in sys.modules)
"""


def test_importing_every_module_fits_and_loads_no_model_and_the_web_process_needs_no_worker_library() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    web, everything = done.stdout.splitlines()
    assert web.startswith("web: [] ")
    assert int(web.rpartition(" ")[2]) > 40
    assert everything == "all: True"


def test_a_web_process_starts_without_lightgbm_and_imports_it_to_predict() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WEB_PROGRAM], cwd=ROOT, input=model_text(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["started: []", "predicts: True"]
