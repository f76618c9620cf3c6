"""What the vision application declares to the kernel: navigation, journal words and admin permissions."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from pretadepenser.core.manifests import Manifest, NavigationEntry, ObjectType
from pretadepenser.core.roles import Permission

MANIFEST: Final = Manifest(
    navigation=(NavigationEntry(_("Benchmarks"), "vision:run_list", Permission.VIEW_BENCHMARKS),),
    journal_sentences={
        "dataset.imported": _("Imported an image data set"),
        "dataset.described": _("Described the classes of a data set"),
        "dataset.deleted": _("Deleted an image data set"),
        "benchmark.requested": _("Launched a benchmark"),
        "benchmark.retried": _("Launched a benchmark again"),
        "benchmark.finished": _("Finished a benchmark"),
        "trial.requested": _("Tried an image on trained contenders"),
    },
    object_types={
        "imagedataset": ObjectType(_("data set")),
        "benchmarkrun": ObjectType(_("benchmark"), "vision:run"),
    },
    admin_permissions={
        "vision.imagedataset": Permission.MANAGE_BENCHMARKS,
        "vision.benchmarkrun": Permission.MANAGE_BENCHMARKS,
        "vision.contenderresult": Permission.MANAGE_BENCHMARKS,
    },
)
