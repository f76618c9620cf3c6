"""The vision application's job kinds."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from pretadepenser.core.jobs import JobKind

IMPORT_IMAGES: Final = JobKind(name="vision.import_images", label=_("Image import"))
RUN_BENCHMARK: Final = JobKind(name="vision.run_benchmark", label=_("Vision benchmark"), queue="gpu")
# Not on the gpu queue, where a benchmark may block it for an hour: one image takes a CPU one second.
TRY_IMAGE: Final = JobKind(name="vision.try_image", label=_("Image classification"), queue="images")
