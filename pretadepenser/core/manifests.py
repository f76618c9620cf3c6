"""What each application declares to the kernel in the ``MANIFEST`` of its ``manifest.py``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string, module_has_submodule
from prometheus_client import Metric

from pretadepenser.core.roles import Permission

Text = str | Promise


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A page of the navigation bar, shown to users who hold ``permission``."""

    label: Text
    url_name: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class ObjectType:
    """What the journal calls objects of a type; ``url_name`` is the page that shows one by its id, if any."""

    label: Text
    url_name: str = ""

    def url(self, object_id: str) -> str:
        """The object's page; empty when it has none."""
        try:
            return reverse(self.url_name, args=[int(object_id)]) if self.url_name else ""
        except (NoReverseMatch, ValueError):
            return ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """Journal sentences are keyed by ``AuditEvent.action`` and follow the actor's name on the page.

    Object types are keyed by ``AuditEvent.object_type``, admin permissions by "app_label.model". ``job_results`` puts
    the result of a job into lines for its page, keyed by the kind's name.
    ``metrics`` are read, with their queries, whenever Prometheus asks.
    """

    navigation: Sequence[NavigationEntry]
    journal_sentences: Mapping[str, Text]
    object_types: Mapping[str, ObjectType]
    admin_permissions: Mapping[str, Permission]
    metrics: Sequence[Callable[[], Iterable[Metric]]] = ()
    job_results: Mapping[str, Callable[[Mapping[str, object]], Iterable[str]]] = field(default_factory=dict)


@cache
def site_manifest() -> Manifest:
    """The manifests of all installed applications as one; the kernel's navigation comes last."""
    kernel, *others = (
        import_string(f"{app.name}.manifest.MANIFEST")
        for app in apps.get_app_configs()
        if module_has_submodule(app.module, "manifest")
    )
    manifests = (kernel, *others)
    return Manifest(
        navigation=[entry for manifest in (*others, kernel) for entry in manifest.navigation],
        journal_sentences={key: text for manifest in manifests for key, text in manifest.journal_sentences.items()},
        object_types={key: kind for manifest in manifests for key, kind in manifest.object_types.items()},
        admin_permissions={key: need for manifest in manifests for key, need in manifest.admin_permissions.items()},
        metrics=[metrics for manifest in manifests for metrics in manifest.metrics],
        job_results={kind: lines for manifest in manifests for kind, lines in manifest.job_results.items()},
    )
