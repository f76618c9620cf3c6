"""The page that shows every component with sample data to developers; it exists in development only."""

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
    """Every component once."""
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


CLIENTS = (
    {"number": 100002, "name": "Sample, Alix", "amount": 406597, "probability": 0.274, "advice": "refused"},
    {"number": 100003, "name": "Sample, Béatrice", "amount": 1293502, "probability": 0.031, "advice": "granted"},
    {"number": 100004, "name": "Sample, Côme", "amount": 135000, "probability": 0.083, "advice": "review"},
    {"number": 100007, "name": "Sample, Émile", "amount": 513000, "probability": None},
)
#: Sentence, value, median, effect, and whether it raises the risk.
REASONS = (
    ("External score 3: 0.14 out of 1 (median: 0.54)", "External scores", 0.041, True),
    ("2 of 12 instalments paid late (median: 4%)", "Payment of instalments", 0.019, True),
    ("In the current job for 11 years (median: 4 years)", "Employment", -0.014, False),
    ("Credit equal to the price of the goods", "Credit requested", -0.009, False),
)
FACTS = (("Age", "52 years"), ("Yearly income", "67,500"), ("Owns a car", "yes"), ("Occupation", None))
SELECT = {"name": "sample", "label": "Variable", "groups": [{"label": "Loan", "options": [{"label": "Amount"}]}]}
REASON_LABELS = ["External score 3", "Late instalments", "Length of employment", "Credit to goods"]
HISTOGRAM = Chart(
    id="sample-histogram",
    kind="histogram",
    title="Where this client is",
    conclusion="Seven clients in ten have a lower probability.",
    labels=[bin_ * 0.02 for bin_ in range(13)],
    series=[Series("Clients", [310, 980, 1240, 890, 520, 330, 210, 150, 95, 60, 35, 20], "population")],
    x=Axis("Probability of default", "percent"),
    y=Axis("Clients", "integer"),
    markers=[Marker(0.074, "This client", "client"), Marker(SAMPLE_THRESHOLD, "Threshold", "threshold")],
)
DIVERGING = Chart(
    id="sample-diverging",
    kind="diverging",
    title="What changed this score",
    conclusion="The external score raises the risk most.",
    labels=REASON_LABELS,
    series=[Series("Effect", [0.041, 0.019, -0.014, -0.009], "raises")],
    x=Axis("Effect on the probability, in points", "points"),
    y=Axis("Reason"),
)
RANKING = Chart(
    id="sample-ranking",
    kind="ranking",
    title="This client beside all clients",
    conclusion="Late instalments matter more here than for most clients.",
    labels=REASON_LABELS,
    series=[
        Series("This client", [0.62, 0.31, 0.27, 0.18], "series"),
        Series("All clients", [0.38, 0.12, 0.16, 0.11], "population"),
    ],
    x=Axis("Mean effect, in log-odds"),
    y=Axis("Reason"),
)
LINE = Chart(
    id="sample-line",
    kind="line",
    title="Cost by threshold",
    conclusion="The cost is lowest near 9%.",
    labels=[step / 20 for step in range(11)],
    series=[
        Series("Cost per client", [0.92, 0.56, 0.49, 0.53, 0.59, 0.64, 0.68, 0.71, 0.74, 0.76, 0.78], "series"),
        Series("Grant everyone", [0.807] * 11, "population"),
    ],
    x=Axis("Threshold", "percent"),
    y=Axis("Cost per client"),
    markers=[Marker(SAMPLE_THRESHOLD, "Threshold in force", "threshold")],
)
SCATTER = Chart(
    id="sample-scatter",
    kind="scatter",
    title="Age and income",
    conclusion="This client is among the youngest.",
    series=[
        Series("Clients", tone="population", points=SAMPLE_POINTS),
        Series("This client", tone="client", points=[(26, 202)]),
    ],
    x=Axis("Age, in years", "integer"),
    y=Axis("Yearly income, in thousands", "integer"),
    summary=Table(head=["", "Age", "Income"], rows=[["This client", "26", "202"], ["Median", "44", "147"]]),
)
BAR = Chart(
    id="sample-bar",
    kind="bar",
    title="Default rate by age",
    conclusion="It falls with age.",
    labels=["20–29", "30–39", "40–49", "50–59", "60–69"],
    series=[Series("Default rate", [0.114, 0.095, 0.077, 0.061, 0.049], "series")],
    x=Axis("Age"),
    y=Axis("Default rate", "percent"),
)
SAMPLE_CHARTS = (HISTOGRAM, DIVERGING, RANKING, LINE, SCATTER, BAR)


def sample_context() -> dict[str, object]:
    return {
        "sample_form": SampleForm(),
        "invalid_form": SampleForm({"bad-name": "", "bad-income": "-5", "bad-housing": "rent"}, prefix="bad"),
        "filter_form": SampleFilters(),
        "sample_select": SELECT,
        "threshold": SAMPLE_THRESHOLD,
        "zone_low": SAMPLE_THRESHOLD - 0.015,
        "zone_high": SAMPLE_THRESHOLD + 0.015,
        "clients": CLIENTS,
        "page": Paginator(range(356255), 50).page(7),
        "reasons": REASONS,
        "facts": FACTS,
        "charts": SAMPLE_CHARTS,
        "tabs": [{"label": "Summary", "url": "#", "is_current": True}, {"label": "Reasons", "url": "#"}],
        "tokens": ("paper", "surface", "sunken", "line", "ink", "ink-muted", "accent", "granted", "refused", "review"),
    }
