"""The token behind a key, read by one prepared query."""

import pytest

from pretadepenser.core import tokens
from pretadepenser.core.models import Actor, ApiToken, User
from pretadepenser.core.selectors import token_of_key
from tests.builders.people import Cast

pytestmark = pytest.mark.django_db


def a_key(user: User) -> str:
    return tokens.create_token(user=user, name="x", scopes=["clients:read"], days=1, by=Actor(user))[1]


def columns(row: ApiToken | User) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_it_is_the_token_that_django_would_read_with_its_user_and_agency(cast: Cast, django_assert_num_queries) -> None:
    key, key_of_all = a_key(cast.advisor), a_key(cast.auditor)
    with django_assert_num_queries(1):
        token = token_of_key(key)
        assert token is not None
        assert token.user.agency == cast.agency
        assert token.user.agency.name == "Paris"
    stored = ApiToken.objects.get(pk=token.pk)
    assert (columns(token), columns(token.user)) == (columns(stored), columns(stored.user))
    without_agency = token_of_key(key_of_all)
    assert without_agency is not None
    assert without_agency.user.agency is None


def test_a_token_can_be_written_like_any_row(cast: Cast) -> None:
    token = token_of_key(a_key(cast.advisor))
    assert token is not None
    tokens.revoke_token(token=token, by=Actor(token.user))
    assert ApiToken.objects.get(pk=token.pk).revoked_at is not None


def test_nobody_has_an_unknown_key() -> None:
    assert token_of_key("pad_unknown") is None
    assert token_of_key("") is None
    assert token_of_key("pad_é\x00") is None
