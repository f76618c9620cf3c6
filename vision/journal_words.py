"""What the journal says of data sets and benchmarks."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from pretadepenser.core.journal.words import Text, ThingWords

#: Each is told of a person whose name stands before it.
SENTENCES: Final[dict[str, Text]] = {
    "dataset.imported": _("Imported a data set of images"),
    "dataset.described": _("Described the classes of a data set"),
    "dataset.deleted": _("Deleted a data set of images"),
    "benchmark.requested": _("Launched a benchmark"),
    "benchmark.retried": _("Launched a benchmark again"),
    "benchmark.finished": _("Finished a benchmark"),
    "trial.requested": _("Tried an image on trained contenders"),
}
THINGS: Final[dict[str, ThingWords]] = {
    "imagedataset": ThingWords(_("data set")),
    "benchmarkrun": ThingWords(_("benchmark"), "vision:run"),
}
