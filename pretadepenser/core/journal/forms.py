"""The filters of the journal."""

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.days import DayField
from pretadepenser.core.journal.selectors import JournalQuery
from pretadepenser.core.manifests import Text, site_manifest
from pretadepenser.core.models import Agency, User

ANY = ("", _("All"))


class JournalForm(forms.Form):
    """Invalid filters are refused, not dropped: an auditor must not mistake all events for a selection."""

    person = forms.ModelChoiceField(label=_("By"), required=False, queryset=User.objects.all(), empty_label=_("All"))
    action = forms.ChoiceField(label=_("Action"), required=False)
    thing = forms.ChoiceField(label=_("About"), required=False)
    number = forms.CharField(label=_("Its number"), required=False, max_length=40)
    agency = forms.ModelChoiceField(
        label=_("Agency"), required=False, queryset=Agency.objects.all(), empty_label=_("All")
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To (included)"), required=False)

    def __init__(self, data: dict[str, str]) -> None:
        super().__init__(data)
        manifest = site_manifest()
        self._choices("action").choices = [ANY, *manifest.journal_sentences.items()]
        self._choices("thing").choices = [ANY, *((name, kind.label) for name, kind in manifest.object_types.items())]

    def _choices(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        return field

    def clean(self) -> dict[str, object]:
        chosen: dict[str, object] = super().clean() or {}
        if chosen.get("thing") and not chosen.get("number"):
            self._missing("number", _("Give the number of what you look for."))
        if chosen.get("number") and not chosen.get("thing"):
            self._missing("thing", _("Choose what the number belongs to."))
        return chosen

    def _missing(self, field: str, sentence: Text) -> None:
        if field not in self.errors:
            self.add_error(field, str(sentence))

    def query(self) -> JournalQuery:
        """The query of a valid form."""
        chosen = self.cleaned_data
        return JournalQuery(
            actor_id=chosen["person"].pk if chosen["person"] else None,
            action=chosen["action"],
            object_type=chosen["thing"],
            object_id=chosen["number"],
            agency_id=chosen["agency"].pk if chosen["agency"] else None,
            since=_midnight(chosen["since"]) if chosen["since"] else None,
            until=_midnight(chosen["until"] + timedelta(days=1)) if chosen["until"] else None,
        )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
