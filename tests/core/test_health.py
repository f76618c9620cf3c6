import pytest
from django.test import Client


@pytest.mark.django_db
def test_probes_answer_without_signing_in(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "database": True, "redis": True}


@pytest.mark.django_db
def test_readiness_names_the_service_that_is_away(client: Client, settings) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": True, "redis": False}
