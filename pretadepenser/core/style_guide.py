"""The page that shows every component with sample data, for whoever builds pages; it exists in development only."""

from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from pretadepenser.core.charts import Axis, Chart, Marker, Series, Table

SAMPLE_THRESHOLD = 1 / 11
SAMPLE_POINTS = [(25 + 7 * rank * rank % 41, 60 + 13 * rank * rank % 237) for rank in range(80)]


@require_safe
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component once, then two whole pages put together from them."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "core/style_guide.html", sample_context())


class SampleForm(forms.Form):
    name = forms.CharField(label="Name of the employer", help_text="As written on the pay slip.")
    income = forms.IntegerField(label="Yearly income", min_value=0)
    housing = forms.ChoiceField(label="Housing", choices=[("own", "Owner"), ("rent", "Tenant")], required=False)
    agrees = forms.BooleanField(label="The borrower has read the summary", required=False)
    channel = forms.ChoiceField(
        label="Channel", choices=[("desk", "Agency"), ("phone", "Telephone")], widget=forms.RadioSelect, required=False
    )


class SampleFilters(forms.Form):
    decision = forms.ChoiceField(label="Decision", choices=[("", "All"), ("granted", "Granted")], required=False)
    risk = forms.ChoiceField(label="Risk", choices=[("", "All"), ("high", "Above the threshold")], required=False)
    contract = forms.ChoiceField(label="Contract", choices=[("", "All"), ("cash", "Cash loan")], required=False)


@dataclass(frozen=True)
class SampleClient:
    number: int
    name: str
    age_days: int
    credit: int
    probability: float | None
    decision: str


@dataclass(frozen=True)
class SampleReason:
    label: str
    sentence: str
    value: str
    usual: str
    log_odds: float
    effect: float

    @property
    def raises(self) -> bool:
        return self.log_odds > 0


CLIENTS = (
    SampleClient(100002, "Sample, Alix", -9461, 406597, 0.274, "refused"),
    SampleClient(100003, "Sample, Béatrice", -16765, 1293502, 0.031, "granted"),
    SampleClient(100004, "Sample, Côme", -19046, 135000, 0.083, "review"),
    SampleClient(100006, "Sample, Dorothée", -19005, 312682, 0.074, "granted"),
    SampleClient(100007, "Sample, Émile", -19932, 513000, None, ""),
)
REASONS = (
    SampleReason("External score 3", "The external score is lower than most clients'.", "0.14", "0.54", 0.62, 0.041),
    SampleReason("Late instalments", "One instalment in six was paid late.", "17%", "4%", 0.31, 0.019),
    SampleReason("Length of employment", "Eleven years with the same employer.", "11 years", "4 years", -0.27, -0.014),
    SampleReason("Credit to goods", "The loan is close to the price of the goods.", "1.02", "1.12", -0.18, -0.009),
)


def sample_context() -> dict[str, object]:
    invalid = SampleForm({"bad-name": "", "bad-income": "-5", "bad-housing": "rent"}, prefix="bad")
    return {
        "sample_form": SampleForm(),
        "invalid_form": invalid,
        "filter_form": SampleFilters(),
        "threshold": SAMPLE_THRESHOLD,
        "zone_low": SAMPLE_THRESHOLD - 0.015,
        "zone_high": SAMPLE_THRESHOLD + 0.015,
        "clients": CLIENTS,
        "page": Paginator(range(356255), 50).page(7),
        "reasons": REASONS,
        "longest": max(abs(reason.log_odds) for reason in REASONS),
        "charts": sample_charts(),
        "trail": [{"label": "Clients", "url": "#"}],
        "tabs": [
            {"label": "Summary", "url": "#", "is_current": True},
            {"label": "Situation", "url": "#", "is_current": False},
            {"label": "All the reasons", "url": "#", "is_current": False},
            {"label": "This client and the others", "url": "#", "is_current": False},
        ],
        "tokens": ("paper", "surface", "sunken", "line", "ink", "ink-muted", "accent", "granted", "refused", "review"),
    }


def sample_charts() -> list[Chart]:
    """One chart of each kind; the numbers are made up and say so on the page."""
    words = [reason.label for reason in REASONS]
    edges = [bin_ * 0.02 for bin_ in range(13)]
    steps = [step / 20 for step in range(11)]
    return [
        Chart(
            id="sample-histogram", kind="histogram", title="Where this client stands",
            conclusion="Seven clients in ten have a lower probability.", labels=edges,
            series=[Series("Clients", [310, 980, 1240, 890, 520, 330, 210, 150, 95, 60, 35, 20], "population")],
            x=Axis("Probability of default", "percent"), y=Axis("Clients", "integer"),
            markers=[Marker(0.074, "This client", "client"), Marker(SAMPLE_THRESHOLD, "Threshold", "threshold")],
        ),
        Chart(
            id="sample-diverging", kind="diverging", title="What moved this score",
            conclusion="The external score raises the risk most.", labels=words,
            series=[Series("Effect", [reason.effect for reason in REASONS], "raises")],
            x=Axis("Effect on the probability, in points", "points"), y=Axis("Reason"),
        ),
        Chart(
            id="sample-ranking", kind="ranking", title="This client beside everybody",
            conclusion="Late instalments weigh more here than for most clients.", labels=words,
            series=[
                Series("This client", [abs(reason.log_odds) for reason in REASONS], "series"),
                Series("All clients", [0.38, 0.12, 0.16, 0.11], "population"),
            ],
            x=Axis("Mean effect, in log-odds"), y=Axis("Reason"),
        ),
        Chart(
            id="sample-line", kind="line", title="Cost by threshold", conclusion="The cost is lowest near 9%.",
            labels=steps,
            series=[
                Series("Cost per client", [0.92, 0.56, 0.49, 0.53, 0.59, 0.64, 0.68, 0.71, 0.74, 0.76, 0.78], "series"),
                Series("Grant everybody", [0.807] * 11, "population"),
            ],
            x=Axis("Threshold", "percent"), y=Axis("Cost per client"),
            markers=[Marker(SAMPLE_THRESHOLD, "Threshold in use", "threshold")],
        ),
        Chart(
            id="sample-scatter", kind="scatter", title="Age and income",
            conclusion="This client is among the youngest.",
            series=[
                Series("Clients", tone="population", points=SAMPLE_POINTS),
                Series("This client", tone="client", points=[(26, 202)]),
            ],
            x=Axis("Age, in years", "integer"), y=Axis("Yearly income, in thousands", "integer"),
            summary=Table(head=["", "Age", "Income"], rows=[["This client", "26", "202"], ["Median", "44", "147"]]),
        ),
        Chart(
            id="sample-bar", kind="bar", title="Default rate by age", conclusion="It falls with age.",
            labels=["20–29", "30–39", "40–49", "50–59", "60–69"],
            series=[Series("Default rate", [0.114, 0.095, 0.077, 0.061, 0.049], "series")],
            x=Axis("Age"), y=Axis("Default rate", "percent"),
        ),
    ]  # fmt: skip
