"""The kinds of work that the vision application asks of workers."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from pretadepenser.core.jobs import JobKind

IMPORT_IMAGES: Final = JobKind(name="vision.import_images", label=_("Import of images"))
RUN_BENCHMARK: Final = JobKind(name="vision.run_benchmark", label=_("Vision benchmark"), queue="gpu")
# Not on the gpu queue, where a benchmark may keep it waiting for an hour: one image costs a processor a second.
TRY_IMAGE: Final = JobKind(name="vision.try_image", label=_("Classification of one image"))
