"""The measurements at /metrics."""

import re
from pathlib import Path

import pytest
from django.test import Client

from pretadepenser.core.jobs import create_job
from pretadepenser.core.models import SYSTEM
from tests.running.jobs import STEPS

pytestmark = pytest.mark.django_db
MONITORING = Path(__file__).resolve().parents[2] / "containers/monitoring"


def read(client: Client, key: str) -> str:
    response = client.get("/metrics", headers={"Authorization": f"Bearer {key}"})
    assert response.status_code == 200
    return response.content.decode()


def test_without_a_key_of_the_site_there_is_no_such_address(client: Client, settings) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_KEY = "right"
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404


def test_jobs_are_counted_by_kind_and_status(client: Client, settings) -> None:
    settings.METRICS_KEY = "right"
    create_job(STEPS, arguments={}, by=SYSTEM)
    text = read(client, "right")
    assert f'jobs{{kind="{STEPS.name}",status="queued"}} 1.0' in text
    assert re.search(r"^job_oldest_queued_seconds \d", text, re.MULTILINE)
    assert "credit_clients 0.0" in text


def test_alerts_and_dashboard_name_measurements_that_exist(client: Client, settings) -> None:
    settings.METRICS_KEY = "right"
    exported = set(re.findall(r"^# TYPE (\w+)", read(client, "right"), re.MULTILINE))
    exported |= {"credit_model_suspended", "credit_population_store_age_seconds"}  # of a site with a model and a store
    exported |= {f"http_request_seconds_{part}" for part in ("bucket", "count", "sum")}
    for name in ("alerts.yml", "dashboard.json"):
        text = (MONITORING / name).read_text()
        named = set(re.findall(r"\b(?:http_request_seconds|jobs?|credit)_\w+|\bjobs(?=\{)", text))
        assert len(named) > 4
        assert named <= exported
