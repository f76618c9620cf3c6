"""What the web process and an idle worker have loaded: no library that takes seconds and hundreds of megabytes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("torch", "torchvision", "transformers", "shap", "numba")
SITE = "import pretadepenser.wsgi; from django.urls import get_resolver; get_resolver().url_patterns"
TASKS = "import worker.tasks.core, worker.tasks.bodies"


@pytest.mark.parametrize(
    ("program", "unwanted"), [(SITE, (*HEAVY, "credit.jobs", "vision.jobs")), (TASKS, HEAVY)], ids=["web", "worker"]
)
def test_a_process_starts_without_what_it_does_not_need(program: str, unwanted: tuple[str, ...]) -> None:
    source = (
        f"import django, sys; django.setup(); {program}; print([name for name in {unwanted} if name in sys.modules])"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "pretadepenser.settings", "SECRET_KEY": "of-a-test"}
    result = subprocess.run(
        [sys.executable, "-c", source], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
