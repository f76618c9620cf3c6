import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from credit.models import Client, Score
from credit.selectors.clients import raw_application
from pretadepenser.core.models import Job
from tests.builders.people import Cast
from tests.builders.simulations import World
from tests.credit.services.test_clients import COMPLETE

pytestmark = pytest.mark.django_db

TYPED = {
    "first_name": "Zoé",
    "last_name": "Blanc",
    "NAME_CONTRACT_TYPE": "Cash loans",
    "AMT_CREDIT": "250000",
    "AMT_ANNUITY": "12500",
    "AMT_GOODS_PRICE": "225000",
    "AMT_INCOME_TOTAL": "150000",
    "DAYS_EMPLOYED": "4.5",
    "DAYS_BIRTH": "35",
    "NAME_FAMILY_STATUS": "Married",
    "NAME_EDUCATION_TYPE": "Higher education",
}


@pytest.fixture
def browser(client: Browser, cast: Cast) -> Browser:
    client.force_login(cast.advisor)
    return client


def fields(html: str) -> dict[str, str]:
    """What a browser would send of the page's main form without any change."""
    form = re.search(r"<form[^>]*novalidate data-submit-once\s+hx-post.*?</form>", html, re.DOTALL)[0]
    sent = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if 'type="checkbox"' not in tag or " checked" in tag:
            sent[name[1]] = unescape(value[1]) if value else "on" if "checkbox" in tag else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = unescape(chosen[1]) if chosen else ""
    sent.pop("csrfmiddlewaretoken")
    return sent


def test_a_file_is_made_from_what_was_typed_and_a_score_is_asked_for(
    browser: Browser, world: World, cast: Cast
) -> None:
    response = browser.post("/clients/new/", TYPED)
    client = Client.objects.get(last_name="Blanc")
    assert response["Location"] == f"/clients/{client.pk}/"
    application = raw_application(client)
    assert (application["DAYS_BIRTH"], application["DAYS_EMPLOYED"]) == (-12784, -1644)
    assert application["CODE_GENDER"] is application["EXT_SOURCE_2"] is None
    assert Job.objects.get().arguments["client"] == client.pk


def test_the_form_never_asks_for_sex(browser: Browser, world: World) -> None:
    for url in ("/clients/new/", f"/clients/{world.clients[0].pk}/edit/"):
        html = browser.get(url).content.decode()
        assert "CODE_GENDER" not in html
        assert "Maternity" not in html


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"AMT_CREDIT": ""}, "AMT_CREDIT"),
        ({"AMT_CREDIT": "0"}, "AMT_CREDIT"),
        ({"AMT_CREDIT": "cent mille"}, "AMT_CREDIT"),
        ({"DAYS_BIRTH": "30", "DAYS_EMPLOYED": "40"}, "DAYS_EMPLOYED"),
        ({"REGION_RATING_CLIENT": "0"}, "REGION_RATING_CLIENT"),
        ({"DAYS_BIRTH": "12"}, "DAYS_BIRTH"),
        ({"EXT_SOURCE_1": "1.5"}, "EXT_SOURCE_1"),
        ({"AMT_ANNUITY": "1e999"}, "AMT_ANNUITY"),
        ({"CNT_FAM_MEMBERS": "0"}, "CNT_FAM_MEMBERS"),
        ({"NOT_EMPLOYED": "on"}, "DAYS_EMPLOYED"),
        ({"first_name": "x" * 81}, "first_name"),
    ],
)
def test_a_wrong_value_is_reported_at_its_field_and_the_rest_is_kept(
    browser: Browser, world: World, change: dict[str, str], field: str
) -> None:
    response = browser.post("/clients/new/", TYPED | change)
    html = unescape(response.content.decode())
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in html
    assert f'<li><a href="#id_{field}">' in html
    assert 'value="Blanc"' in html
    assert not Client.objects.filter(last_name="Blanc").exists()


def test_too_little_is_kept_without_a_score_and_the_file_says_why(browser: Browser, world: World) -> None:
    browser.post("/clients/new/", {"AMT_CREDIT": "100000", "last_name": "Blanc"})
    client = Client.objects.get(last_name="Blanc")
    assert not Job.objects.exists()
    html = unescape(browser.get(f"/clients/{client.pk}/").content.decode())
    assert "1 sur 12" in html or "1 of 12" in html
    assert "explanation/request" not in html


def test_the_completeness_follows_what_is_typed(browser: Browser) -> None:
    html = unescape(browser.post("/clients/new/completeness/", TYPED).content.decode())
    assert "<html" not in html
    assert "8 of 12" in html or "8 sur 12" in html
    assert "1e999" not in browser.post("/clients/new/completeness/", {"AMT_CREDIT": "1e999"}).content.decode()


def test_sending_an_open_file_back_changes_nothing(browser: Browser, world: World) -> None:
    for client in world.clients[:10]:
        sent = fields(browser.get(f"/clients/{client.pk}/edit/").content.decode())
        assert browser.post(f"/clients/{client.pk}/edit/", sent).status_code == 302
        client.refresh_from_db()
        assert client.version == 1
        assert Score.objects.filter(client=client).exists()


def test_one_change_changes_one_column(browser: Browser, world: World) -> None:
    client = world.clients[0]
    before = raw_application(client)
    url = f"/clients/{client.pk}/edit/"
    browser.post(url, fields(browser.get(url).content.decode()) | {"AMT_INCOME_TOTAL": "99000"})
    client.refresh_from_db()
    after = raw_application(client)
    assert {name for name in after if after[name] != before[name]} == {"AMT_INCOME_TOTAL"}


def test_the_second_of_two_people_loses_nothing(browser: Browser, world: World, cast: Cast) -> None:
    """The advisor changes the income, the supervisor meanwhile the amount: both changes end in the file."""
    client = world.clients[0]
    url = f"/clients/{client.pk}/edit/"
    opened = fields(browser.get(url).content.decode())
    other = Browser()
    other.force_login(cast.supervisor)
    other.post(url, fields(other.get(url).content.decode()) | {"AMT_CREDIT": "123000", "last_name": "Neuf"})

    second = browser.post(url, opened | {"AMT_INCOME_TOTAL": "99000"})
    html = unescape(second.content.decode())
    assert second.status_code == 409
    changes = re.findall(
        r'<td data-label="[^"]+"><div>([^<]*)</div></td><td data-label="[^"]+"><div>([^<]*)</div></td>', html
    )
    assert {now for _before, now in changes} == {"123\u202f000", "Neuf"}
    merged = fields(html)
    assert (merged["AMT_CREDIT"], merged["AMT_INCOME_TOTAL"], merged["version"]) == ("123\u202f000", "99\u202f000", "2")
    assert browser.post(url, merged).status_code == 302
    client.refresh_from_db()
    application = raw_application(client)
    assert (application["AMT_CREDIT"], application["AMT_INCOME_TOTAL"]) == (123_000.0, 99_000.0)
    assert (client.last_name, client.version) == ("Neuf", 3)


def upload(browser: Browser, content: bytes):
    return browser.post("/clients/new/file/", {"file": SimpleUploadedFile("a.csv", content)})


def test_a_csv_adds_all_its_clients(browser: Browser, world: World) -> None:
    names = ",".join(COMPLETE)
    line = ",".join(str(value) for value in COMPLETE.values())
    response = upload(browser, f"SK_ID_CURR,LAST_NAME,{names}\n,Null,{line}\n900001,007,{line}\n".encode())
    assert response["Location"] == "/clients/?sort=-id"  # the new files first
    made = Client.objects.filter(last_name__in=["Null", "007"]).order_by("last_name")
    assert [client.pk for client in made] == [900_001, 900_002]


def test_pasted_lines_are_a_csv(browser: Browser, world: World) -> None:
    response = browser.post("/clients/new/file/", {"lines": "LAST_NAME;AMT_CREDIT\nBlanc;1000,5"})
    assert response["Location"] == f"/clients/{Client.objects.get(last_name='Blanc').pk}/"


def test_one_wrong_line_and_nothing_is_saved(browser: Browser, world: World) -> None:
    count = Client.objects.count()
    response = upload(browser, b"LAST_NAME,AMT_CREDIT\nBlanc,1000\nNoir,inf\nGris,\nVert,0\n")
    html = unescape(response.content.decode())
    assert response.status_code == 422
    assert "AMT_CREDIT" in html
    assert Client.objects.count() == count
    assert re.findall(r"<li>Ligne (\d), colonne AMT_CREDIT", html) == ["3", "4", "5"]


@pytest.mark.parametrize(
    "sent", [{}, {"lines": "AMT_CREDIT\n1", "file": SimpleUploadedFile("a.csv", b"AMT_CREDIT\n1\n")}]
)
def test_an_upload_is_a_file_or_lines(browser: Browser, sent: dict) -> None:
    assert browser.post("/clients/new/file/", sent).status_code == 422
    assert not Client.objects.exists()


def test_a_large_file_is_refused(browser: Browser) -> None:
    assert "5" in upload(browser, b"AMT_CREDIT\n" + b"1\n" * (3 * 2**20)).content.decode()
    assert not Client.objects.exists()
