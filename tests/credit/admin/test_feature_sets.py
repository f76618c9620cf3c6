"""The import of clients from the admin."""

from pathlib import Path

import pytest
from django.test import Client as Browser
from django.urls import reverse

from pretadepenser.core.models import Job
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def roots(settings, tmp_path: Path) -> Path:
    allowed = tmp_path / "allowed"
    (allowed / "tables").mkdir(parents=True)
    (allowed / "more").mkdir()
    (tmp_path / "secret").mkdir()
    (allowed / "link").symlink_to(tmp_path / "secret")
    settings.IMPORT_ROOTS = [allowed]
    return allowed


@pytest.fixture
def administrator(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.administrator)
    return client


def address() -> str:
    return reverse("admin:credit_featureset_import")


def test_the_list_leads_to_the_form_and_the_form_names_the_roots(administrator: Browser, roots: Path) -> None:
    assert address() in administrator.get(reverse("admin:credit_featureset_changelist")).content.decode()
    assert str(roots) in administrator.get(address()).content.decode()


def test_a_valid_form_asks_for_the_job_and_leads_to_its_page(administrator: Browser, cast: Cast, roots: Path) -> None:
    data = {"folder": "tables", "more": f"{roots / 'more'}\n\n", "agency": cast.agency.pk}

    response = administrator.post(address(), data)

    job = Job.objects.get()
    assert response.url == reverse("admin:core_job_change", args=[job.pk])
    assert administrator.get(response.url).status_code == 200
    assert job.created_by == cast.administrator
    assert job.arguments == {"folders": [str(roots / "tables"), str(roots / "more")], "agency": cast.agency.name}


@pytest.mark.parametrize("folder", ["", "nowhere", "../secret", "link", "/", "x" * 400, "nul\0byte"])
def test_folders_outside_the_roots_are_refused(administrator: Browser, roots: Path, folder: str) -> None:
    response = administrator.post(address(), {"folder": folder})

    assert response.status_code == 422
    assert response.context["form"].errors
    assert not Job.objects.exists()


def test_a_folder_named_twice_is_refused_on_the_form(administrator: Browser, roots: Path) -> None:
    response = administrator.post(address(), {"folder": "tables", "more": "tables"})

    assert response.context["form"].non_field_errors()
    assert not Job.objects.exists()


@pytest.mark.parametrize("person", ["advisor", "supervisor", "auditor"])
def test_only_administrators_import(client: Browser, cast: Cast, roots: Path, person: str) -> None:
    client.force_login(getattr(cast, person))

    assert client.post(address(), {"folder": "tables"}).status_code in (302, 403)
    assert not Job.objects.exists()


def test_asking_with_get_imports_nothing(administrator: Browser, roots: Path) -> None:
    administrator.get(address(), {"folder": "tables"})

    assert not Job.objects.exists()
