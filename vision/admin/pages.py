"""What data sets and benchmarks share in the admin."""

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pretadepenser.core.admin_pages import ReadOnlyAdmin, admin_link
from pretadepenser.core.jobs import kind_label
from pretadepenser.core.roles import Permission
from vision.models import BenchmarkRun, ImageDataset


class VisionAdmin(ReadOnlyAdmin):
    permission = Permission.MANAGE_BENCHMARKS

    @admin.display(description=_("job"))
    def job_link(self, row: BenchmarkRun | ImageDataset) -> SafeString | str:
        """The job that made or makes the row."""
        return admin_link(row.job, f"{kind_label(row.job.kind)} {row.job.pk}" if row.job else "")
