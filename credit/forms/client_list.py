"""The filters of the client list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from credit.ml.advice import Advice
from credit.selectors.clients import SORTS, ClientListQuery
from pretadepenser.core.models import Agency

ANY = ("", _("All"))
DEFAULT_SORT = "name"


class ClientListForm(forms.Form):
    """The filters of the client list; search, order and page are other parameters of the address."""

    advice = forms.ChoiceField(
        label=_("Model's advice"),
        required=False,
        choices=[
            ANY,
            (Advice.GRANTED, _("Granted")),
            (Advice.REVIEW, _("To review")),
            (Advice.REFUSED, _("Refused")),
        ],
    )
    contract = forms.ChoiceField(
        label=_("Contract type"),
        required=False,
        choices=[ANY, ("Cash loans", _("Cash loan")), ("Revolving loans", _("Revolving credit"))],
    )
    agency = forms.ModelChoiceField(
        label=_("Agency"), required=False, queryset=Agency.objects.all(), empty_label=_("All")
    )

    def __init__(self, data: dict[str, str], *, sees_every_agency: bool) -> None:
        super().__init__(data)
        if not sees_every_agency:
            del self.fields["agency"]

    def query(self) -> ClientListQuery:
        """The query; what is wrong counts as left empty, so that an old or mistyped address still opens."""
        self.full_clean()
        chosen = self.cleaned_data
        sort = self.data.get("sort", "")
        is_known = sort.removeprefix("-") in SORTS
        page = self.data.get("page", "")
        return ClientListQuery(
            text=self.search_text,
            advice=Advice(chosen["advice"]) if chosen.get("advice") else None,
            contract_type=chosen.get("contract", ""),
            agency_id=chosen["agency"].pk if chosen.get("agency") else None,
            sort=sort.removeprefix("-") if is_known else DEFAULT_SORT,
            is_descending=is_known and sort.startswith("-"),
            page=int(page) if page.isascii() and page.isdecimal() and len(page) < 9 else 1,
        )

    @property
    def search_text(self) -> str:
        """What is searched for: at most 100 characters, without those that PostgreSQL refuses."""
        return str(self.data.get("q", "")).replace("\0", "").strip()[:100]

    @property
    def is_filtering(self) -> bool:
        return bool(self.search_text) or any(self.cleaned_data.values())
