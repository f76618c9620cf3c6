"""The state of the portfolio and the model, measured for Prometheus. Counts only."""

from collections.abc import Iterable

from django.db.models import Count
from django.utils import timezone
from prometheus_client import Metric

from credit.models import Client, Decision, MonitoringReport, PopulationStore, ReviewRequest
from credit.selectors.model_versions import active_model
from pretadepenser.core.metrics import gauge


def credit_metrics() -> Iterable[Metric]:
    yield gauge("credit_clients", "Files of clients.", [((), Client.objects.count())])
    rows = Decision.objects.order_by().values_list("outcome", "advice", "status").annotate(n=Count("pk"))
    decisions = (((outcome, advice, status), n) for outcome, advice, status, n in rows)
    labels = ("outcome", "advice", "status")
    yield gauge("credit_decisions", "Decisions by outcome, the model's advice and status.", decisions, labels)
    model = active_model()
    if model is not None:
        yield gauge("credit_model", "The model in use.", [((str(model.pk),), 1)], ["version"])
        yield gauge("credit_model_suspended", "Whether it is suspended.", [((), float(model.suspended_at is not None))])
    if (store := PopulationStore.objects.filter(is_current=True).first()) is not None:
        age = (timezone.now() - store.created_at).total_seconds()
        yield gauge("credit_population_store_age_seconds", "Age of the store behind comparisons.", [((), age)])
    newest = MonitoringReport.objects.order_by("kind", "-created_at").distinct("kind")
    alerts = [((kind,), number) for kind, number in newest.values_list("kind", "alerts")]
    yield gauge("credit_monitoring_alerts", "Alerts of the newest report.", alerts, ["kind"])
    overdue = ReviewRequest.objects.filter(closed_at=None, due_on__lt=timezone.localdate()).count()
    yield gauge("credit_reviews_overdue", "Requests for review past their due date.", [((), overdue)])
